// SPDX-License-Identifier: Apache-2.0
#include "mailroom/intake.h"

#include <algorithm>
#include <tuple>
#include <utility>

#include <fmt/format.h>

#include "base/hash.h"
#include "base/log.h"
#include "base/text.h"
#include "mail/address.h"
#include "mailroom/limits.h"
#include "mailroom/sender_scan.h"
#include "mailroom/thread.h"

namespace resolute::mailroom {
namespace {

using ports::MailOutcome;
using ports::MailRecord;

/// True where the machine is in the way, not this mail: the next mail would meet the same.
bool concerns_all_mails(const Error& error) {
    switch (error.kind) {
        case ErrorKind::exhausted:
        case ErrorKind::unavailable:
        case ErrorKind::timed_out:
        case ErrorKind::rate_limited:
            return true;
        case ErrorKind::invalid:
        case ErrorKind::not_found:
        case ErrorKind::refused:
        case ErrorKind::conflict:
        case ErrorKind::corrupt:
        case ErrorKind::internal:
            return false;
    }
    return false;
}

/// True where the case said no, and would say it again.
bool is_refusal(const Error& error) {
    return error.kind == ErrorKind::invalid || error.kind == ErrorKind::refused || error.code.starts_with("case.");
}

std::string case_text(const mail::ParsedEmail& email) {
    // Where all of it looks quoted, the whole text says more than nothing.
    const std::string& text = text::trim(email.visible_text).empty() ? email.text : email.visible_text;
    return text::shorten(text, kCaseTextBytesMax);
}

/// Whom a verified sender names beside us: they may join. Others' mails make nobody a party, so nothing of them is kept.
std::vector<std::string> copied_by(const mail::ParsedEmail& email, casework::Trust trust, const RouteRules& rules) {
    std::vector<std::string> copied;
    if (trust != casework::Trust::verified) return copied;
    for (const auto* list : {&email.to, &email.cc}) {
        for (const mail::Address& one : *list) {
            const bool is_ours = std::ranges::any_of(rules.own_addresses, [&](const std::string& own) { return is_own_address(one.address, own); });
            if (is_ours || !mail::is_safe_recipient(one.address) || mail::is_same_address(one.address, email.from.address)) continue;
            if (copied.size() < kCopiedMax) copied.push_back(one.address);
        }
    }
    return copied;
}

std::string_view code_of(std::string_view reason) {
    return reason.substr(0, reason.find(':'));
}

}  // namespace

CaseId case_id_for(const MailId& mail) {
    return CaseId("c" + short_hash({"case", mail.value()}, 15));
}
InputId input_id_for(const MailId& mail) {
    return InputId("mail/" + mail.value());
}

Intake::Intake(std::vector<ports::MailSource*> sources, ports::IntakeStore& store, ports::CaseQueries& cases, CaseInbox& inbox,
               Parser parse, IntakeOptions options)
    : sources_(std::move(sources)),
      store_(store),
      cases_(cases),
      inbox_(inbox),
      parse_(std::move(parse)),
      options_(std::move(options)) {}

IntakeRound Intake::run_once(Instant now) {
    IntakeRound round;
    if (!options_.works_first) fetch(now, round);
    if (!round.stopped_by) work(now, round);
    if (options_.works_first && !round.stopped_by) fetch(now, round);
    return round;
}

void Intake::work(Instant now, IntakeRound& round) {
    auto list = work_list(now);
    if (!list) {
        round.stopped_by = std::move(list).error();
        return;
    }
    std::vector<CaseId> vips;
    for (const MailRecord& pending : *list) {
        const Result<bool> hint = options_.vip_hint ? is_vip(pending) : Result<bool>(false);
        const bool is_first = hint.value_or(false);
        if (!is_first && !vips.empty() && options_.after_vips) options_.after_vips(std::exchange(vips, {}));
        auto record = work_off(pending, now);
        if (record && is_first && record->outcome == MailOutcome::new_case) vips.push_back(record->case_id);
        if (record) {
            finished_.insert(pending.id);
            count(*record, round);
            continue;
        }
        LOG(warning, "mail left pending", kv("mail", pending.id.value()), kv("error", record.error().code));
        if (concerns_all_mails(record.error())) {
            round.stopped_by = std::move(record).error();
            return;
        }
        round.problems.push_back({pending.id.value(), std::move(record).error()});
    }
}

Result<MailRecord> Intake::submit(mail::RawMail mail) {
    const Instant now = mail.received_at;
    mail.position = {.account = "submit", .folder = "", .uid = sha256_hex(mail.bytes)};
    const std::uint64_t size = cut_to_limit(mail);
    const MailId id = mail::id_of(mail);
    TRY(const std::vector<bool> is_new, store_.keep({std::move(mail)}, {size}));
    return take_up(id, now);
}

Result<MailRecord> Intake::take_up(const MailId& id, Instant now) {
    MailRecord record;
    record.id = id;
    return work_off(record, now);
}

// --- The order of work -------------------------------------------------------------------------------------------------------

void Intake::note_vip(const mail::RawMail& mail, const MailId& id) {
    if (!options_.vip_hint) return;
    const bool is_vip = options_.vip_hint(scan_sender(mail.bytes));
    const std::lock_guard lock(vip_mutex_);
    vip_[id] = is_vip;
}

Result<bool> Intake::is_vip(const MailRecord& record) {
    {
        const std::lock_guard lock(vip_mutex_);
        const auto noted = vip_.find(record.id);
        if (noted != vip_.end()) return noted->second;
    }
    auto bytes = store_.load_blob(record.blob);
    if (!bytes && concerns_all_mails(bytes.error())) return std::unexpected(std::move(bytes).error());
    note_vip({.position = {}, .received_at = {}, .bytes = bytes.value_or("")}, record.id);
    const std::lock_guard lock(vip_mutex_);
    return vip_[record.id];
}

/// What we hold is ours until its hold is over: what a round does not come to, or fails at, is the next one's.
Status Intake::claim(Instant now) {
    std::erase_if(held_, [&](const Held& held) { return held.until <= now || finished_.contains(held.record.id); });
    finished_.clear();
    const bool sorts = static_cast<bool>(options_.vip_hint);
    const std::size_t looked_at = sorts ? std::max(options_.pending_max, options_.work_max) : options_.work_max;
    const std::size_t most = std::min(looked_at, options_.held_max);
    if (held_.size() >= most) return {};
    const std::size_t room = most - held_.size();
    TRY(auto claimed, store_.claim_pending(now, room, kHold));
    const bool is_all = claimed.size() < room;
    hold(std::move(claimed), now + kHold);
    if (!sorts || most == looked_at) return {};
    if (!is_all) return claim_vips(now, most);
    forget_vips({});
    return {};
}

void Intake::hold(std::vector<MailRecord> claimed, Instant until) {
    for (MailRecord& record : claimed) held_.push_back({.record = std::move(record), .until = until});
}

/// Where little is held, the VIPs' mails among those that are left are taken too. Few are read for that in a round, so that a
/// program which just started works before it knows them all.
Status Intake::claim_vips(Instant now, std::size_t most) {
    TRY(const auto pending, store_.list({.outcome = MailOutcome::pending, .case_id = {}, .limit = options_.pending_max}));
    if (pending.size() < options_.pending_max) forget_vips(pending);
    std::vector<MailId> vips;
    std::size_t scans = 0;
    for (const MailRecord& record : pending) {
        if (!is_vip_known(record.id) && ++scans > kVipScansMax) continue;
        TRY(const bool is_first, is_vip(record));
        if (is_first) vips.push_back(record.id);
        if (vips.size() == most) break;
    }
    if (vips.empty()) return {};
    TRY(auto claimed, store_.claim_mails(vips, now, kHold));
    hold(std::move(claimed), now + kHold);
    return {};
}

/// What is neither ours nor pending was another intake's; nobody will ask for it again.
void Intake::forget_vips(const std::vector<MailRecord>& but) {
    std::set<MailId> wanted;
    for (const MailRecord& record : but) wanted.insert(record.id);
    for (const Held& held : held_) wanted.insert(held.record.id);
    const std::lock_guard lock(vip_mutex_);
    std::erase_if(vip_, [&](const auto& noted) { return !wanted.contains(noted.first); });
}

bool Intake::is_vip_known(const MailId& id) {
    const std::lock_guard lock(vip_mutex_);
    return vip_.contains(id);
}

Result<std::vector<MailRecord>> Intake::work_list(Instant now) {
    const bool sorts = static_cast<bool>(options_.vip_hint);
    TRY_STATUS(claim(now));
    std::vector<std::pair<bool, std::size_t>> order;
    for (std::size_t i = 0; i < held_.size(); ++i) {
        const Result<bool> is_first = sorts ? is_vip(held_[i].record) : Result<bool>(false);
        if (!is_first) return std::unexpected(is_first.error());
        order.emplace_back(!*is_first, i);
    }
    std::ranges::sort(
        order, {}, [&](const auto& entry) { return std::tuple(entry.first, held_[entry.second].record.received_at, entry.second); });
    if (order.size() > options_.work_max) order.resize(options_.work_max);
    std::vector<MailRecord> work;
    for (const auto& [is_later, index] : order) work.push_back(held_[index].record);
    return work;
}

// --- Working off -------------------------------------------------------------------------------------------------------------

Result<MailRecord> Intake::work_off(const MailRecord& pending, Instant now) {
    const std::lock_guard turn(turn_);
    TRY(std::optional<MailRecord> found, store_.find(pending.id));
    if (!found)
        return fail("intake.mail_unknown", ErrorKind::corrupt,
                    fmt::format("the mail {} is listed but not kept", pending.id.value()));
    MailRecord record = *std::move(found);
    if (record.outcome != MailOutcome::pending) return record;  // Another thread was quicker.

    // Asked before the attempt is counted: while the engine is away no mail may collect attempts.
    const InputId input = input_id_for(record.id);
    TRY(const std::optional<CaseId> taken_by, inbox_.find_input(input));
    if (taken_by) {
        record.case_id = *taken_by;
        record.outcome = *taken_by == case_id_for(record.id) ? MailOutcome::new_case : MailOutcome::appended;
    }
    TRY(const bool may_read, begin(record.id));
    // Which a case has taken was read without harm; with its Message-ID and content its copies are known again.
    if (!may_read && !taken_by) {
        record.outcome = MailOutcome::quarantined;
        record.reason = fmt::format("mail.poison: the program ended {} times while reading it", kAttemptsMax);
        return conclude(std::move(record));
    }
    auto bytes = store_.load_blob(record.blob);
    if (!bytes) {
        if (concerns_all_mails(bytes.error())) return std::unexpected(std::move(bytes).error());
        if (taken_by) return conclude(std::move(record));  // The case has the text; only the record stays bare.
        record.outcome = MailOutcome::quarantined;
        record.reason = fmt::format("mail.unreadable: {}", describe(bytes.error()));
        return conclude(std::move(record));
    }
    const mail::ParsedEmail email = parse_(*bytes);
    record.from = email.from.address;
    record.subject = email.subject;
    record.message_id = email.message_id;
    record.content_key = content_key_of(email);
    if (!taken_by) TRY_STATUS(deliver(record, email, input, now));
    return conclude(std::move(record));
}

/// Counts this program's one attempt at the mail, and says whether it may be made. An error that we survive is no reason to
/// count again: only what ends programs is poison.
Result<bool> Intake::begin(const MailId& id) {
    if (begun_.contains(id)) return true;
    TRY(const int attempts, store_.count_attempt(id));
    if (attempts > kAttemptsMax) return false;
    begun_.insert(id);
    return true;
}

Status Intake::deliver(MailRecord& record, const mail::ParsedEmail& email, const InputId& input, Instant now) {
    const SenderTrust sender = judge_sender(email, options_.authserv_id);
    TRY(const Route routed, route({.record = record, .email = email, .sender = sender, .now = now}, options_.rules, store_, cases_));
    if (const auto* opened = std::get_if<NewCase>(&routed)) return open_case(record, email, sender, *opened, input);
    if (const auto* appended = std::get_if<ExistingCase>(&routed)) return append(record, email, sender, *appended, input);
    if (const auto* quarantined = std::get_if<Quarantined>(&routed)) {
        record.outcome = MailOutcome::quarantined;
        record.reason = quarantined->why;
        return {};
    }
    if (const auto* bounced = std::get_if<Bounced>(&routed)) return note_bounce(record, *bounced, input);
    const auto& ignored = std::get<Ignored>(routed);
    record.outcome = MailOutcome::ignored;
    record.reason = ignored.why;
    record.case_id = ignored.case_id;
    return {};
}

Status Intake::open_case(MailRecord& record, const mail::ParsedEmail& email, const SenderTrust& sender, const NewCase& route,
                         const InputId& input) {
    casework::CaseOpened opened;
    opened.id = case_id_for(record.id);
    opened.mail_id = record.id;
    opened.message_id = email.message_id;
    opened.sender = email.from.address;
    opened.trust = sender.trust;
    opened.trust_reason = sender.reason;
    opened.subject = email.subject;
    opened.text = case_text(email);
    opened.intake_problem = route.intake_problem;
    opened.linked_case = route.linked_case;
    opened.copied = copied_by(email, sender.trust, options_.rules);
    const CaseId id = opened.id;
    if (Status received = inbox_.receive(id, std::move(opened), input); !received) {
        if (!is_refusal(received.error())) return received;
        record.outcome = MailOutcome::quarantined;
        record.reason = fmt::format("mail.not_admitted: {}", describe(received.error()));
        return {};
    }
    record.outcome = MailOutcome::new_case;
    record.case_id = id;
    record.reason = route.intake_problem;
    if (record.reason.empty() && !route.linked_case.empty())
        record.reason = fmt::format("refers to case {}, which it may not join", route.linked_case);
    return {};
}

Status Intake::append(MailRecord& record, const mail::ParsedEmail& email, const SenderTrust& sender, const ExistingCase& route,
                      const InputId& input) {
    casework::MailArrived arrived;
    arrived.mail = {.mail_id = record.id,
                    .message_id = email.message_id,
                    .sender = email.from.address,
                    .subject = email.subject,
                    .text = case_text(email),
                    .copied = copied_by(email, route.sender_trust, options_.rules),
                    .unattended = route.unattended};
    arrived.trust = route.sender_trust;
    arrived.mail.trust_reason = sender.reason;
    if (Status received = inbox_.receive(route.case_id, std::move(arrived), input); !received) {
        if (!is_refusal(received.error())) return received;
        // The old case takes nothing more: what the customer wrote must reach somebody all the same.
        return open_case(record, email, sender, {.intake_problem = {}, .linked_case = route.case_id.value()}, input);
    }
    record.outcome = MailOutcome::appended;
    record.case_id = route.case_id;
    return {};
}

Status Intake::note_bounce(MailRecord& record, const Bounced& route, const InputId& input) {
    casework::BounceArrived arrived;
    arrived.bounce = {.effect = route.effect, .is_permanent = route.is_permanent, .status = route.status, .diagnostic = route.diagnostic, .report = record.id};
    record.case_id = route.case_id;
    record.reason = fmt::format("mail.bounce: failed {}; our mail {} came back", route.status, route.effect.value());
    if (Status received = inbox_.receive(route.case_id, std::move(arrived), input); !received) {
        if (!is_refusal(received.error())) return received;
        record.outcome = MailOutcome::ignored;
        record.reason += "; " + received.error().code;
        return {};
    }
    record.outcome = MailOutcome::appended;
    return {};
}

Result<MailRecord> Intake::conclude(MailRecord record) {
    record.is_to_put_away = options_.puts_away && options_.puts_away(record);
    TRY_STATUS(store_.conclude(record));
    begun_.erase(record.id);
    {
        const std::lock_guard lock(vip_mutex_);
        vip_.erase(record.id);
    }
    LOG(info, "mail concluded", kv("mail", record.id.value()), kv("outcome", ports::to_string(record.outcome)),
        kv("case", record.case_id.value()), kv("reason", code_of(record.reason)));
    return record;
}

void Intake::count(const MailRecord& record, IntakeRound& round) {
    switch (record.outcome) {
        case MailOutcome::pending:
            return;
        case MailOutcome::new_case:
            ++round.opened;
            return;
        case MailOutcome::appended:
            ++round.appended;
            return;
        case MailOutcome::quarantined:
            ++round.quarantined;
            return;
        case MailOutcome::ignored:
            ++round.ignored;
            return;
    }
}

}  // namespace resolute::mailroom
