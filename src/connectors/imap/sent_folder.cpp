// SPDX-License-Identifier: Apache-2.0
#include "connectors/imap/sent_folder.h"

#include <algorithm>
#include <span>

#include <fmt/format.h>

#include "mail/parsed_email.h"

namespace resolute::connectors {
namespace {

constexpr Duration kTurnWithin = std::chrono::hours(1);  ///< a deadline may be "never", which a clock cannot add
/// As mail::render writes it.
constexpr std::string_view kEffectField = "X-Resolute-Effect";

}  // namespace

Status SentFolder::connect(Deadline deadline) {
    if (client_ && client_->is_alive()) {
        // Shows what came since, and whether the connection still carries anything.
        const auto folder = client_->examine(options_.folder, deadline);
        if (folder) return {};
        if (client_->is_alive()) return std::unexpected(folder.error());
    }
    client_.reset();
    TRY(const transport::MailLogin login, options_.login());
    auto opened = transport::ImapClient::open(options_.server, login, deadline);
    if (!opened && opened.error().code == "mail.login" && options_.login_was_refused) options_.login_was_refused();
    TRY(auto client, std::move(opened));
    TRY([[maybe_unused]] const transport::ImapFolder folder, client->examine(options_.folder, deadline));
    client_ = std::move(client);
    return {};
}

Result<ports::Delivery> SentFolder::look(const ports::FrozenMail& mail, Deadline deadline) {
    TRY_STATUS(connect(deadline));
    TRY(const transport::UidSet by_key, client_->search_header(kEffectField, mail.key.value(), deadline));
    if (!by_key.is_empty()) return ports::Delivery::sent;
    TRY(const transport::UidSet by_id, client_->search_header("Message-ID", fmt::format("<{}>", mail.message_id), deadline));
    if (!by_id.is_empty()) return ports::Delivery::sent;
    // It proves something only where the server keeps our mails there, and still does: one that came after this was written shows it.
    TRY(const transport::UidSet ours, client_->search_header(kEffectField, "", deadline));
    if (ours.is_empty()) return ports::Delivery::unknown;
    const transport::ImapUid newest = ours.last();
    TRY(const auto messages, client_->fetch_sizes(std::span(&newest, 1), deadline));
    const auto written_at = mail::parse(mail.bytes).date;
    const bool keeps_them = written_at && !messages.empty() && messages.front().received_at && *messages.front().received_at >= *written_at;
    return keeps_them ? ports::Delivery::absent : ports::Delivery::unknown;
}

Result<ports::Delivery> SentFolder::find(const ports::FrozenMail& mail, Deadline deadline) {
    // An empty value is found in every mail that has the field: RFC 9051 §6.4.4.
    if (mail.key.is_empty() || mail.message_id.empty())
        return fail("imap.argument", ErrorKind::invalid, "a mail without key or Message-ID cannot be looked up in a folder");
    const std::unique_lock turn(turn_, std::min(deadline.remaining(), kTurnWithin));
    if (!turn)
        return fail("mail.timed_out", ErrorKind::timed_out, "other mails were looked up in the folder of sent mail all the time");
    return look(mail, deadline);
}

}  // namespace resolute::connectors
