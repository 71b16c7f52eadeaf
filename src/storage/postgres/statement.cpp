// SPDX-License-Identifier: Apache-2.0
#include "storage/postgres/statement.h"

#include <bit>
#include <cstring>

#include "base/invariant.h"
#include "base/text.h"

namespace resolute::storage::postgres {

namespace {

template <class Integer>
char* put_big_endian(char* at, Integer value) {
    if constexpr (std::endian::native == std::endian::little) value = std::byteswap(value);
    std::memcpy(at, &value, sizeof(value));
    return at + sizeof(value);
}

/// Dimensions, whether one is null, the elements' type, how many, the first index.
constexpr std::size_t kHeaderSize = 20;
constexpr std::size_t kEmptySize = 12;  ///< without the last two

/// Eight bytes at a time: almost all that goes there is.
bool is_ascii(std::string_view text) {
    constexpr std::uint64_t kHighBits = 0x8080808080808080;
    std::uint64_t seen = 0;
    for (; text.size() >= sizeof(seen); text.remove_prefix(sizeof(seen))) {
        std::uint64_t word = 0;
        std::memcpy(&word, text.data(), sizeof(word));
        seen |= word;
    }
    for (const char c : text) seen |= static_cast<unsigned char>(c);
    return (seen & kHighBits) == 0;
}

/// PostgreSQL refuses text with NUL or broken UTF-8, and with it the whole transaction: a mail must not be able to cause that.
bool is_storable(std::string_view text) {
    return text.find('\0') == std::string_view::npos && (is_ascii(text) || text::is_utf8(text));
}

}  // namespace

Column::Column(Type element) : element_(element), array_(kHeaderSize, '\0') {}

char* Column::grow(std::size_t size) {
    const std::size_t before = array_.size();
    array_.resize(before + size);
    ++size_;
    return array_.data() + before;
}

void Column::add(std::string_view value) {
    INVARIANT(element_ != Type::bigint, "a column holds values of one kind");
    if (element_ == Type::text && !is_storable(value)) return add(text::to_valid_utf8(value));
    char* at = put_big_endian(grow(4 + value.size()), static_cast<std::int32_t>(value.size()));
    if (!value.empty()) std::memcpy(at, value.data(), value.size());
}

void Column::add(std::int64_t value) {
    INVARIANT(element_ == Type::bigint, "a column holds values of one kind");
    put_big_endian(put_big_endian(grow(12), std::int32_t{8}), value);
}

void Column::add_null() {
    put_big_endian(grow(4), std::int32_t{-1});
    has_null_ = true;
}

Type Column::array_type() const {
    switch (element_) {
    case Type::text: return Type::text_array;
    case Type::bytes: return Type::bytes_array;
    default: return Type::bigint_array;
    }
}

std::string Column::take() && {
    char* at = put_big_endian(array_.data(), std::int32_t{size_ == 0 ? 0 : 1});
    at = put_big_endian(at, std::int32_t{has_null_ ? 1 : 0});
    at = put_big_endian(at, static_cast<std::int32_t>(element_));
    if (size_ == 0) array_.resize(kEmptySize);
    else put_big_endian(put_big_endian(at, size_), std::int32_t{1});
    return std::move(array_);
}

void Statement::add(std::int64_t value) {
    std::string bytes(sizeof(value), '\0');
    put_big_endian(bytes.data(), value);
    parameters_.push_back({.type = Type::bigint, .bytes = std::move(bytes)});
}

void Statement::add(bool value) { parameters_.push_back({.type = Type::boolean, .bytes = std::string(1, value ? '\1' : '\0')}); }

void Statement::add(std::string_view text) {
    parameters_.push_back({.type = Type::text, .bytes = is_storable(text) ? std::string(text) : text::to_valid_utf8(text)});
}

}  // namespace resolute::storage::postgres
