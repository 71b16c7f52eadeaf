// SPDX-License-Identifier: Apache-2.0
#include "connectors/graph/graph_sender.h"

#include <algorithm>

#include <fmt/format.h>

#include "base/text.h"
#include "mail/outgoing_email.h"
#include "mail/parsed_email.h"

namespace resolute::connectors {
namespace {

constexpr std::size_t kDraftBytesMax = 4'000'000 / 4 * 3;  ///< in base64 four bytes for three

/// What happened before the draft was sent: the mail did not go out, and what says nothing against it does not stop it.
Error before_sending(Error error) {
    const bool is_the_mails = error.kind == ErrorKind::invalid && error.code.starts_with("graph.");
    if (!is_the_mails && error.kind != ErrorKind::timed_out && error.kind != ErrorKind::rate_limited && error.effect != EffectState::unknown)
        error.kind = ErrorKind::unavailable;
    error.effect = EffectState::not_sent;
    return error;
}

Status check(const ports::FrozenMail& mail) {
    if (!mail::goes_only_to(mail.bytes, mail.to) || graph_filter_for_effect(mail.key.value()).empty() || graph_filter_for_message_id(mail.message_id).empty())
        return fail("graph.recipients", ErrorKind::invalid,
                    "Graph sends to whom the fields of the mail name: there is not exactly the one recipient, or the mail has no key or Message-ID");
    if (mail.bytes.size() > kDraftBytesMax)
        return fail("graph.too_large", ErrorKind::invalid,
                    fmt::format("the mail has {} bytes, and Graph makes a draft of at most {}: send what is attached by a link", mail.bytes.size(), kDraftBytesMax));
    return {};
}

bool is_not_found(const Error& error) { return error.code == "graph.not_found"; }

std::unexpected<Error> gone() {
    return fail("graph.draft_gone", ErrorKind::unavailable, "the draft is no longer there: it is on its way or was sent before, or a person removed it", EffectState::unknown);
}

}  // namespace

// --- Sending -----------------------------------------------------------------------------------------------------------------

Status GraphSender::send(const ports::FrozenMail& mail, Deadline deadline) {
    TRY_STATUS(check(mail));
    auto draft = draft_for(mail, deadline);
    if (!draft) {
        if (draft.error().code == "graph.draft_gone") return std::unexpected(std::move(draft).error());
        return std::unexpected(before_sending(std::move(draft).error()));
    }
    Status sent = client_.send_draft(*draft, deadline);
    if (sent) {
        known_.drop(mail.key);
        return {};
    }
    Error& error = sent.error();
    if (is_not_found(error)) return gone();
    if (error.effect == EffectState::unknown) return sent;
    if (error.code != "graph.refused") return std::unexpected(before_sending(std::move(error)));
    // Graph will not send this mail: a draft of it is of use to nobody.
    ignore_error(client_.remove(*draft, Deadline::in(std::chrono::seconds(10))), "it lies there, and does no harm");
    known_.drop(mail.key);
    return sent;
}

Result<std::string> GraphSender::draft_for(const ports::FrozenMail& mail, Deadline deadline) {
    if (const auto draft = known_.find(mail.key)) return *draft;
    TRY(const std::vector<GraphMessage> found, find(mail, deadline));
    std::optional<GraphMessage> draft;
    for (const GraphMessage& message : found) {
        if (!message.is_draft) return gone();
        TRY(const bool is_good, is_as_written(mail, message.id, deadline));
        if (is_good && !draft) {
            draft = message;
            continue;
        }
        const Status removed = client_.remove(message.id, deadline);
        if (!removed && is_not_found(removed.error())) return gone();
        TRY_STATUS(removed);
    }
    if (!draft) {
        TRY(draft, client_.create_draft(mail.bytes, deadline));
    }
    if (draft->effect.empty()) TRY_STATUS(client_.mark(draft->id, mail.key.value(), deadline));
    known_.put(mail.key, draft->id);
    return draft->id;
}

/// Graph writes the MIME of a draft anew, so it is what a reader would see that is compared.
Result<bool> GraphSender::is_as_written(const ports::FrozenMail& mail, const std::string& draft, Deadline deadline) const {
    const auto bytes = client_.mime(draft, 0, deadline);
    if (!bytes && is_not_found(bytes.error())) return gone();
    if (!bytes) return std::unexpected(bytes.error());
    const mail::ParsedEmail is = mail::parse(*bytes);
    const mail::ParsedEmail should = mail::parse(mail.bytes);
    const auto same_files = [](const mail::Attachment& a, const mail::Attachment& b) { return a.sha256_hex == b.sha256_hex; };
    return is.to.size() == should.to.size() && text::equals_ignore_case(is.to.front().address, should.to.front().address) && is.cc.empty() && header(is, "Bcc").empty() &&
           text::trim(is.subject) == text::trim(should.subject) && text::trim(is.text) == text::trim(should.text) &&
           std::ranges::equal(is.attachments, should.attachments, same_files);
}

// --- Looking -----------------------------------------------------------------------------------------------------------------

Result<std::vector<GraphMessage>> GraphSender::find(const ports::FrozenMail& mail, Deadline deadline) const {
    TRY(std::vector<GraphMessage> found, client_.find(graph_filter_for_effect(mail.key.value()), deadline));
    std::erase_if(found, [&](const GraphMessage& message) { return message.effect != mail.key.value(); });
    if (!found.empty()) return found;
    TRY(found, client_.find(graph_filter_for_message_id(mail.message_id), deadline));
    // What is no draft and bears no mark anybody may have written: it only has our Message-ID.
    std::erase_if(found, [&](const GraphMessage& message) { return !message.is_draft || message.internet_message_id != mail.message_id; });
    return found;
}

Result<ports::Delivery> GraphSender::look_at_later_ones(const ports::FrozenMail& mail, Deadline deadline) const {
    const auto written_at = mail::parse(mail.bytes).date;
    if (!written_at) return ports::Delivery::unknown;
    TRY(const std::vector<GraphMessage> sent, client_.last_sent(deadline));
    for (const GraphMessage& witness : sent) {
        if (witness.effect == mail.key.value()) return ports::Delivery::sent;
        if (witness.effect.empty() || !witness.sent_at || *witness.sent_at < *written_at) continue;
        TRY(const std::vector<GraphMessage> again, client_.find(graph_filter_for_effect(witness.effect), deadline));
        if (std::ranges::find(again, witness.id, &GraphMessage::id) != again.end()) return ports::Delivery::absent;
    }
    return ports::Delivery::unknown;
}

Result<ports::Delivery> GraphSender::look_up(const ports::FrozenMail& mail, Deadline deadline) {
    TRY_STATUS(check(mail));
    const auto draft = known_.find(mail.key);
    if (draft) {
        const auto message = client_.message(*draft, deadline);
        if (message && !message->is_draft) {
            known_.drop(mail.key);
            return ports::Delivery::sent;
        }
        if (message) return ports::Delivery::absent;
        if (!is_not_found(message.error())) return std::unexpected(message.error());
        // One report has the id change with the sending: the mark tells.
    }
    TRY(const std::vector<GraphMessage> found, find(mail, deadline));
    if (std::ranges::any_of(found, [](const GraphMessage& message) { return !message.is_draft; })) {
        known_.drop(mail.key);
        return ports::Delivery::sent;
    }
    if (!found.empty()) return ports::Delivery::absent;
    if (draft) return ports::Delivery::unknown;  // It was there, and is not: on its way, or removed by a person.
    return look_at_later_ones(mail, deadline);
}

}  // namespace resolute::connectors
