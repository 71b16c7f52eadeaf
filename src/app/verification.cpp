// SPDX-License-Identifier: Apache-2.0
#include "app/verification.h"

#include <fmt/format.h>

#include <set>

#include "app/anchor.h"
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

/// The snapshot spares the replay: it must be what the replay would give.
Result<std::string> check_snapshot(Runtime& runtime, const CaseId& id) {
    engine::Store& store = runtime.storage().engine_store();
    TRY(const auto head, store.load(id));
    if (!head) return std::string("the case is listed, but not there");
    TRY(const auto snapshot, engine::read_snapshot(runtime.vault(), id, *head));
    if (!snapshot) return std::string();
    TRY(auto journal, engine::read_journal(store, runtime.vault(), id));
    if (snapshot->version > journal.size()) return std::string("the snapshot is ahead of the journal");
    journal.resize(snapshot->version);
    const std::string why = differs_from_fold(*snapshot, journal);
    return why.empty() ? why : "the snapshot: " + why;
}

/// What the journal says went out, the ledger that forbids a second time must know.
Result<std::string> check_sent(Runtime& runtime, const CaseId& id) {
    engine::Store& store = runtime.storage().engine_store();
    TRY(const auto journal, engine::read_journal(store, runtime.vault(), id));
    std::set<EffectId> mails;
    for (const casework::CaseEvent& event : journal) {
        if (const auto* planned = std::get_if<casework::EffectPlanned>(&event.body); planned != nullptr && !planned->message_id.empty())
            mails.insert(planned->effect);
        const auto* succeeded = std::get_if<casework::EffectSucceeded>(&event.body);
        if (succeeded == nullptr || !mails.contains(succeeded->effect)) continue;
        TRY(const auto record, store.find_effect(succeeded->effect));
        if (!record || record->status != engine::EffectStatus::confirmed)
            return fmt::format("mail {} went out, and the ledger of what was sent does not know it", succeeded->effect.value());
    }
    return std::string();
}

/// A database that is behind the anchor was replaced while it ran, or the anchor belongs to another.
Result<std::string> check_anchor(Runtime& runtime) {
    TRY(const auto anchor, read_anchor(runtime.config().anchor_file()));
    if (!anchor) return std::string();
    TRY(const std::string store_id, runtime.storage().engine_store().store_id());
    TRY(const auto workers, runtime.storage().engine_store().workers());
    return engine::find_step_back(*anchor, store_id, workers).value_or(std::string());
}

Status check_cases(Runtime& runtime, const std::vector<CaseId>& ids, json::Array& wrong) {
    for (const CaseId& id : ids) {
        // A case that cannot even be loaded is a finding of its own; the others are looked at all the same.
        for (const auto& check : {check_state, check_snapshot, check_sent}) {
            const auto why = check(runtime, id);
            if (why && why->empty()) continue;
            wrong.push_back(broken(id, 0, why ? *why : describe(why.error())));
            break;
        }
    }
    return {};
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
    TRY_STATUS(check_cases(runtime, ids, wrong));
    TRY(const auto blobs, runtime.storage().maintenance().broken_blobs());
    for (const std::string& hash : blobs) wrong.push_back(broken(CaseId("mail"), 0, "the raw bytes " + hash.substr(0, 12) + "… are not those that came"));
    TRY(const std::string behind, check_anchor(runtime));
    if (!behind.empty()) wrong.push_back(broken(CaseId("store"), 0, behind));
    TRY(const auto pending, runtime.storage().intake().list({.outcome = ports::MailOutcome::pending, .case_id = {}}));
    return json::Value(json::Object{{"cases", report.cases},
                                    {"events", report.events},
                                    {"is_sound", wrong.empty()},
                                    {"broken", std::move(wrong)},
                                    {"mails_without_outcome", pending.size()}});
}

}  // namespace resolute::app
