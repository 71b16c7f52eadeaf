// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "json/json.h"

namespace resolute::procedure {

/// The original's words for what a step is.
enum class ToolCategory { integration, prompt };
enum class ActionType { read, create, update, extraction, decision, generation };

/// What repeating a call does to the world.
enum class EffectClass {
    computes,    ///< Nothing outside (a model may be asked): repeat freely, first committed answer wins.
    reads,       ///< Looks at the outside: repeat freely.
    idempotent,  ///< Writes by a key that the other side keeps: repeating the same bytes is safe.
    guarded,     ///< Writes without such a key: an unclear end must be reconciled, never repeated blindly.
    mails,       ///< As guarded; the payload is a frozen mail and the gate applies.
    waits,       ///< No call at all: the step ends by a signal or a timer.
};

/// What a check and the core need to know of a tool; the tools themselves live above.
struct ToolSignature {
    std::string name;  ///< "crm.find_customer"
    std::string purpose;  ///< one line, for `tool list` and messages
    ToolCategory category = ToolCategory::integration;
    ActionType action = ActionType::read;
    EffectClass effect = EffectClass::reads;
    std::string integration;            ///< bulkhead and availability: "crm", "helpdesk", "mail", "chat", "knowledge", "language", "files", "people"
    bool is_always_there = false;       ///< the core calls it beside every procedure (assigning tasks, telling people)
    std::vector<std::string> outcomes;  ///< every label it can end in
    std::vector<std::string> needs;     ///< top-level facts it cannot work without; of a mailing tool the first is the draft it sends
    std::vector<std::string> uses;      ///< top-level facts it takes where they are there
    /// Facts it produces, by path, with the type a condition sees: "bool", "int", "double", "string", "money", "duration",
    /// "instant", "list", "map". A path with a dot is a field: {"customer","map"}, {"customer.tier","string"}.
    std::map<std::string, std::string> produces;
    /// Facts that hold where the tool failed for good and the procedure goes on without it ({"customer":{"lookup":"failed",…}}).
    json::Value failure_facts;
};

using ToolCatalogue = std::map<std::string, ToolSignature, std::less<>>;

std::string_view to_string(ToolCategory category);
std::string_view to_string(ActionType action);
std::string_view to_string(EffectClass effect);

}  // namespace resolute::procedure
