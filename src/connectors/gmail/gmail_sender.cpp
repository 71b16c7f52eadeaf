// SPDX-License-Identifier: Apache-2.0
#include "connectors/gmail/gmail_sender.h"

#include <algorithm>

#include <fmt/format.h>

#include "base/text.h"
#include "mail/outgoing_email.h"
#include "mail/parsed_email.h"

namespace resolute::connectors {
namespace {

constexpr Duration kSettle = std::chrono::seconds(60);  ///< until the search knows of a draft
constexpr std::size_t kWitnessesMax = 10;               ///< of the mails sent last, so many are looked at
constexpr const char* kSentLabel = "SENT";
constexpr const char* kDraftLabel = "DRAFT";

/// What happened before the draft was sent: the mail did not go out, and what says nothing against it does not stop it.
Error before_sending(Error error) {
    error.effect = EffectState::not_sent;
    const bool is_the_mails = error.kind == ErrorKind::invalid && error.code.starts_with("gmail.");
    if (!is_the_mails && error.kind != ErrorKind::timed_out && error.kind != ErrorKind::rate_limited) error.kind = ErrorKind::unavailable;
    return error;
}

Status check(const ports::FrozenMail& mail) {
    if (mail::goes_only_to(mail.bytes, mail.to) && !mail.key.is_empty() && !question_for(mail.message_id).empty()) return {};
    return fail("gmail.recipients", ErrorKind::invalid,
                "Gmail sends to whom the fields of the mail name: there is not exactly the one recipient, or the mail has no key or Message-ID");
}

std::string_view domain_of(std::string_view message_id) { return message_id.substr(std::min(message_id.size(), message_id.rfind('@'))); }

bool is_not_found(const Error& error) { return error.code == "gmail.not_found"; }

}  // namespace

// --- Sending -----------------------------------------------------------------------------------------------------------------

Status GmailSender::send(const ports::FrozenMail& mail, Deadline deadline) {
    TRY_STATUS(check(mail));
    const auto draft = draft_for(mail, deadline);
    if (!draft) return std::unexpected(before_sending(draft.error()));
    const auto sent = client_.send_draft(draft->id, draft->is_as_written ? std::string_view() : std::string_view(mail.bytes), deadline);
    if (!sent) return not_sent_by(mail, *draft, sent.error());
    known_.drop(mail.key);
    return {};
}

Status GmailSender::not_sent_by(const ports::FrozenMail& mail, const Draft& draft, Error error) {
    if (is_not_found(error))
        return fail("gmail.draft_gone", ErrorKind::unavailable, "the draft is no longer there: it was sent before, or a person removed it", EffectState::unknown);
    if (error.effect == EffectState::unknown) {
        // Until it is sent again a person may have changed it.
        known_.put(mail.key, {.draft = Draft{.id = draft.id, .is_as_written = false}, .settled_at = {}});
        return std::unexpected(std::move(error));
    }
    if (error.code != "gmail.refused") return std::unexpected(before_sending(std::move(error)));
    // Gmail will not send this mail: a draft of it is of use to nobody.
    ignore_error(client_.delete_draft(draft.id, Deadline::in(std::chrono::seconds(10))), "it lies there, and does no harm");
    known_.drop(mail.key);
    return std::unexpected(std::move(error));
}

Result<GmailSender::Draft> GmailSender::draft_for(const ports::FrozenMail& mail, Deadline deadline) {
    const Known before = known_.find(mail.key).value_or(Known{});
    if (before.draft) return *before.draft;
    if (const Duration wait = before.settled_at - clock_.monotonic(); wait > Duration::zero())
        return std::unexpected(Error{.code = "gmail.settling",
                                     .kind = ErrorKind::rate_limited,
                                     .retry_after = wait,
                                     .detail = "whether a draft was made is not known yet; it is looked for in a minute"});
    TRY(const std::vector<std::string> found, find_drafts(mail, deadline));
    if (found.empty()) return make_draft(mail, deadline);
    for (std::size_t i = 1; i < found.size(); ++i) TRY_STATUS(client_.delete_draft(found[i], deadline));
    Draft draft{.id = found.front(), .is_as_written = false};
    known_.put(mail.key, {.draft = draft, .settled_at = {}});
    return draft;
}

Result<GmailSender::Draft> GmailSender::make_draft(const ports::FrozenMail& mail, Deadline deadline) {
    auto made = client_.create_draft(mail.bytes, deadline);
    if (!made) {
        if (made.error().effect == EffectState::unknown) {
            known_.put(mail.key, {.draft = {}, .settled_at = clock_.monotonic() + kSettle});
            made.error().retry_after = std::max(made.error().retry_after.value_or(kSettle), kSettle);
        }
        return std::unexpected(std::move(made).error());
    }
    Draft draft{.id = made->id, .is_as_written = true};
    known_.put(mail.key, {.draft = draft, .settled_at = {}});
    return draft;
}

// --- Looking -----------------------------------------------------------------------------------------------------------------

Result<std::vector<std::string>> GmailSender::find_drafts(const ports::FrozenMail& mail, Deadline deadline) const {
    TRY(const GmailIds found, client_.search_drafts(question_for(mail.message_id), deadline));
    std::vector<std::string> ours;
    for (const std::string& id : found.ids) {
        // The search may name one that was sent a moment ago; the draft itself is there, or it is not.
        const auto draft = client_.draft(id, deadline);
        if (!draft && is_not_found(draft.error())) continue;
        if (!draft) return std::unexpected(draft.error());
        if (draft->message.effect == mail.key.value()) ours.push_back(id);
    }
    return ours;
}

Result<bool> GmailSender::is_among_sent(const ports::FrozenMail& mail, Deadline deadline) const {
    TRY(const GmailIds found, client_.search(question_for(mail.message_id), deadline));
    for (const std::string& id : found.ids) {
        const auto message = client_.message_fields(id, deadline);
        if (!message && is_not_found(message.error())) continue;
        if (!message) return std::unexpected(message.error());
        // What lies in the inbox with our fields anybody may have written; what was sent, only we.
        if (message->effect == mail.key.value() && message->has_label(kSentLabel) && !message->has_label(kDraftLabel)) return true;
    }
    return false;
}

Result<ports::Delivery> GmailSender::search_is_ahead(const ports::FrozenMail& mail, Deadline deadline) const {
    const auto written_at = mail::parse(mail.bytes).date;
    if (!written_at) return ports::Delivery::unknown;
    TRY(const GmailIds sent, client_.list_label(kSentLabel, {}, deadline));
    for (std::size_t i = 0; i < std::min(sent.ids.size(), kWitnessesMax); ++i) {
        const auto witness = client_.message_fields(sent.ids[i], deadline);
        if (!witness && is_not_found(witness.error())) continue;
        if (!witness) return std::unexpected(witness.error());
        if (witness->effect == mail.key.value()) return ports::Delivery::sent;
        // Ours, later than this one, and with the Message-ID that we gave it: what Gmail renames, the search would not find.
        const bool is_later = witness->received_at && *witness->received_at >= *written_at;
        if (witness->effect.empty() || !is_later || domain_of(witness->message_id) != domain_of(mail.message_id)) continue;
        const std::string question = question_for(witness->message_id);
        if (question.empty()) continue;
        TRY(const GmailIds found, client_.search(question, deadline));
        if (std::ranges::find(found.ids, sent.ids[i]) != found.ids.end()) return ports::Delivery::absent;
    }
    return ports::Delivery::unknown;
}

Result<ports::Delivery> GmailSender::look_up(const ports::FrozenMail& mail, Deadline deadline) {
    TRY_STATUS(check(mail));
    TRY(const bool is_sent, is_among_sent(mail, deadline));
    if (is_sent) {
        known_.drop(mail.key);
        return ports::Delivery::sent;
    }
    if (const Known before = known_.find(mail.key).value_or(Known{}); before.draft) {
        const auto draft = client_.draft(before.draft->id, deadline);
        if (draft) return ports::Delivery::absent;
        if (is_not_found(draft.error())) return ports::Delivery::unknown;  // Sent, most probably; the search will tell.
        return std::unexpected(draft.error());
    }
    TRY(const std::vector<std::string> drafts, find_drafts(mail, deadline));
    if (!drafts.empty()) return ports::Delivery::absent;
    return search_is_ahead(mail, deadline);
}

}  // namespace resolute::connectors
