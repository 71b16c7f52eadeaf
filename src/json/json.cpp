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
    bool start_object(std::size_t) override { return open(true); }
    bool start_array(std::size_t) override { return open(false); }
    bool end_object() override { return close(); }
    bool end_array() override { return close(); }
    bool key(string_t& value) override {
        open_.back().members.emplace_back(std::move(value), Value());
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
    /// An array or object whose end has not come yet; of an object, the last member waits for its value.
    struct Open {
        bool is_object = false;
        Array items;
        std::vector<Object::Member> members;
    };

    bool put(Value value) {
        if (open_.empty())
            root_ = std::move(value);
        else if (open_.back().is_object)
            open_.back().members.back().second = std::move(value);
        else
            open_.back().items.push_back(std::move(value));
        return true;
    }
    bool open(bool is_object) {
        if (open_.size() >= kDepthMax) {
            is_too_deep_ = true;
            return false;
        }
        open_.push_back({.is_object = is_object, .items = {}, .members = {}});
        return true;
    }
    bool close() {
        Open done = std::move(open_.back());
        open_.pop_back();
        return done.is_object ? put(Object(std::move(done.members))) : put(std::move(done.items));
    }

    Value root_;
    std::vector<Open> open_;
    bool is_too_deep_ = false;
    std::size_t error_position_ = 0;
};

std::string place_of(std::string_view text, std::size_t position) {
    position = std::min(position, text.size());
    const auto line = 1 + std::count(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(position), '\n');
    const std::size_t line_start = position == 0 ? 0 : text.rfind('\n', position - 1) + 1;  // npos + 1 is 0.
    return fmt::format("line {}, column {}", line, position - std::min(line_start, position) + (line_start == position ? 1 : 0));
}

}  // namespace

double Value::as_double(double fallback) const {
    if (is_int()) return static_cast<double>(as_int());
    const double* value = std::get_if<double>(&data_);
    return value != nullptr ? *value : fallback;
}

std::string Value::as_string_or(std::string_view fallback) const { return is_string() ? as_string() : std::string(fallback); }

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
    if (is_null()) data_ = Cow<Object>();
    INVARIANT(is_object(), "only an object has members");
    return std::get<Cow<Object>>(data_).change();
}

Array& Value::array() {
    if (is_null()) data_ = Cow<Array>();
    INVARIANT(is_array(), "only an array has items");
    return std::get<Cow<Array>>(data_).change();
}

Value& Value::set(std::string_view key, Value value) {
    object().insert_or_assign(key, std::move(value));
    return *this;
}

Value& Value::append(Value value) {
    array().push_back(std::move(value));
    return *this;
}

void Value::erase(std::string_view key) {
    if (contains(key)) object().erase(key);
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
