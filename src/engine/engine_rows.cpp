// SPDX-License-Identifier: Apache-2.0
#include <iterator>

#include <fmt/format.h>

#include "base/invariant.h"
#include "casework/journal.h"
#include "engine/engine.h"
#include "engine/rows.h"
#include "engine/slot.h"

/// Between what the core knows and what the store keeps: journal rows, snapshots, payloads, sealed and opened here.
namespace resolute::engine {
namespace {

std::string row_context(const CaseId& id, std::uint64_t number) { return fmt::format("journal/{}/{}", id.value(), number); }
std::string snapshot_context(const CaseId& id, std::uint64_t version) { return fmt::format("snapshot/{}/{}", id.value(), version); }
std::string payload_context(const EffectId& id) { return "effect/" + id.value(); }

}  // namespace

Result<std::vector<casework::CaseEvent>> read_row(Vault& vault, const CaseId& id, const std::string& subject, const JournalRow& row) {
    // Blanked: all that such a row still says is that its case was erased.
    if (row.events.empty()) return std::vector<casework::CaseEvent>(row.count, casework::CaseEvent{{}, casework::CaseErased{}});
    std::string personal;
    if (!row.sealed.empty()) {
        TRY(auto opened, vault.open(subject, row_context(id, row.number), row.sealed));
        if (opened) personal = *std::move(opened);  // Else the key was destroyed: what is not personal remains.
    }
    return casework::read_events(row.events, personal);
}

Result<std::vector<casework::CaseEvent>> read_journal(Store& store, Vault& vault, const CaseId& id) {
    std::vector<casework::CaseEvent> story;
    TRY(const auto head, store.load(id));
    if (!head) return story;
    TRY(const auto rows, store.journal(id));
    for (const JournalRow& row : rows) {
        TRY(auto events, read_row(vault, id, head->data_subject, row));
        std::move(events.begin(), events.end(), std::back_inserter(story));
    }
    return story;
}

Result<std::optional<casework::CaseState>> read_snapshot(Vault& vault, const CaseId& id, const LoadedCase& loaded) {
    if (loaded.snapshot.empty()) return std::nullopt;
    TRY(const auto text, vault.open(loaded.data_subject, snapshot_context(id, loaded.snapshot_version), loaded.snapshot));
    if (!text) return fail("journal.snapshot_unreadable", ErrorKind::corrupt, fmt::format("case {} was erased and has a snapshot", id.value()));
    TRY(casework::CaseState state, casework::read_state(*text));
    return std::optional(std::move(state));
}

Result<std::string> open_payload(Vault& vault, const EffectRecord& record) {
    TRY(auto opened, vault.open(record.data_subject, payload_context(record.effect.id), record.effect.payload));
    if (!opened) return fail("case.erased", ErrorKind::refused, "the payload's key was destroyed with the person's data");
    return *std::move(opened);
}

Status Engine::load(Slot& slot, bool is_new) {
    if (slot.is_loaded) return {};
    std::optional<LoadedCase> loaded;
    if (!is_new) {
        TRY(loaded, store_.load(slot.id));
    }
    slot.state = {};
    slot.head_hash = chain_start(slot.id);
    slot.snapshot_version = 0;
    slot.summary = {};
    if (loaded) {
        TRY(auto snapshot, read_snapshot(vault_, slot.id, *loaded));
        if (snapshot) {
            slot.state = *std::move(snapshot);
            if (slot.state.version != loaded->snapshot_version)
                return fail("journal.snapshot_unreadable", ErrorKind::corrupt,
                            fmt::format("the snapshot of case {} says version {} and stands for {}", slot.id.value(), slot.state.version,
                                        loaded->snapshot_version));
        }
        for (const JournalRow& row : loaded->tail) {
            TRY(const auto events, read_row(vault_, slot.id, loaded->data_subject, row));
            for (const casework::CaseEvent& event : events) casework::advance(slot.state, event);
        }
        if (slot.state.version != loaded->version)
            return fail("journal.unreadable", ErrorKind::corrupt,
                        fmt::format("the journal of case {} has {} events, and its head says {}: rows were changed or are gone", slot.id.value(),
                                    slot.state.version, loaded->version));
        slot.head_hash = loaded->head_hash;
        slot.snapshot_version = loaded->snapshot_version;
        slot.summary = casework::summarise(slot.state);
    }
    slot.is_loaded = true;
    return {};
}

Status Engine::write_rows(CaseCommit& commit, const Advance& advance) {
    if (advance.happened.empty()) return {};
    std::uint64_t number = commit.expected_version + 1;
    std::string head = commit.expected_head;
    if (options_.journal_format == 1 && commit.data_subject.empty()) {
        for (const casework::CaseEvent& event : advance.happened) {
            std::string text = json::dump(casework::to_json(event));
            head = chain_hash(head, text);
            commit.rows.push_back({.number = number++, .count = 1, .events = std::move(text), .sealed = {}, .hash = head});
        }
        return {};
    }
    casework::EventsText text = casework::write_events(advance.happened);
    JournalRow row{.number = number, .count = advance.happened.size(), .events = std::move(text.open), .sealed = {}, .hash = {}};
    if (!text.personal.empty()) {
        TRY(row.sealed, vault_.seal(commit.data_subject, row_context(commit.case_id, number), text.personal));
    }
    row.hash = chain_hash(head, row.events, row.sealed);
    commit.rows.push_back(std::move(row));
    return {};
}

/// Claimed with the commit that plans them, so a step costs one commit; above the queue's limit they wait in the store. While
/// others wait there, these go there too: otherwise the cases at work would keep the queue full, and a VIP's would wait for them.
Status Engine::add_effects(CaseCommit& commit, const Advance& advance, Instant now) {
    if (advance.effects.empty()) return {};
    const bool has_room = options_.runs_effects && dispatcher_.has_room() && !has_backlog_;
    if (!has_room) has_backlog_ = true;
    for (const casework::Effect& effect : advance.effects) {
        EffectRecord record;
        record.effect = effect;
        TRY(record.effect.payload, vault_.seal(commit.data_subject, payload_context(effect.id), effect.payload));
        record.data_subject = commit.data_subject;
        record.resolves = casework::is_automatic_resolution(effect);
        record.next_at = now;
        record.rank = commit.rank;
        if (must_look_first(effect.effect_class, advance.state.opened_at)) {
            record.status = EffectStatus::unclear;
        } else if (has_room && may_claim_now(effect.effect_class)) {
            record.status = EffectStatus::intended;
            record.attempt = 1;
        }
        commit.new_effects.push_back(std::move(record));
    }
    return {};
}

Status Engine::add_snapshot(CaseCommit& commit, const Advance& advance, std::uint64_t last_snapshot) {
    const bool is_long = advance.state.version >= last_snapshot + static_cast<std::uint64_t>(options_.snapshot_every);
    if (has_effect_in_flight(advance.state) && !is_long) return {};
    if (advance.state.is_erased) return {};
    TRY(commit.snapshot, vault_.seal(commit.data_subject, snapshot_context(commit.case_id, commit.version),
                                     casework::write_state(advance.state)));
    return {};
}

}  // namespace resolute::engine
