// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <concepts>
#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "base/cow.h"
#include "base/money.h"
#include "base/result.h"
#include "base/time.h"

/// JSON as a plain value. The library that reads the text, and writes what is rare in it, is named in json.cpp and write.cpp alone,
/// which keeps every other file quick to compile; objects are sorted by key, so equal values have equal text (what is hashed is canonical).
namespace resolute::json {

class Value;
using Array = std::vector<Value>;

/// Members sorted by key, in one piece of memory: most objects are small, and read far more often than they are changed.
class Object {
public:
    using Member = std::pair<std::string, Value>;
    using value_type = Member;
    using const_iterator = const Member*;

    Object();
    /// The first of several members with one key counts.
    Object(std::initializer_list<Member> members);
    /// In any order; the last of several members with one key counts. In one go, however many there are.
    explicit Object(std::vector<Member> members);
    Object(const Object& other);
    Object(Object&& other) noexcept;
    Object& operator=(const Object& other);
    Object& operator=(Object&& other) noexcept;
    ~Object();

    [[nodiscard]] const_iterator begin() const;
    [[nodiscard]] const_iterator end() const;
    [[nodiscard]] std::size_t size() const;
    [[nodiscard]] bool empty() const { return size() == 0; }
    [[nodiscard]] const_iterator find(std::string_view key) const;
    [[nodiscard]] bool contains(std::string_view key) const { return find(key) != end(); }

    void reserve(std::size_t count);
    void insert_or_assign(std::string_view key, Value&& value);
    void emplace(std::string_view key, Value value);  ///< a member that is there already stays as it is
    Value& operator[](std::string_view key);          ///< null, where it was not there
    void erase(std::string_view key);

    friend bool operator==(const Object& a, const Object& b);

private:
    std::vector<Member>::iterator place_of(std::string_view key);

    std::vector<Member> members_;
};

/// Copies are cheap: arrays and objects are shared until one of the copies is changed (base/cow.h).
class Value {
public:
    Value() = default;
    Value(std::nullptr_t) {}
    Value(bool value) : data_(value) {}
    template <std::integral I>
        requires(!std::same_as<I, bool>)
    Value(I value) : data_(static_cast<std::int64_t>(value)) {}
    Value(double value) : data_(value) {}
    Value(std::string value) : data_(std::move(value)) {}
    Value(std::string_view value) : data_(std::string(value)) {}
    Value(const char* value) : data_(std::string(value)) {}
    Value(Array value) : data_(value.empty() ? Cow<Array>() : Cow<Array>(std::move(value))) {}
    Value(Object value) : data_(value.empty() ? Cow<Object>() : Cow<Object>(std::move(value))) {}

    [[nodiscard]] bool is_null() const { return std::holds_alternative<std::monostate>(data_); }
    [[nodiscard]] bool is_bool() const { return std::holds_alternative<bool>(data_); }
    [[nodiscard]] bool is_int() const { return std::holds_alternative<std::int64_t>(data_); }
    [[nodiscard]] bool is_number() const { return is_int() || std::holds_alternative<double>(data_); }
    [[nodiscard]] bool is_string() const { return std::holds_alternative<std::string>(data_); }
    [[nodiscard]] bool is_array() const { return std::holds_alternative<Cow<Array>>(data_); }
    [[nodiscard]] bool is_object() const { return std::holds_alternative<Cow<Object>>(data_); }

    /// Total accessors: the fallback where the value is of another kind.
    [[nodiscard]] bool as_bool(bool fallback = false) const;
    [[nodiscard]] std::int64_t as_int(std::int64_t fallback = 0) const;
    [[nodiscard]] double as_double(double fallback = 0) const;
    [[nodiscard]] const std::string& as_string() const;  ///< empty where it is no string
    [[nodiscard]] std::string as_string_or(std::string_view fallback) const;
    [[nodiscard]] const Array& as_array() const;    ///< empty where it is no array
    [[nodiscard]] const Object& as_object() const;  ///< empty where it is no object

    /// Member of an object; a shared null where there is none.
    [[nodiscard]] const Value& operator[](std::string_view key) const;
    [[nodiscard]] bool contains(std::string_view key) const { return find(key) != nullptr; }
    /// Nothing where absent.
    [[nodiscard]] const Value* find(std::string_view key) const;
    /// By dotted path: "issue.category".
    [[nodiscard]] const Value* find_path(std::string_view path) const;

    /// Turns null into an object; INVARIANT where it is something else.
    Value& set(std::string_view key, Value value);
    /// Turns null into an array; INVARIANT where it is something else.
    Value& append(Value value);
    Array& array();    ///< as `append`, for changing in place; not to be kept while the value is copied
    Object& object();  ///< as `set`, for changing in place; not to be kept while the value is copied
    void erase(std::string_view key);

    friend bool operator==(const Value&, const Value&) = default;

private:
    std::variant<std::monostate, bool, std::int64_t, double, std::string, Cow<Array>, Cow<Object>> data_;
};

// What is asked at every turn stands here, so that it is no call.

inline Object::const_iterator Object::begin() const { return members_.data(); }
inline Object::const_iterator Object::end() const { return members_.data() + members_.size(); }
inline std::size_t Object::size() const { return members_.size(); }

inline bool Value::as_bool(bool fallback) const {
    const bool* value = std::get_if<bool>(&data_);
    return value != nullptr ? *value : fallback;
}

inline std::int64_t Value::as_int(std::int64_t fallback) const {
    const std::int64_t* value = std::get_if<std::int64_t>(&data_);
    return value != nullptr ? *value : fallback;
}

inline const std::string& Value::as_string() const {
    static const std::string kEmpty;
    const std::string* value = std::get_if<std::string>(&data_);
    return value != nullptr ? *value : kEmpty;
}

inline const Array& Value::as_array() const {
    static const Array kEmpty;
    const Cow<Array>* value = std::get_if<Cow<Array>>(&data_);
    return value != nullptr ? **value : kEmpty;
}

inline const Object& Value::as_object() const {
    static const Object kEmpty;
    const Cow<Object>* value = std::get_if<Cow<Object>>(&data_);
    return value != nullptr ? **value : kEmpty;
}

inline const Value* Value::find(std::string_view key) const {
    const Object& members = as_object();
    const auto member = members.find(key);
    return member == members.end() ? nullptr : &member->second;
}

inline const Value& Value::operator[](std::string_view key) const {
    static const Value kNull;
    const Value* value = find(key);
    return value != nullptr ? *value : kNull;
}

inline constexpr std::size_t kDepthMax = 64;
inline constexpr std::size_t kBytesMax = 64u << 20;

/// `json.syntax` with line and column, `json.too_deep`, `json.too_large`.
Result<Value> parse(std::string_view text, std::size_t bytes_max = kBytesMax);
/// One line, sorted keys; invalid UTF-8 becomes U+FFFD. Equal values give equal bytes.
std::string dump(const Value& value);
/// The same, at the end of a text that is being made.
void append(std::string& out, const Value& value);
void append_text(std::string& out, std::string_view text);  ///< as a JSON string, quoted
/// Indented, for people.
std::string dump_pretty(const Value& value);

/// Values with a meaning, in the one form that journals, tools and conditions share.
Value from_money(const Money& money);        ///< {"amount":"129.00","currency":"USD"}
std::optional<Money> to_money(const Value&);  ///< nothing where it is not exactly that
Value from_duration(Duration duration);       ///< {"ms":3600000}
std::optional<Duration> to_duration(const Value&);
Value from_instant(Instant at);  ///< {"at":"2026-11-22T18:05:00Z"}
std::optional<Instant> to_instant(const Value&);
Value from_strings(const std::vector<std::string>& strings);
std::vector<std::string> to_strings(const Value&);  ///< the strings of an array; others are left out

}  // namespace resolute::json
