// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace resolute::desk {

using CsvRow = std::vector<std::string>;

/// RFC 4180: fields divided by commas, lines by CRLF or LF; a field in double quotes may hold both, and "" for a quote.
/// Empty lines are left out. `import.bad_csv` with the line where a quote is out of place.
Result<std::vector<CsvRow>> parse_csv(std::string_view text);

}  // namespace resolute::desk
