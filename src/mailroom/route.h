// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/id.h"
#include "base/result.h"
#include "mail/parsed_email.h"
#include "mail/thread_token.h"
#include "mailroom/trust.h"
#include "ports/case_queries.h"
#include "ports/intake_store.h"

namespace resolute::mailroom {

/// What becomes of one mail. Exactly one of these, for every mail.
struct NewCase {
    std::string intake_problem;  ///< why a person must read it (step 1 ends `failed`), or empty
    std::string linked_case;     ///< the conversation it refers to without being a party to it, or empty
    friend bool operator==(const NewCase&, const NewCase&) = default;
};
/// A signal to the conversation that it answers.
struct ExistingCase {
    CaseId case_id;
    casework::Trust sender_trust = casework::Trust::unverified;
    std::string unattended = {};  ///< why it looks as if a program had written it, or empty
    friend bool operator==(const ExistingCase&, const ExistingCase&) = default;
};
/// Nothing that a case could be made of; a person may look at it in the list.
struct Quarantined {
    std::string why;  ///< "mail.empty: …"
    friend bool operator==(const Quarantined&, const Quarantined&) = default;
};
/// Opens no case and is never answered (RFC 3834).
struct Ignored {
    std::string why;  ///< "mail.bounce: Return-Path: <>"
    CaseId case_id;   ///< the case it is about, where that is known
    friend bool operator==(const Ignored&, const Ignored&) = default;
};
/// A mail of ours came back: a signal to its case.
struct Bounced {
    CaseId case_id;
    EffectId effect;
    bool is_permanent = false;
    std::string status;      ///< "5.1.1"; may be empty
    std::string diagnostic;  ///< one line, for people
    friend bool operator==(const Bounced&, const Bounced&) = default;
};
using Route = std::variant<NewCase, ExistingCase, Quarantined, Ignored, Bounced>;

struct RouteRules {
    std::vector<std::string> own_addresses;  ///< the support addresses that we send from
    /// Within it the same text by the same sender is one mail that came by two ways, although it bears another Message-ID, as
    /// some relays give it. Later it is a person who asks again. The same Message-ID with the same text is one mail forever.
    Duration duplicate_window = std::chrono::hours(24);
    /// A mail that reached its mailbox longer ago than this is read by a person and gets no automatic answer: whoever connects a mailbox
    /// with years of mail in it must not write to all of them.
    Duration answer_within = std::chrono::hours(72);
    /// Whose marks name our conversations; null: only ids that are known do. Outlives the rules.
    const mail::ThreadTokens* tokens = nullptr;
};

/// One mail as the router sees it.
struct IncomingMail {
    const ports::MailRecord& record;  ///< of the mail itself; `size`, `is_truncated`, `received_at` are read
    const mail::ParsedEmail& email;
    const SenderTrust& sender;
    Instant now;
};

/// The order of the rules: nothing there, our own mail, automatic mail, duplicates, problems of reading, threading.
/// Threads by marks and ids (thread.h), and only for a party to the case whose authentication did not fail; never by subject, which
/// anybody can write. Reads the stores, changes nothing; fails only where they fail.
Result<Route> route(const IncomingMail& mail, const RouteRules& rules, ports::IntakeStore& intake, ports::CaseQueries& cases);

/// Equal for the same mail delivered twice: the parse's key over sender, subject and text, and what is attached: two mails
/// "see the photo" with two photos are two. Empty where there is nothing to go by.
std::string content_key_of(const mail::ParsedEmail& email);

}  // namespace resolute::mailroom
