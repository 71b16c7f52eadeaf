// SPDX-License-Identifier: Apache-2.0
#include "storage/postgres/statement.h"

#include "base/invariant.h"
#include "base/text.h"

namespace resolute::storage::postgres {

namespace {

template <class Integer>
void append_big_endian(std::string& bytes, Integer value) {
    for (int shift = static_cast<int>(sizeof(value)) * 8 - 8; shift >= 0; shift -= 8)
        bytes.push_back(static_cast<char>(static_cast<std::uint64_t>(value) >> shift));
}

/// PostgreSQL refuses text with NUL or broken UTF-8, and with it the whole transaction: a mail must not be able to cause that.
bool is_storable(std::string_view text) { return text.find('\0') == std::string_view::npos && text::is_utf8(text); }

}  // namespace

void Column::add(std::string_view value) {
    INVARIANT(element_ != Type::bigint, "a column holds values of one kind");
    if (element_ == Type::text && !is_storable(value)) return add(text::to_valid_utf8(value));
    append_big_endian(elements_, static_cast<std::int32_t>(value.size()));
    elements_.append(value);
    ++size_;
}

void Column::add(std::int64_t value) {
    INVARIANT(element_ == Type::bigint, "a column holds values of one kind");
    append_big_endian(elements_, std::int32_t{8});
    append_big_endian(elements_, value);
    ++size_;
}

void Column::add_null() {
    append_big_endian(elements_, std::int32_t{-1});
    has_null_ = true;
    ++size_;
}

Type Column::array_type() const {
    switch (element_) {
    case Type::text: return Type::text_array;
    case Type::bytes: return Type::bytes_array;
    default: return Type::bigint_array;
    }
}

std::string Column::encoded() const {
    std::string array;
    array.reserve(20 + elements_.size());
    append_big_endian(array, std::int32_t{size_ == 0 ? 0 : 1});  // dimensions
    append_big_endian(array, std::int32_t{has_null_ ? 1 : 0});
    append_big_endian(array, static_cast<std::int32_t>(element_));
    if (size_ == 0) return array;
    append_big_endian(array, size_);
    append_big_endian(array, std::int32_t{1});  // the first index
    return array.append(elements_);
}

void Statement::add(std::int64_t value) {
    std::string bytes;
    append_big_endian(bytes, value);
    parameters_.push_back({.type = Type::bigint, .bytes = std::move(bytes)});
}

void Statement::add(bool value) { parameters_.push_back({.type = Type::boolean, .bytes = std::string(1, value ? '\1' : '\0')}); }

void Statement::add(std::string_view text) {
    parameters_.push_back({.type = Type::text, .bytes = is_storable(text) ? std::string(text) : text::to_valid_utf8(text)});
}

}  // namespace resolute::storage::postgres
