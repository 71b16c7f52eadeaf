// SPDX-License-Identifier: Apache-2.0
#include "desk/import_record.h"

#include <algorithm>

#include <fmt/format.h>

#include "base/text.h"
#include "desk/limits.h"

namespace resolute::desk {
namespace {

constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";
constexpr std::size_t kAddressBytesMax = 320;

bool is_missing(const json::Value* value) {
    return value == nullptr || value->is_null();
}

}  // namespace

std::unexpected<Error> ImportPlace::error(std::string_view field, std::string_view what) const {
    return fail(code, ErrorKind::invalid, fmt::format("{}: record {}: {}: {}", file, record, field, what));
}

Result<json::Array> parse_records(std::string_view text, const ImportPlace& place) {
    if (text.starts_with(kByteOrderMark)) text.remove_prefix(kByteOrderMark.size());
    auto parsed = json::parse(text, kImportBytesMax);
    if (!parsed) {
        Error error = std::move(parsed).error();
        error.detail = fmt::format("{}: {}", place.file, error.detail);
        return std::unexpected(std::move(error));
    }
    if (!parsed->is_array())
        return fail(place.code, ErrorKind::invalid, fmt::format("{}: must be a JSON array of records", place.file));
    return std::move(parsed->array());
}

Result<std::string> read_id(const json::Value& record, std::string_view field, const ImportPlace& place) {
    const json::Value& value = record[field];
    const std::string id = value.is_int() ? std::to_string(value.as_int()) : std::string(text::trim(value.as_string()));
    if (is_good_id(id)) return id;
    return place.error(field, fmt::format("must be 1 to {} ASCII characters without spaces", kIdBytesMax));
}

Result<std::string> read_text(const json::Value& record, std::string_view field, const ImportPlace& place) {
    const json::Value* value = record.find(field);
    if (is_missing(value)) return std::string();
    if (!value->is_string()) return place.error(field, "must be a text");
    return std::string(text::trim(value->as_string()));
}

Result<bool> read_flag(const json::Value& record, std::string_view field, bool fallback, const ImportPlace& place) {
    const json::Value* value = record.find(field);
    if (is_missing(value)) return fallback;
    if (!value->is_bool()) return place.error(field, "must be true or false");
    return value->as_bool();
}

Result<const json::Array*> read_array(const json::Value& record, std::string_view field, const ImportPlace& place) {
    const json::Value* value = record.find(field);
    if (is_missing(value)) return static_cast<const json::Array*>(nullptr);
    if (!value->is_array()) return place.error(field, "must be an array");
    return &value->as_array();
}

Result<std::vector<std::string>> read_texts(const json::Value& record, std::string_view field, const ImportPlace& place) {
    std::vector<std::string> texts;
    TRY(const json::Array* values, read_array(record, field, place));
    if (values == nullptr) return texts;
    for (const json::Value& value : *values) {
        if (!value.is_string()) return place.error(field, "must be an array of texts");
        texts.emplace_back(text::trim(value.as_string()));
    }
    return texts;
}

bool is_good_id(std::string_view id) {
    return !id.empty() && id.size() <= kIdBytesMax && std::ranges::all_of(id, [](char c) { return c > ' ' && c < 0x7F; });
}

bool is_good_address(std::string_view address) {
    const auto at = address.find('@');
    if (at == std::string_view::npos || at == 0 || at + 1 == address.size() || address.size() > kAddressBytesMax) return false;
    if (address.find('@', at + 1) != std::string_view::npos) return false;
    return std::ranges::none_of(
        address, [](char c) { return (c >= 0 && c <= ' ') || c == 0x7F || c == '<' || c == '>' || c == ',' || c == ';'; });
}

}  // namespace resolute::desk
