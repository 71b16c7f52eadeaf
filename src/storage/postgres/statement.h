// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/id.h"
#include "base/time.h"

namespace resolute::storage::postgres {

/// Marks bytes that are no text.
struct Bytes {
    std::string_view bytes;
};

/// What PostgreSQL calls the types that we send; all values travel in its binary form, so that nothing is escaped or parsed.
enum class Type : unsigned { boolean = 16, bytes = 17, bigint = 20, text = 25, bytes_array = 1001, text_array = 1009, bigint_array = 1016 };

/// One array as a parameter: a column of the rows that `unnest` makes of several.
class Column {
public:
    static Column texts() { return Column(Type::text); }
    static Column numbers() { return Column(Type::bigint); }
    static Column bytes() { return Column(Type::bytes); }

    /// The one that fits its kind; text that PostgreSQL would refuse (NUL, no UTF-8) has U+FFFD there.
    void add(std::string_view value);
    void add(std::int64_t value);
    void add(int value) { add(static_cast<std::int64_t>(value)); }
    void add(std::uint64_t value) { add(static_cast<std::int64_t>(value)); }
    void add(Instant at) { add(static_cast<std::int64_t>(to_unix_ms(at))); }
    void add(Duration duration) { add(static_cast<std::int64_t>(duration.count())); }
    template <class Tag>
    void add(const Id<Tag>& id) { add(std::string_view(id.value())); }
    void add_null();
    template <class T>
    void add(const std::optional<T>& value) {
        if (value) add(*value);
        else add_null();
    }
    [[nodiscard]] bool is_empty() const { return size_ == 0; }
    [[nodiscard]] std::int64_t size() const { return size_; }
    [[nodiscard]] Type array_type() const;
    /// The array as PostgreSQL reads it; nothing is left here.
    [[nodiscard]] std::string take() &&;

private:
    explicit Column(Type element);
    char* grow(std::size_t size);

    Type element_;
    bool has_null_ = false;
    std::int32_t size_ = 0;
    std::string array_;  ///< room for its header, then the elements
};

/// One statement with its values. The SQL is a constant (queries.h, commit_queries.h); what varies is a value.
class Statement {
public:
    template <class... Values>
    explicit Statement(const char* sql, const Values&... values) : sql_(sql) {
        parameters_.reserve(sizeof...(values));
        (add(values), ...);
    }
    void add(Column&& column) {
        const Type type = column.array_type();
        parameters_.push_back({.type = type, .bytes = std::move(column).take()});
    }

    struct Parameter {
        Type type;
        std::string bytes;
        bool is_null = false;
    };
    [[nodiscard]] const char* sql() const { return sql_; }
    [[nodiscard]] const std::vector<Parameter>& parameters() const { return parameters_; }

private:
    void add(std::int64_t value);
    void add(int value) { add(static_cast<std::int64_t>(value)); }
    void add(std::uint64_t value) { add(static_cast<std::int64_t>(value)); }
    void add(bool value);
    void add(std::string_view text);
    void add(const std::string& text) { add(std::string_view(text)); }
    void add(const char* text) { add(std::string_view(text)); }
    void add(Bytes value) { parameters_.push_back({.type = Type::bytes, .bytes = std::string(value.bytes)}); }
    void add(Instant at) { add(static_cast<std::int64_t>(to_unix_ms(at))); }
    void add(Duration duration) { add(static_cast<std::int64_t>(duration.count())); }
    void add(const Column& column) { add(Column(column)); }
    template <class Tag>
    void add(const Id<Tag>& id) { add(std::string_view(id.value())); }
    /// NULL keeps the type of the value that is missing.
    template <class T>
    void add(const std::optional<T>& value) {
        add(value.value_or(T{}));
        parameters_.back().is_null = !value;
    }

    const char* sql_;
    std::vector<Parameter> parameters_;
};

}  // namespace resolute::storage::postgres
