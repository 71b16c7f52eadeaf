// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/id.h"
#include "base/result.h"
#include "casework/event.h"
#include "casework/state.h"

/// What the engine needs of a database. Adapters: storage/memory, storage/sqlite; one conformance suite holds for all
/// (tests/conformance/engine_store_suite.h).
namespace resolute::engine {

/// The right to write: every commit names the epoch it was given, and a store refuses an older one (`store.fenced`).
struct Lease {
    std::string owner;       ///< for people: host and process
    std::uint64_t epoch = 0;  ///< grows by one with every owner
};

/// One event as the journal keeps it.
struct JournalRow {
    std::uint64_t number = 0;  ///< 1, 2, 3 … within the case
    std::string event;         ///< canonical JSON of the CaseEvent
    std::string hash;          ///< hex sha256(previous hash ‖ event); before the first stands sha256 of the case id
};
/// The chain's rule in one place; used when writing and when verifying.
std::string chain_hash(std::string_view previous_hash, std::string_view event);
std::string chain_start(const CaseId& id);

enum class EffectStatus {
    intended,     ///< claimed by an owner; its attempt is counted
    waiting,      ///< may be claimed from `next_at` on
    unclear,      ///< may have happened; reconciled from `next_at` on
    reconciling,  ///< claimed for looking
    held,         ///< a person must say what became of it
    confirmed,
    refused,
    failed,
};
std::string_view to_string(EffectStatus status);
std::optional<EffectStatus> parse_effect_status(std::string_view text);

struct EffectRecord {
    casework::Effect effect;
    EffectStatus status = EffectStatus::waiting;
    int attempt = 0;       ///< attempts begun, counted before each runs
    int crashes = 0;       ///< how often the program died while it was intended
    Instant next_at{};     ///< waiting, unclear
    std::int64_t rank = 0;  ///< claims go by the smallest: see rank_of in engine.h
    std::string last_error;  ///< code
};

/// A change to an effect that was planned before. One that leaves `held` is a person's word: its crashes count from zero again.
struct EffectUpdate {
    EffectId id;
    EffectStatus status = EffectStatus::confirmed;
    Instant next_at{};
    std::string last_error;
};

enum class Lifecycle { active, closed, quarantined };

/// One transaction: what happened to one case, whole or not at all.
struct CaseCommit {
    CaseId case_id;
    std::uint64_t expected_version = 0;  ///< journal length before; 0 makes a new case. Else `store.version_conflict`
    std::vector<JournalRow> events;
    std::vector<EffectRecord> new_effects;   ///< `intended` ones are claimed by the committer (attempt 1, its lease)
    std::vector<EffectUpdate> effect_updates;
    std::optional<InputId> input;            ///< the signal this answers: a second commit of the same id is `store.input_known`
    Lifecycle lifecycle = Lifecycle::active;
    std::optional<Instant> wake_at;
    std::int64_t rank = 0;
    casework::CaseSummary summary;           ///< tasks included: the task list is made of these
    std::vector<std::string> message_ids;    ///< mails of this conversation, new ones only: threading finds the case by them
    casework::Claim claim;                   ///< the refund ledger's row; state none: no row
    std::optional<std::string> snapshot;     ///< canonical JSON of the state, where the case goes to sleep or every so many events
};

struct LoadedCase {
    std::string snapshot;          ///< may be empty
    std::uint64_t snapshot_version = 0;
    std::vector<JournalRow> tail;  ///< the events after the snapshot
    std::string head_hash;         ///< of the last event
    std::uint64_t version = 0;
    Lifecycle lifecycle = Lifecycle::active;
};

struct KnownInput { CaseId case_id; std::uint64_t version = 0; };  ///< version: journal length after it

/// Threads: any. Every call may fail with `store.unavailable`, `store.disk_full` (nothing of the commit is there then).
class Store {
public:
    virtual ~Store() = default;

    /// Fences every earlier owner, and hands back what they left: each effect `intended` or `reconciling` becomes `unclear`
    /// (or `waiting` where its class may be repeated) with its crashes counted.
    virtual Result<Lease> acquire(std::string owner, Instant now) = 0;

    /// All of the commits in one durable transaction, in order; a refused one (conflict, known input, fenced) does not hinder
    /// the others. The result has one entry per commit. An error of the whole means that nothing of it happened.
    virtual Result<std::vector<Status>> commit(const Lease& lease, const std::vector<CaseCommit>& commits) = 0;

    virtual Result<std::optional<LoadedCase>> load(const CaseId& id) = 0;
    /// The whole journal, for replay, `case journal` and `verify`.
    virtual Result<std::vector<JournalRow>> journal(const CaseId& id) = 0;

    /// Active cases whose wake has come, best rank first.
    virtual Result<std::vector<CaseId>> due_cases(Instant now, std::size_t limit) = 0;
    /// Counts the attempt (waiting → intended, attempt + 1; unclear → reconciling), then hands it out; best rank first.
    /// With `suspects_only` effects that crashed the program before, one at a time; otherwise only those that did not.
    virtual Result<std::vector<EffectRecord>> claim_effects(const Lease& lease, Instant now, std::size_t limit, bool suspects_only) = 0;
    /// The earliest moment at which due_cases or claim_effects will have something; nothing: never.
    virtual Result<std::optional<Instant>> next_wake() = 0;

    virtual Result<std::optional<KnownInput>> find_input(const InputId& id) = 0;
    virtual Result<std::optional<EffectRecord>> find_effect(const EffectId& id) = 0;

    /// Documents of procedures that open cases are pinned to, by content hash.
    virtual Status keep_procedure(const std::string& content_hash, const std::string& document) = 0;
    virtual Result<std::optional<std::string>> load_procedure(const std::string& content_hash) = 0;
};

}  // namespace resolute::engine
