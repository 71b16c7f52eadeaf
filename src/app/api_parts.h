// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string_view>

#include "app/runtime.h"
#include "console/router.h"
#include "json/json.h"

/// The routes in groups; internal to the API.
namespace resolute::app {

void add_case_routes(console::Router& router, Runtime& runtime);
/// Merging, splitting, and who may join by mail.
void add_conversation_routes(console::Router& router, Runtime& runtime);
void add_task_routes(console::Router& router, Runtime& runtime);

/// What an operator and a data protection officer do; for the socket alone, which only its owner can reach.
void add_care_routes(console::Router& router, Runtime& runtime);

/// One mail, one more reading, and the inventory; for the socket too: they show whole mails, and change what became of them.
void add_mail_routes(console::Router& router, Runtime& runtime);

/// {"summary","state","tasks","conversation","procedure","steps"}; and its events with their numbers and hashes.
Result<json::Value> describe_case(Runtime& runtime, const CaseId& id);
Result<json::Value> journal_of(Runtime& runtime, const CaseId& id);

/// `case.not_found`, `case.ambiguous`.
Result<CaseId> find_case_named(Runtime& runtime, std::string_view name);
/// "?limit=20"; `api.bad_value`.
Result<std::size_t> limit_of(const console::Request& request, std::size_t fallback = 1'000'000);

}  // namespace resolute::app
