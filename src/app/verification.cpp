// SPDX-License-Identifier: Apache-2.0
#include "app/verification.h"

#include <fmt/format.h>

#include "casework/casework.h"
#include "engine/rows.h"
#include "engine/verify.h"

namespace resolute::app {
namespace {

/// The state and the journal are two looks; where the case went on between them it is looked at again.
constexpr int kLooksMax = 100;

json::Value broken(const CaseId& id, std::uint64_t number, std::string why) {
    return json::Object{{"case", id.value()}, {"number", number}, {"why", std::move(why)}};
}

Result<std::string> check_state(Runtime& runtime, const CaseId& id) {
    for (int look = 1;; ++look) {
        TRY(const auto state, runtime.engine().find_state(id));
        TRY(const auto journal, engine::read_journal(runtime.storage().engine_store(), runtime.vault(), id));
        if (!state) return std::string("the case has a journal, but no state");
        if (state->version != journal.size() && look < kLooksMax) continue;
        return differs_from_fold(*state, journal);
    }
}

}  // namespace

std::string differs_from_fold(const casework::CaseState& state, const std::vector<casework::CaseEvent>& journal) {
    const casework::CaseState folded = casework::fold(journal);
    if (folded == state) return {};
    const json::Value a = casework::to_json(folded);
    const json::Value b = casework::to_json(state);
    for (const auto& [name, value] : a.as_object())
        if (b[name] != value) return fmt::format("\"{}\" of the state is not what the journal's {} events say", name, journal.size());
    return fmt::format("the state is not what the journal's {} events say", journal.size());
}

Result<json::Value> verify_everything(Runtime& runtime) {
    TRY(const std::vector<CaseId> ids, runtime.cases().all_case_ids());
    TRY(const engine::VerifyReport report, engine::verify(runtime.storage().engine_store(), ids));
    json::Array wrong;
    for (const engine::BrokenJournal& journal : report.broken) wrong.push_back(broken(journal.case_id, journal.number, journal.why));
    for (const CaseId& id : ids) {
        // A case that cannot even be loaded is a finding of its own; the others are looked at all the same.
        const auto why = check_state(runtime, id);
        if (!why)
            wrong.push_back(broken(id, 0, describe(why.error())));
        else if (!why->empty())
            wrong.push_back(broken(id, 0, *why));
    }
    TRY(const auto pending, runtime.storage().intake().list({.outcome = ports::MailOutcome::pending, .case_id = {}}));
    return json::Value(json::Object{{"cases", report.cases},
                                    {"events", report.events},
                                    {"is_sound", wrong.empty()},
                                    {"broken", std::move(wrong)},
                                    {"mails_without_outcome", pending.size()}});
}

}  // namespace resolute::app
