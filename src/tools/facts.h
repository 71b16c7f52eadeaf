// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>

#include "ports/crm.h"
#include "ports/knowledge_base.h"
#include "ports/language_model.h"
#include "tools/tool.h"

/// The facts that tools write into a case and read from it again: one place for their names. Internal to tools.
namespace resolute::tools {

json::Value customer_facts(const ports::Customer& customer);
json::Value unknown_customer_facts(std::string_view lookup);
std::vector<ports::Order> orders_of(const json::Value& customer);

json::Value issue_facts(const ports::Understanding& issue);
ports::Understanding issue_of(const json::Value& facts);

json::Value article_facts(const ports::SearchHit& hit);
std::vector<ports::SearchHit> hits_of(const json::Value& articles);

/// A draft as the mailing tools take it: who it is from, the exact text with its hash, what it rests on.
json::Value draft_facts(const ports::Draft& draft, const ports::Voice& voice);

/// The customer's name for a greeting: from the CRM, for a verified sender only; else empty.
std::string name_for_greeting(const Call& call);

/// What the customer wrote, newest first, over the whole conversation.
std::string customer_text(const Call& call);

/// "1 hour", "2 hours", "30 minutes".
std::string spoken_duration(Duration duration);

inline TicketId ticket_of(const Call& call) { return TicketId(call.arg("ticket")["id"].as_string()); }
inline CaseId case_of(const Call& call) { return call.ticket.effect.case_id; }
/// For what a case has one of: the same in each visit of a step, so that one whose answer was lost and that people then let try again
/// is not made a second time.
EffectId key_once_a_case(const Call& call);

/// The settlement of a plain write.
engine::Settlement settle(const Status& status, std::string_view outcome);

}  // namespace resolute::tools
