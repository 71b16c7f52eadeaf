// SPDX-License-Identifier: Apache-2.0
#include "base/log.h"

#include <atomic>
#include <cstdio>

#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

#include "base/text.h"

namespace resolute::log {
namespace {

std::atomic<Level> g_level{Level::off};

spdlog::logger& logger() {
    // One logger for the process; the line is serialised here because spdlog's JSON pattern escapes nothing.
    static const auto instance = [] {
        auto made = spdlog::stderr_logger_mt("resolute");
        made->set_pattern("{\"at\":\"%Y-%m-%dT%H:%M:%S.%eZ\",\"level\":\"%l\",%v}", spdlog::pattern_time_type::utc);
        made->set_level(spdlog::level::debug);
        return made;
    }();
    return *instance;
}

void append_quoted(std::string& line, std::string_view value) {
    line += '"';
    for (const char c : text::to_valid_utf8(value)) {
        if (c == '"' || c == '\\') {
            line += '\\';
            line += c;
        } else if (static_cast<unsigned char>(c) < 0x20) {
            char escaped[8];
            std::snprintf(escaped, sizeof escaped, "\\u%04x", static_cast<unsigned>(c));
            line += escaped;
        } else {
            line += c;
        }
    }
    line += '"';
}

}  // namespace

Field kv(std::string_view key, std::string_view value) { return {std::string(key), std::string(value)}; }
Field kv(std::string_view key, std::int64_t value) { return {std::string(key), std::to_string(value)}; }

void configure(Level level) { g_level = level; }

void write(Level level, std::string_view message, std::initializer_list<Field> fields) {
    if (level < g_level.load(std::memory_order_relaxed)) return;
    std::string line = "\"message\":";
    append_quoted(line, message);
    for (const Field& field : fields) {
        line += ',';
        append_quoted(line, field.key);
        line += ':';
        append_quoted(line, field.value);
    }
    constexpr spdlog::level::level_enum kLevels[] = {spdlog::level::debug, spdlog::level::info, spdlog::level::warn,
                                                     spdlog::level::err, spdlog::level::off};
    logger().log(kLevels[static_cast<int>(level)], spdlog::string_view_t(line.data(), line.size()));
}

}  // namespace resolute::log
