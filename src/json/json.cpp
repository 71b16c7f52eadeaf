// SPDX-License-Identifier: Apache-2.0
#include "json/json.h"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "base/invariant.h"
#include "base/text.h"
#include "json/quick_parse.h"

namespace resolute::json {
namespace {

/// Builds our value from the library's events; keeps depth and numbers in check.
class Builder final : public nlohmann::json_sax<nlohmann::json> {
public:
    bool null() override { return put(Value()); }
    bool boolean(bool value) override { return put(Value(value)); }
    bool number_integer(number_integer_t value) override { return put(Value(value)); }
    bool number_unsigned(number_unsigned_t value) override {
        if (value > static_cast<number_unsigned_t>(INT64_MAX)) return put(Value(static_cast<double>(value)));
        return put(Value(static_cast<std::int64_t>(value)));
    }
    bool number_float(number_float_t value, const string_t&) override { return put(Value(value)); }
    bool string(string_t& value) override { return put(Value(std::move(value))); }
    bool binary(binary_t&) override { return false; }
    bool start_object(std::size_t) override { return open(Value(Object{})); }
    bool start_array(std::size_t) override { return open(Value(Array{})); }
    bool end_object() override { return close(); }
    bool end_array() override { return close(); }
    bool key(string_t& value) override {
        keys_.back() = value;
        return true;
    }
    bool parse_error(std::size_t position, const std::string&, const nlohmann::detail::exception&) override {
        error_position_ = position;
        return false;
    }

    Value take() { return std::move(root_); }
    [[nodiscard]] bool is_too_deep() const { return is_too_deep_; }
    [[nodiscard]] std::size_t error_position() const { return error_position_; }

private:
    bool put(Value value) {
        if (open_.empty()) {
            root_ = std::move(value);
        } else if (open_.back().is_array()) {
            open_.back().array().push_back(std::move(value));
        } else {
            open_.back().object().insert_or_assign(keys_.back(), std::move(value));
        }
        return true;
    }
    bool open(Value value) {
        if (open_.size() >= kDepthMax) {
            is_too_deep_ = true;
            return false;
        }
        open_.push_back(std::move(value));
        keys_.emplace_back();
        return true;
    }
    bool close() {
        Value done = std::move(open_.back());
        open_.pop_back();
        keys_.pop_back();
        return put(std::move(done));
    }

    Value root_;
    std::vector<Value> open_;
    std::vector<std::string> keys_;
    bool is_too_deep_ = false;
    std::size_t error_position_ = 0;
};

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

/// What the library alone decides: how a fraction is written, and what stands for bytes that are no UTF-8.
std::string dump_by_library(const Value& value) {
    return to_library(value).dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

bool needs_escape(char c) { return static_cast<unsigned char>(c) < 0x20 || c == '"' || c == '\\'; }

void append_escaped(std::string& out, char c) {
    switch (c) {
        case '"': out += "\\\""; return;
        case '\\': out += "\\\\"; return;
        case '\b': out += "\\b"; return;
        case '\f': out += "\\f"; return;
        case '\n': out += "\\n"; return;
        case '\r': out += "\\r"; return;
        case '\t': out += "\\t"; return;
        default: out += fmt::format("\\u{:04x}", static_cast<unsigned>(static_cast<unsigned char>(c)));
    }
}

std::string place_of(std::string_view text, std::size_t position) {
    position = std::min(position, text.size());
    const auto line = 1 + std::count(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(position), '\n');
    const std::size_t line_start = position == 0 ? 0 : text.rfind('\n', position - 1) + 1;  // npos + 1 is 0.
    return fmt::format("line {}, column {}", line, position - std::min(line_start, position) + (line_start == position ? 1 : 0));
}

}  // namespace

bool Value::as_bool(bool fallback) const {
    const bool* value = std::get_if<bool>(&data_);
    return value != nullptr ? *value : fallback;
}

std::int64_t Value::as_int(std::int64_t fallback) const {
    const std::int64_t* value = std::get_if<std::int64_t>(&data_);
    return value != nullptr ? *value : fallback;
}

double Value::as_double(double fallback) const {
    if (is_int()) return static_cast<double>(as_int());
    const double* value = std::get_if<double>(&data_);
    return value != nullptr ? *value : fallback;
}

const std::string& Value::as_string() const {
    static const std::string kEmpty;
    const std::string* value = std::get_if<std::string>(&data_);
    return value != nullptr ? *value : kEmpty;
}

std::string Value::as_string_or(std::string_view fallback) const { return is_string() ? as_string() : std::string(fallback); }

const Array& Value::as_array() const {
    static const Array kEmpty;
    const Array* value = std::get_if<Array>(&data_);
    return value != nullptr ? *value : kEmpty;
}

const Object& Value::as_object() const {
    static const Object kEmpty;
    const Object* value = std::get_if<Object>(&data_);
    return value != nullptr ? *value : kEmpty;
}

const Value& Value::operator[](std::string_view key) const {
    static const Value kNull;
    const Value* value = find(key);
    return value != nullptr ? *value : kNull;
}

const Value* Value::find(std::string_view key) const {
    const Object* members = std::get_if<Object>(&data_);
    if (members == nullptr) return nullptr;
    const auto member = members->find(key);
    return member == members->end() ? nullptr : &member->second;
}

const Value* Value::find_path(std::string_view path) const {
    const Value* value = this;
    while (value != nullptr && !path.empty()) {
        const std::size_t dot = path.find('.');
        value = value->find(path.substr(0, dot));
        path = dot == std::string_view::npos ? std::string_view{} : path.substr(dot + 1);
    }
    return value;
}

Object& Value::object() {
    if (is_null()) data_ = Object{};
    INVARIANT(is_object(), "only an object has members");
    return std::get<Object>(data_);
}

Array& Value::array() {
    if (is_null()) data_ = Array{};
    INVARIANT(is_array(), "only an array has items");
    return std::get<Array>(data_);
}

Value& Value::set(std::string_view key, Value value) {
    object().insert_or_assign(std::string(key), std::move(value));
    return *this;
}

Value& Value::append(Value value) {
    array().push_back(std::move(value));
    return *this;
}

void Value::erase(std::string_view key) {
    if (!is_object()) return;
    Object& members = std::get<Object>(data_);
    if (const auto member = members.find(key); member != members.end()) members.erase(member);
}

Result<Value> parse(std::string_view text, std::size_t bytes_max) {
    if (text.size() > bytes_max)
        return fail("json.too_large", ErrorKind::exhausted, fmt::format("{} bytes of JSON, {} are allowed", text.size(), bytes_max));
    if (auto value = parse_quickly(text)) return *std::move(value);
    return parse_by_library(text);
}

Result<Value> parse_by_library(std::string_view text) {
    Builder builder;
    bool is_fine = false;
    try {
        is_fine = nlohmann::json::sax_parse(text.begin(), text.end(), &builder);
    } catch (const std::exception& error) {
        return fail("json.syntax", ErrorKind::invalid, error.what());
    }
    if (is_fine) return builder.take();
    if (builder.is_too_deep())
        return fail("json.too_deep", ErrorKind::invalid, fmt::format("more than {} levels of nesting", kDepthMax));
    return fail("json.syntax", ErrorKind::invalid, fmt::format("no valid JSON at {}", place_of(text, builder.error_position())));
}

std::string dump(const Value& value) {
    std::string text;
    append(text, value);
    return text;
}

void append_text(std::string& out, std::string_view text) {
    const bool is_ascii = std::none_of(text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) >= 0x80; });
    if (!is_ascii && !text::is_utf8(text)) {
        out += dump_by_library(Value(text));
        return;
    }
    out += '"';
    std::size_t written = 0;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (!needs_escape(text[i])) continue;
        out.append(text, written, i - written);
        append_escaped(out, text[i]);
        written = i + 1;
    }
    out.append(text, written);
    out += '"';
}

void append(std::string& out, const Value& value) {
    if (value.is_string()) return append_text(out, value.as_string());
    if (value.is_object()) {
        char before = '{';
        for (const auto& [key, item] : value.as_object()) {
            out += std::exchange(before, ',');
            append_text(out, key);
            out += ':';
            append(out, item);
        }
        out += before == '{' ? "{}" : "}";
    } else if (value.is_array()) {
        char before = '[';
        for (const Value& item : value.as_array()) {
            out += std::exchange(before, ',');
            append(out, item);
        }
        out += before == '[' ? "[]" : "]";
    } else if (value.is_int()) {
        out += fmt::format_int(value.as_int()).c_str();
    } else {
        out += dump_by_library(value);
    }
}

std::string dump_pretty(const Value& value) { return to_library(value).dump(2, ' ', false, nlohmann::json::error_handler_t::replace); }

Value from_money(const Money& money) { return Object{{"amount", decimal_text(money)}, {"currency", money.currency}}; }

std::optional<Money> to_money(const Value& value) {
    const Object& members = value.as_object();
    if (members.size() != 2 || !value["amount"].is_string() || !value["currency"].is_string()) return std::nullopt;
    const auto money = parse_money(value["amount"].as_string(), value["currency"].as_string());
    return money ? std::optional(*money) : std::nullopt;
}

Value from_duration(Duration duration) { return Object{{"ms", duration.count()}}; }

std::optional<Duration> to_duration(const Value& value) {
    if (value.as_object().size() != 1 || !value["ms"].is_int()) return std::nullopt;
    return Duration(value["ms"].as_int());
}

Value from_instant(Instant at) { return Object{{"at", format_instant(at)}}; }

std::optional<Instant> to_instant(const Value& value) {
    if (value.as_object().size() != 1 || !value["at"].is_string()) return std::nullopt;
    return parse_instant(value["at"].as_string());
}

Value from_strings(const std::vector<std::string>& strings) {
    Array array;
    for (const std::string& text : strings) array.emplace_back(text);
    return array;
}

std::vector<std::string> to_strings(const Value& value) {
    std::vector<std::string> strings;
    for (const Value& item : value.as_array())
        if (item.is_string()) strings.push_back(item.as_string());
    return strings;
}

}  // namespace resolute::json
