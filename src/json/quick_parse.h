// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string_view>

#include "json/json.h"

/// Internal to json.
namespace resolute::json {

/// Reads well-formed JSON several times faster than the library, which looks at each character through its state machine: the
/// journal is read with every case that is looked at. Nothing where the text is wrong, or has what is rare (numbers out of range,
/// escaped surrogates, a byte order mark): then the library decides, and words the error. So there is one judge of what is JSON.
std::optional<Value> parse_quickly(std::string_view text);
/// json.cpp
Result<Value> parse_by_library(std::string_view text);

}  // namespace resolute::json
