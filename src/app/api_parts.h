// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string_view>

#include "app/runtime.h"
#include "console/router.h"

/// The routes in groups; internal to the API.
namespace resolute::app {

void add_case_routes(console::Router& router, Runtime& runtime);
void add_task_routes(console::Router& router, Runtime& runtime);

/// `case.not_found`, `case.ambiguous`.
Result<CaseId> find_case_named(Runtime& runtime, std::string_view name);
/// "?limit=20"; `api.bad_value`.
Result<std::size_t> limit_of(const console::Request& request, std::size_t fallback = 1'000'000);

}  // namespace resolute::app
