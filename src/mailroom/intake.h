// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "base/id.h"
#include "base/result.h"
#include "casework/casework.h"
#include "mail/parsed_email.h"
#include "mail/raw_mail.h"
#include "mailroom/route.h"
#include "ports/case_queries.h"
#include "ports/intake_store.h"
#include "ports/mail_source.h"

namespace resolute::mailroom {

/// Where cases take their mail: the engine, as far as the mailroom needs it. Threads: any.
class CaseInbox {
public:
    virtual ~CaseInbox() = default;
    /// Durable when it returns, exactly once per input: the same input again changes nothing.
    virtual Status receive(const CaseId& id, const casework::Signal& signal, const InputId& input) = 0;
    /// The case that took this input, if one did.
    virtual Result<std::optional<CaseId>> find_input(const InputId& input) = 0;
};

using Parser = std::function<mail::ParsedEmail(std::string_view raw)>;
using VipHint = std::function<bool(std::string_view address)>;

struct IntakeOptions {
    std::string authserv_id;  ///< whose Authentication-Results are believed; empty: nobody's
    RouteRules rules;
    /// Called between the VIPs of a round and the others, with the VIPs' new cases; may wait a moment. May be empty.
    std::function<void(const std::vector<CaseId>&)> after_vips;
    /// Whether this mail, whose outcome is about to be durable, is to be put away at its source. May be empty: none is.
    std::function<bool(const ports::MailRecord&)> puts_away = {};
    VipHint vip_hint;                  ///< may be empty. Only the order of work rests on it: the address is a claim
    std::size_t list_max = 256;        ///< mails taken from one source in a round
    std::size_t pending_max = 10'000;  ///< mails looked at for the order of work
    std::size_t held_max = 10'000;     ///< mails that no other intake gets meanwhile; where there are others, what a second takes
    std::size_t work_max = 256;        ///< mails worked off in a round
    bool works_first = false;          ///< what is kept goes before a look for more, which may take seconds after a start
};

/// What one round did.
struct IntakeRound {
    struct Problem {
        std::string where;  ///< the source's name, or the mail's id
        Error error;
    };
    std::size_t kept = 0;    ///< raw mails newly made durable
    std::size_t known = 0;   ///< listed again although they were kept before
    std::size_t opened = 0;  ///< outcome new_case
    std::size_t appended = 0;
    std::size_t ignored = 0;
    std::size_t quarantined = 0;
    std::vector<Problem> problems;    ///< sources and mails that were left for the next round; the others went on
    std::optional<Error> stopped_by;  ///< a store or the engine failed: what is left is pending, nothing is lost

    [[nodiscard]] std::size_t concluded() const { return opened + appended + ignored + quarantined; }
    /// Nothing came, nothing happened, nothing failed.
    [[nodiscard]] bool is_idle() const { return kept + known + concluded() == 0 && problems.empty() && !stopped_by; }
};

inline constexpr Duration kHold = std::chrono::seconds(5);  ///< how long claimed mails are ours; a dead intake's are another's then

/// Takes mails in. Each ends in exactly one recorded outcome, whatever fails in between:
///
///     source ─fetch─▶ keep (durable) ─▶ done at the source
///                       │ pending
///                       ▼
///     count attempt ─▶ parse ─▶ judge sender ─▶ route ─▶ engine receive ("mail/<id>") ─▶ conclude
///
/// After a crash between the last two the engine knows the input, and the mail is concluded with the case that has it. A mail
/// whose reading ended three programs is quarantined before it ends a fourth.
///
/// Threads: `run_once` one at a time; beside it `fetch_from`, one at a time for each source, and `submit` from any.
class Intake {
public:
    Intake(std::vector<ports::MailSource*> sources, ports::IntakeStore& store, ports::CaseQueries& cases, CaseInbox& inbox,
           Parser parse, IntakeOptions options);

    /// Fetches what is new, then works off what is pending: VIPs first, then the oldest.
    IntakeRound run_once(Instant now);

    /// Fetches from a source that is none of `sources`: one that may be slow or away, on a thread of its own beside run_once, which
    /// works off what was kept here.
    IntakeRound fetch_from(ports::MailSource& source, Instant now);
    /// Whoever fetches keeps what he has and ends. Threads: any.
    void close() { is_closing_ = true; }

    /// Keeps and works off one mail that was handed in and came now, as its `received_at` says; its position becomes "submit" and the
    /// hash of its bytes, so the same file twice is one mail. On an error after keeping, it is pending: a later round takes it up, and so does the same call.
    Result<ports::MailRecord> submit(mail::RawMail mail);

    /// Keeps one mail, which a later round works off; true: it was new. Of one that is too large (`is_head`) it has the beginning only.
    Result<bool> keep(mail::RawMail mail, bool is_head, Instant now);

    /// Works off a mail that is kept and pending, now; one that has an outcome stays as it is. On an error it is pending, and a later
    /// round takes it up.
    Result<ports::MailRecord> take_up(const MailId& id, Instant now);

private:
    struct Batch {
        std::vector<mail::SourcePosition> positions;  ///< as listed: what `done` is told
        std::vector<mail::RawMail> mails;
        std::vector<std::uint64_t> sizes;
        std::size_t bytes = 0;
    };
    void fetch(Instant now, IntakeRound& round);
    void work(Instant now, IntakeRound& round);
    void fetch_from(ports::MailSource& source, Instant now, IntakeRound& round);
    /// What is to be fetched. Of an immutable source only what is not kept yet: after a start that is what came meanwhile, not all.
    Result<std::vector<mail::SourcePosition>> list_new(ports::MailSource& source, IntakeRound& round);
    Status flush(ports::MailSource& source, Batch& batch, IntakeRound& round);
    void note_vip(const mail::RawMail& mail, const MailId& id);
    Result<bool> is_vip(const ports::MailRecord& record);
    Status claim(Instant now);
    Status claim_vips(Instant now, std::size_t most);
    void forget_vips(const std::vector<ports::MailRecord>& but);
    void hold(std::vector<ports::MailRecord> claimed, Instant until);
    [[nodiscard]] bool is_vip_known(const MailId& id);
    Result<std::vector<ports::MailRecord>> work_list(Instant now);

    Result<ports::MailRecord> work_off(const ports::MailRecord& pending, Instant now);
    Result<bool> begin(const MailId& id);
    Status deliver(ports::MailRecord& record, const mail::ParsedEmail& email, const InputId& input, Instant now);
    Status open_case(ports::MailRecord& record, const mail::ParsedEmail& email, const SenderTrust& sender, const NewCase& route,
                     const InputId& input);
    Status append(ports::MailRecord& record, const mail::ParsedEmail& email, const SenderTrust& sender, const ExistingCase& route,
                  const InputId& input);
    Status note_bounce(ports::MailRecord& record, const Bounced& route, const InputId& input);
    Result<ports::MailRecord> conclude(ports::MailRecord record);
    static void count(const ports::MailRecord& record, IntakeRound& round);

    const std::vector<ports::MailSource*> sources_;
    ports::IntakeStore& store_;
    ports::CaseQueries& cases_;
    CaseInbox& inbox_;
    const Parser parse_;
    const IntakeOptions options_;

    std::atomic<bool> is_closing_{false};
    std::mutex turn_;  // One mail at a time is worked off: two copies side by side would not see each other. Held across I/O.
    std::set<MailId> begun_;  // Attempts counted by this program that did not end it. Guarded by turn_.
    struct Held {
        ports::MailRecord record;
        Instant until;
    };
    std::vector<Held> held_;       // Claimed, oldest first. run_once only, as the next.
    std::set<MailId> finished_;    // Of those, what was worked off.
    std::mutex vip_mutex_;
    std::map<MailId, bool> vip_;  // Guarded by vip_mutex_; pending mails only.
};

/// The case that a mail opens, whenever and wherever it is worked off.
CaseId case_id_for(const MailId& mail);
InputId input_id_for(const MailId& mail);
/// Of a mail above the limit only the beginning is kept; returns the size that it had.
std::uint64_t cut_to_limit(mail::RawMail& mail);

}  // namespace resolute::mailroom
