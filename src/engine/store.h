// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/id.h"
#include "base/money.h"
#include "base/result.h"
#include "casework/event.h"
#include "casework/state.h"

/// What the engine needs of a database. Adapters: storage/memory, storage/sqlite, storage/postgres; one conformance suite holds for all
/// (tests/conformance/engine_store_suite.h).
namespace resolute::engine {

/// The right to write. Every commit names its epoch, and a store refuses one that it has fenced (`store.fenced`).
struct Lease {
    std::string owner;        ///< for people: host and data folder; the same after a restart
    std::uint64_t epoch = 0;  ///< larger than any before
    Duration lasts{};         ///< from each renewal on; zero: until another owner comes (a store with one owner)
};

/// What a worker learns when it renews its lease.
struct Renewal {
    Instant store_time;                      ///< the store's clock, which leases go by
    bool is_frozen = false;                  ///< nothing may leave: see Freeze
    std::optional<Instant> look_first_until; ///< after a freeze: mails of cases that were opened before then look whether they went out before they go
};

/// Outgoing work stands still since the store went back in time (a backup was restored, a standby lagged), or since a person said so.
struct Freeze {
    Instant since;
    std::string why;
    std::string by;  ///< the worker that found it, or a person
    std::optional<Instant> released_at;
    std::string released_by;
    std::optional<Instant> look_first_until;
};

/// One engine that runs or ran, by its last lease.
struct Worker {
    std::string owner;
    std::uint64_t epoch = 0;
    Instant lease_until{};
    bool is_fenced = false;
    std::uint64_t writes = 0;  ///< transactions of `commit` in this lease
};

/// What the journal keeps of one commit. docs/journal.md has both formats.
struct JournalRow {
    std::uint64_t number = 0;  ///< of its first event: 1, 2, 3 … within the case
    std::uint64_t count = 1;   ///< events in it
    std::string events;        ///< format 2: JSON array of the events, without what is personal; format 1: JSON of one event
    std::string sealed;        ///< what is personal in them, encrypted with the subject's key (bytes); empty: nothing is
    std::string hash;          ///< hex; see chain_hash

    friend bool operator==(const JournalRow&, const JournalRow&) = default;
};
/// The chain's rule in one place: format 1 sha256(previous ‖ events), format 2 sha256(previous ‖ events ‖ "\n" ‖ sealed); before the
/// first row stands sha256 of the case id. The text of format 1 begins with '{', that of format 2 with '['.
std::string chain_hash(std::string_view previous_hash, std::string_view events, std::string_view sealed = {});
std::string chain_start(const CaseId& id);

/// A mail whose sender died may be on its way still, and a mailbox does not show at once what it sent: looked for too early, it is
/// absent, and would go out twice.
inline constexpr Duration kQuietAfterDeath = std::chrono::minutes(10);

inline constexpr int kJournalFormat = 2;  ///< the highest that this program reads and writes

enum class EffectStatus {
    intended,     ///< claimed by an owner; its attempt is counted
    waiting,      ///< may be claimed from `next_at` on
    unclear,      ///< may have happened; reconciled from `next_at` on
    reconciling,  ///< claimed for looking
    held,         ///< a person must say what became of it
    confirmed,    ///< this and the rest are ends: the row goes; of mails and guarded calls a line stays for ever (`sent`)
    refused,
    failed,
};
std::string_view to_string(EffectStatus status);
std::optional<EffectStatus> parse_effect_status(std::string_view text);
/// Nothing moves an effect that ended.
bool has_ended(EffectStatus status);
/// Whether its id stays known for ever after its end: what must not happen twice.
bool is_remembered(procedure::EffectClass effect_class);

struct EffectRecord {
    casework::Effect effect;   ///< its payload as it is kept: sealed with the key of `data_subject`, plain where that is empty
    std::string data_subject;
    bool resolves = false;     ///< the mail that answers a case without a person: the store checks the refund rule on it
    EffectStatus status = EffectStatus::waiting;
    std::uint64_t epoch = 0;   ///< intended, reconciling: whose it is
    int attempt = 0;           ///< attempts begun, counted before each runs
    int crashes = 0;           ///< how often its owner died while it was intended
    Instant next_at{};         ///< waiting, unclear
    std::int64_t rank = 0;     ///< claims go by the smallest: see rank_of in engine.h
    std::string last_error;    ///< code
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
    std::uint64_t expected_version = 0;  ///< events in the journal before; 0 makes a new case. Else `store.version_conflict`
    std::string expected_head;           ///< hash of the last row before (chain_start for a new case); another is a `store.version_conflict` too
    std::uint64_t version = 0;           ///< after
    std::vector<JournalRow> rows;
    std::vector<EffectRecord> new_effects;   ///< `intended` ones are claimed by the committer (attempt 1, its lease)
    std::vector<EffectUpdate> effect_updates;
    std::optional<InputId> input;            ///< the signal this answers: a second commit of the same id is `store.input_known`
    Lifecycle lifecycle = Lifecycle::active;
    std::optional<Instant> wake_at;
    std::int64_t rank = 0;
    std::string procedure_hash;
    std::string data_subject;
    std::optional<casework::CaseSummary> summary;  ///< where it differs from the last one; a case's first commit has it
    std::vector<casework::Task> tasks;             ///< those that are new or changed
    std::vector<std::string> message_ids;          ///< mails of this conversation, new ones only: threading finds the case by them
    std::optional<casework::Claim> claim;          ///< the refund ledger's row where it changed; state none: no row
    std::optional<std::string> snapshot;           ///< the state, sealed, where the case goes to sleep or every so many events
};

struct Committed {
    std::vector<Status> results;  ///< one for each commit, in order
    std::uint64_t writes = 0;     ///< of this lease, this transaction included; what a worker did not expect means that the store went back in time
};

struct LoadedCase {
    std::string snapshot;          ///< sealed; may be empty
    std::uint64_t snapshot_version = 0;
    std::vector<JournalRow> tail;  ///< the rows after the snapshot
    std::string head_hash;         ///< of the last row
    std::uint64_t version = 0;
    std::string data_subject;
    Lifecycle lifecycle = Lifecycle::active;
};

struct KnownInput { CaseId case_id; std::uint64_t version = 0; };  ///< version: journal length after it

/// A key of a person, as it is kept: sealed with the master key (vault.h).
struct SubjectRow {
    std::string id;           ///< blind name and generation, "5f0c…:1"
    std::string wrapped_key;  ///< empty: destroyed
};

/// Threads: any. Every call may fail with `store.unavailable`, `store.disk_full` (nothing of it is there then), a commit also
/// with `store.commit_unknown` (the connection broke while it was on its way: it is there whole or not at all).
class Store {
public:
    virtual ~Store() = default;

    /// A new lease, and what dead owners left is freed (take_over). A store with one owner fences every earlier one.
    /// `journal_format` is what the owner will write; `store.format_newer` where somebody wrote a higher one than kJournalFormat.
    virtual Result<Lease> acquire(std::string owner, Instant now, int journal_format) = 0;
    /// Lengthens the lease. `store.fenced`: it ran out, and somebody took over.
    virtual Result<Renewal> renew(const Lease& lease, Instant now) = 0;
    /// Fences the owners whose lease ran out, by the store's clock, and frees what they held: `intended` becomes `unclear` (`waiting`
    /// where the class may be repeated), `reconciling` becomes `unclear`, with the crash counted. What was intended and is unclear now
    /// is looked up after kQuietAfterDeath, not before. Returns how many effects.
    virtual Result<std::size_t> take_over(const Lease& lease, Instant now) = 0;
    /// A clean end: `not_started` wait again as if never claimed, the rest is freed as by take_over.
    virtual Status release(const Lease& lease, const std::vector<EffectId>& not_started, Instant now) = 0;
    virtual Result<std::vector<Worker>> workers() = 0;
    /// Tells this database from others, also from one restored under the same name but not from its own copies.
    virtual Result<std::string> store_id() = 0;

    /// All of the commits in one durable transaction, in order; a refused one (conflict, known input or effect, `gate.refund_unapproved`)
    /// leaves nothing and does not hinder the others. `store.fenced` refuses the whole. An error of the whole but
    /// `store.commit_unknown` means that nothing of it happened.
    virtual Result<Committed> commit(const Lease& lease, const std::vector<CaseCommit>& commits) = 0;

    virtual Result<std::optional<LoadedCase>> load(const CaseId& id) = 0;
    /// The whole journal, for replay, `case journal` and `verify`.
    virtual Result<std::vector<JournalRow>> journal(const CaseId& id) = 0;

    /// Active cases whose wake has come, best rank first. Their wake moves to `now + hold`, so that no other worker takes them
    /// now and, if this one dies, another does then. The commit that follows sets it anew.
    virtual Result<std::vector<CaseId>> claim_cases(const Lease& lease, Instant now, std::size_t limit, Duration hold) = 0;
    /// Counts the attempt (waiting → intended, attempt + 1; unclear → reconciling), then hands it out; best rank first.
    /// With `suspects_only` effects that crashed the program before, one at a time; otherwise only those that did not.
    /// While frozen, none of the classes `mails` and `guarded`.
    virtual Result<std::vector<EffectRecord>> claim_effects(const Lease& lease, Instant now, std::size_t limit, bool suspects_only) = 0;
    /// What this owner holds (`intended`, `reconciling`): so it finds what a lost reply of `commit` or `claim_effects` hid from it.
    virtual Result<std::vector<EffectRecord>> claimed_effects(const Lease& lease) = 0;
    /// The earliest moment at which claim_cases or claim_effects will have something; nothing: never.
    virtual Result<std::optional<Instant>> next_wake() = 0;

    virtual Result<std::optional<KnownInput>> find_input(const InputId& id) = 0;
    /// Open, or ended and remembered (then without payload, with its end as the status).
    virtual Result<std::optional<EffectRecord>> find_effect(const EffectId& id) = 0;

    /// Documents of procedures that open cases are pinned to, by content hash; with the refund limit that the store itself guards.
    virtual Status keep_procedure(const std::string& content_hash, const std::string& document, const std::optional<Money>& refund_limit) = 0;
    virtual Result<std::optional<std::string>> load_procedure(const std::string& content_hash) = 0;

    /// The living key of this blind name: the one kept, or this one, kept now as the next generation.
    virtual Result<SubjectRow> keep_subject(const std::string& blind_name, const std::string& wrapped_key) = 0;
    virtual Result<std::optional<SubjectRow>> find_subject(const std::string& id) = 0;
    /// This generation lives no longer: keep_subject begins the next. With `destroy` its key is gone, and what it sealed with it.
    virtual Status end_subject(const std::string& id, bool destroy) = 0;

    virtual Result<std::optional<Freeze>> last_freeze() = 0;
    /// Known already: nothing changes.
    virtual Status freeze(const std::string& why, const std::string& by, Instant now) = 0;
    /// `store.not_frozen`. Waiting and intended-but-free mails become `unclear`, so that they look first.
    virtual Status release_freeze(const std::string& by, Instant now, Instant look_first_until) = 0;
};

}  // namespace resolute::engine
