// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>

namespace resolute::log {

enum class Level { debug, info, warning, error, off };

/// One field of a log line. Never a mail's text, a token or an address.
struct Field {
    std::string key;
    std::string value;
};
Field kv(std::string_view key, std::string_view value);
Field kv(std::string_view key, std::int64_t value);

/// JSON lines on standard error; off until configured (the command line chooses). Threads: any.
void configure(Level level);
void write(Level level, std::string_view message, std::initializer_list<Field> fields);

}  // namespace resolute::log

/// `LOG(info, "step settled", kv("case", id), kv("step", 7));`
#define LOG(level, message, ...)                                                                             \
    do {                                                                                                     \
        using ::resolute::log::kv;                                                                           \
        ::resolute::log::write(::resolute::log::Level::level, message, {__VA_ARGS__});                       \
    } while (false)
