// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

#include "engine/store.h"
#include "json/json.h"
#include "ports/case_queries.h"
#include "ports/desk_store.h"
#include "ports/intake_store.h"
#include "ports/knowledge_base.h"

/// The API's forms of what the stores keep: null for what is not there.
namespace resolute::app {

json::Value to_json(const ports::MailRecord& mail);
json::Value to_json(const ports::OpenTask& task);
json::Value to_json(const ports::SearchHit& hit);
json::Value to_json(const ports::Notification& notification);
json::Value to_json(const ports::Outage& outage);
json::Value to_json(const casework::ConversationMail& mail);
/// The event as an object beside its number and hash.
/// `hash` is that of the row the event stands in.
json::Value to_json(const casework::CaseEvent& event, std::uint64_t number, const std::string& hash);

/// "129.00 USD", "129.00" (US dollars), or {"amount":"129.00","currency":"USD"}.
Result<Money> read_money(const json::Value& value);

std::string base64(std::string_view bytes);

}  // namespace resolute::app
