// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

namespace resolute::app {

/// procedures/customer-support.md as it was when the program was built.
std::string_view shipped_procedure();

}  // namespace resolute::app
