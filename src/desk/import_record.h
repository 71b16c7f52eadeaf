// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "json/json.h"

namespace resolute::desk {

/// Where in an imported file we are, for errors that name the place. Records count from 1, as people do.
struct ImportPlace {
    std::string code;  ///< "import.bad_customer"
    std::string file;
    std::size_t record = 0;

    [[nodiscard]] std::unexpected<Error> error(std::string_view field, std::string_view what) const;
};

/// A JSON array of objects: the records. The file's name is put before what the parser says.
Result<json::Array> parse_records(std::string_view text, const ImportPlace& place);

/// Non-empty printable ASCII without spaces; a whole number is taken as its digits.
Result<std::string> read_id(const json::Value& record, std::string_view field, const ImportPlace& place);
/// Empty where absent or null.
Result<std::string> read_text(const json::Value& record, std::string_view field, const ImportPlace& place);
Result<bool> read_flag(const json::Value& record, std::string_view field, bool fallback, const ImportPlace& place);
/// Empty where absent or null; `field` an array of strings.
Result<std::vector<std::string>> read_texts(const json::Value& record, std::string_view field, const ImportPlace& place);
/// Nothing where absent or null; else an array.
Result<const json::Array*> read_array(const json::Value& record, std::string_view field, const ImportPlace& place);

bool is_good_id(std::string_view id);
/// Good enough to compare and to write to: one "@" with something on both sides, no spaces or control characters.
bool is_good_address(std::string_view address);

}  // namespace resolute::desk
