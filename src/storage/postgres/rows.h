// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "base/time.h"

struct pg_result;

namespace resolute::storage::postgres {

class Rows;

/// One row of an answer, borrowed from it.
class Row {
public:
    Row(const pg_result* result, int number) : result_(result), number_(number) {}
    [[nodiscard]] bool is_null(int column) const;
    /// bigint, integer, smallint and boolean alike.
    [[nodiscard]] std::int64_t integer(int column) const;
    [[nodiscard]] std::uint64_t count(int column) const { return static_cast<std::uint64_t>(integer(column)); }
    [[nodiscard]] bool boolean(int column) const { return integer(column) != 0; }
    /// Text and bytes alike.
    [[nodiscard]] std::string text(int column) const;
    [[nodiscard]] Instant instant(int column) const { return from_unix_ms(integer(column)); }
    [[nodiscard]] std::optional<Instant> optional_instant(int column) const {
        return is_null(column) ? std::nullopt : std::optional(instant(column));
    }

private:
    const pg_result* result_;
    int number_;
};

/// What the server answered to one statement; owns the answer.
class Rows {
public:
    explicit Rows(pg_result* result);
    [[nodiscard]] bool is_empty() const { return size() == 0; }
    [[nodiscard]] int size() const;
    [[nodiscard]] Row operator[](int number) const;
    /// The only row of a question that always has one.
    [[nodiscard]] Row front() const { return (*this)[0]; }
    /// Rows inserted, updated or deleted.
    [[nodiscard]] std::int64_t changes() const;

    class Iterator {
    public:
        Iterator(const Rows& rows, int number) : rows_(&rows), number_(number) {}
        Row operator*() const { return (*rows_)[number_]; }
        Iterator& operator++() { ++number_; return *this; }
        bool operator==(const Iterator& other) const { return number_ == other.number_; }

    private:
        const Rows* rows_;
        int number_;
    };
    [[nodiscard]] Iterator begin() const { return {*this, 0}; }
    [[nodiscard]] Iterator end() const { return {*this, size()}; }

private:
    struct Clear {
        void operator()(pg_result* result) const;
    };
    std::unique_ptr<pg_result, Clear> result_;
};

}  // namespace resolute::storage::postgres
