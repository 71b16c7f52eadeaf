// SPDX-License-Identifier: Apache-2.0
#include "json/quick_parse.h"

#include "json/cursor.h"

namespace resolute::json {

std::optional<Value> parse_quickly(std::string_view text) {
    Value value;
    Cursor cursor(text);
    if (!cursor.read_value(value) || !cursor.is_at_end()) return std::nullopt;
    return value;
}

}  // namespace resolute::json
