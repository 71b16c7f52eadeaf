// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>
#include <vector>

namespace resolute::app {

struct ErrorPage {
    std::string_view code;  ///< "store.locked"
    std::string_view text;  ///< docs/errors/store.locked.md
};

/// Every page, by code. Made at build time.
const std::vector<ErrorPage>& error_pages();

}  // namespace resolute::app
