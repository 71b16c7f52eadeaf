// SPDX-License-Identifier: Apache-2.0
// The canonical text. Journals are chained by its hash: not a byte of it may ever change.
#include <array>
#include <charconv>
#include <cstring>

#include <nlohmann/json.hpp>

#include "base/text.h"
#include "json/json.h"
#include "json/quick_parse.h"

namespace resolute::json {
namespace {

constexpr std::size_t kUsualBytes = 512;  ///< What a payload or a snapshot has at least: it need not grow from one byte on.

nlohmann::json to_library(const Value& value) {
    if (value.is_bool()) return value.as_bool();
    if (value.is_int()) return value.as_int();
    if (value.is_number()) return value.as_double();
    if (value.is_string()) return value.as_string();
    if (value.is_array()) {
        auto array = nlohmann::json::array();
        for (const Value& item : value.as_array()) array.push_back(to_library(item));
        return array;
    }
    if (value.is_object()) {
        auto object = nlohmann::json::object();
        for (const auto& [key, item] : value.as_object()) object[key] = to_library(item);
        return object;
    }
    return nullptr;
}

std::string dump_by_library(const nlohmann::json& value, int indent) {
    return value.dump(indent, ' ', false, nlohmann::json::error_handler_t::replace);
}

/// Straight into the text; the library would first build a tree of its own. What it alone knows (the shortest form of a double,
/// where U+FFFD goes in broken UTF-8) is left to it.
class Writer {
public:
    explicit Writer(std::string& out) : out_(out) {}

    void write(const Value& value) {
        if (value.is_string())
            write_string(value.as_string());
        else if (value.is_object())
            write_object(value.as_object());
        else if (value.is_array())
            write_array(value.as_array());
        else if (value.is_int())
            write_int(value.as_int());
        else if (value.is_bool())
            out_ += value.as_bool() ? "true" : "false";
        else if (value.is_number())
            out_ += dump_by_library(value.as_double(), -1);
        else
            out_ += "null";
    }
    void write_string(std::string_view text) {
        const std::size_t begin = out_.size();
        bool is_known_utf8 = false;
        std::size_t from = 0;  // What stands before it is written.
        out_ += '"';
        for (std::size_t at = 0; at < text.size();) {
            if (std::uint64_t next = 0; text.size() - at >= sizeof next) {
                std::memcpy(&next, text.data() + at, sizeof next);
                if (!has_special(next)) {
                    at += sizeof next;
                    continue;
                }
            }
            const auto byte = static_cast<unsigned char>(text[at]);
            if (byte >= 0x80 && !is_known_utf8) {
                if (!text::is_utf8(text.substr(at))) {
                    out_.resize(begin);
                    out_ += dump_by_library(text, -1);
                    return;
                }
                is_known_utf8 = true;
            }
            if (byte < 0x20 || byte == '"' || byte == '\\') {
                out_ += text.substr(from, at - from);
                write_escaped(text[at]);
                from = at + 1;
            }
            ++at;
        }
        out_ += text.substr(from);
        out_ += '"';
    }

private:
    void write_object(const Object& members) {
        char before = '{';
        for (const auto& [key, value] : members) {
            out_ += before;
            write_string(key);
            out_ += ':';
            write(value);
            before = ',';
        }
        if (members.empty()) out_ += '{';
        out_ += '}';
    }

    void write_array(const Array& items) {
        char before = '[';
        for (const Value& item : items) {
            out_ += before;
            write(item);
            before = ',';
        }
        if (items.empty()) out_ += '[';
        out_ += ']';
    }

    void write_int(std::int64_t value) {
        std::array<char, 24> digits{};
        const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), value).ptr;
        out_.append(digits.data(), end);
    }

    void write_escaped(char c) {
        constexpr std::string_view kHex = "0123456789abcdef";
        switch (c) {
            case '"': out_ += "\\\""; return;
            case '\\': out_ += "\\\\"; return;
            case '\b': out_ += "\\b"; return;
            case '\t': out_ += "\\t"; return;
            case '\n': out_ += "\\n"; return;
            case '\f': out_ += "\\f"; return;
            case '\r': out_ += "\\r"; return;
            default: break;
        }
        out_ += "\\u00";
        out_ += kHex[static_cast<unsigned char>(c) >> 4];
        out_ += kHex[static_cast<unsigned char>(c) & 15];
    }

    std::string& out_;
};

}  // namespace

std::string dump(const Value& value) {
    std::string text;
    text.reserve(kUsualBytes);
    append(text, value);
    return text;
}

void append(std::string& out, const Value& value) { Writer(out).write(value); }

void append_text(std::string& out, std::string_view text) { Writer(out).write_string(text); }

std::string dump_pretty(const Value& value) { return dump_by_library(to_library(value), 2); }

}  // namespace resolute::json
