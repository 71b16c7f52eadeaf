// SPDX-License-Identifier: Apache-2.0
#include "mail/mail_kind.h"

#include <array>
#include <optional>

#include "base/text.h"
#include "mail/structure.h"

namespace resolute::mail {
namespace {

constexpr std::size_t kReasonBytesMax = 120;

constexpr std::array<std::string_view, 14> kBounceSubjects = {
    "undelivered mail returned", "undeliverable", "delivery status notification", "mail delivery failed", "mail delivery failure",
    "failure notice", "returned mail", "delivery failure", "delivery has failed", "unzustellbar", "mail delivery subsystem",
    "non remis", "no se puede entregar", "message not delivered"};

constexpr std::array<std::string_view, 17> kAwaySubjects = {
    "out of office", "out of the office", "automatic reply", "auto reply", "autoreply", "auto-reply", "automated reply",
    "automatic response", "abwesenheitsnotiz", "automatische antwort", "abwesend", "réponse automatique", "absence du bureau",
    "respuesta automática", "risposta automatica", "automatisch antwoord", "resposta automática"};

constexpr std::array<std::string_view, 7> kAutoReplyHeaders = {"X-Autoreply",      "X-Autorespond",     "X-Autoresponder", "X-Auto-Reply",
                                                               "X-Mail-Autoreply", "X-AutoReply-From", "X-Vacation"};

constexpr std::array<std::string_view, 6> kChallengeSubjects = {"please confirm your message", "confirm your email to", "verify your email to",
                                                                "please confirm (conf", "your message requires verification", "sender verification"};

template <std::size_t N>
bool contains_any(std::string_view lower, const std::array<std::string_view, N>& words) {
    for (const std::string_view word : words) {
        if (lower.find(word) != std::string_view::npos) return true;
    }
    return false;
}

template <std::size_t N>
bool begins_with_any(std::string_view lower, const std::array<std::string_view, N>& words) {
    for (const std::string_view word : words) {
        if (lower.starts_with(word)) return true;
    }
    return false;
}

/// "Auto-Submitted: auto-replied"; nothing where the field is absent or empty.
std::optional<std::string> field_reason(const ParsedEmail& mail, std::string_view name) {
    const std::string_view value = header(mail, name);
    if (text::trim(value).empty()) return std::nullopt;
    return text::shorten(std::string(name) + ": " + std::string(value), kReasonBytesMax);
}

std::string local_part(const ParsedEmail& mail) {
    return text::to_lower(std::string_view(mail.from.address).substr(0, mail.from.address.rfind('@')));
}

std::optional<std::string> bounce_reason(const ParsedEmail& mail) {
    const std::string content_type(header(mail, "Content-Type"));
    if (media_type(content_type) == "multipart/report" &&
        text::equals_ignore_case(parameter(content_type, "report-type"), "delivery-status")) {
        return "Content-Type: multipart/report; report-type=delivery-status";
    }
    if (auto reason = field_reason(mail, "X-Failed-Recipients")) return reason;
    const std::string local = local_part(mail);
    const bool is_daemon = local == "mailer-daemon" || local == "postmaster" || local == "mail-daemon";
    if (is_daemon && mail.has_null_return_path) return "null Return-Path from " + local;
    const bool is_bounce_subject = contains_any(text::to_lower(mail.subject), kBounceSubjects);
    if (is_bounce_subject && is_daemon) return "subject of a bounce from " + local;
    if (is_bounce_subject && mail.has_null_return_path) return "null Return-Path and subject of a bounce";
    if (local == "mailer-daemon") return "From: mailer-daemon";
    return std::nullopt;
}

std::optional<std::string> report_reason(const ParsedEmail& mail) {
    const std::string content_type(header(mail, "Content-Type"));
    const std::string type = media_type(content_type);
    if (type == "multipart/report") {
        return text::shorten("Content-Type: multipart/report; report-type=" + parameter(content_type, "report-type"), kReasonBytesMax);
    }
    if (type == "message/disposition-notification") return "Content-Type: " + type;
    return std::nullopt;
}

std::optional<std::string> challenge_reason(const ParsedEmail& mail) {
    for (const std::string_view name : {"X-TMDA-Challenge", "X-SpamArrest-Challenge", "X-Boxbe-Challenge"}) {
        if (auto reason = field_reason(mail, name)) return reason;
    }
    const std::string local = local_part(mail);
    if (local == "spamblocker-challenge" || local.starts_with("challenge-response")) return "From: " + local;
    const std::string auto_submitted = text::to_lower(header(mail, "Auto-Submitted"));
    const bool is_automatic = mail.has_null_return_path || auto_submitted.starts_with("auto-");
    if (is_automatic && contains_any(text::to_lower(mail.subject), kChallengeSubjects)) return "automatic, and the subject asks to confirm";
    return std::nullopt;
}

/// RFC 3834 §5: anything but "no", comments and parameters aside.
std::optional<std::string> auto_submitted_reason(const ParsedEmail& mail) {
    const std::string value = text::to_lower(header(mail, "Auto-Submitted"));
    const std::string_view keyword = text::trim(std::string_view(value).substr(0, value.find_first_of(";(")));
    if (keyword.empty() || keyword == "no") return std::nullopt;
    return field_reason(mail, "Auto-Submitted");
}

/// A subject needs a second witness. A reply about an automatic reply begins with "Re:", so it does not match here.
std::optional<std::string> away_reason(const ParsedEmail& mail) {
    if (!begins_with_any(text::to_lower(mail.subject), kAwaySubjects)) return std::nullopt;
    if (mail.has_null_return_path) return "subject of an automatic reply, null Return-Path";
    if (field_reason(mail, "X-Auto-Response-Suppress")) return "subject of an automatic reply, X-Auto-Response-Suppress";
    const std::string precedence = text::to_lower(text::trim(header(mail, "Precedence")));
    if (precedence == "bulk" || precedence == "junk") return "subject of an automatic reply, Precedence: " + precedence;
    // "Automatic reply: Your ticket", in answer to something: programs write it so, people hardly.
    const bool has_prefix_form = mail.subject.find(':') != std::string::npos;
    if (has_prefix_form && !mail.in_reply_to.empty()) return "subject of an automatic reply, In-Reply-To";
    return std::nullopt;
}

std::optional<std::string> auto_reply_reason(const ParsedEmail& mail) {
    if (auto reason = auto_submitted_reason(mail)) return reason;
    for (const std::string_view name : kAutoReplyHeaders) {
        if (auto reason = field_reason(mail, name)) return reason;
    }
    const std::string precedence = text::to_lower(text::trim(header(mail, "Precedence")));
    if (precedence == "auto_reply" || precedence == "auto-reply") return "Precedence: " + precedence;
    if (text::contains_ignore_case(header(mail, "X-POST-MessageClass"), "autoresponder")) return field_reason(mail, "X-POST-MessageClass");
    return away_reason(mail);
}

std::optional<std::string> list_reason(const ParsedEmail& mail) {
    if (auto reason = field_reason(mail, "List-Id")) return reason;
    const std::string precedence = text::to_lower(text::trim(header(mail, "Precedence")));
    if (precedence != "bulk" && precedence != "list" && precedence != "junk") return std::nullopt;
    if (field_reason(mail, "List-Unsubscribe")) return "List-Unsubscribe with Precedence: " + precedence;
    return "Precedence: " + precedence;  // RFC 3834 §2: no automatic answer goes to these.
}

}  // namespace

void classify(ParsedEmail& mail) {
    const auto settle = [&](MailKind kind, std::optional<std::string> reason) {
        if (!reason) return false;
        mail.kind = kind;
        mail.kind_reason = std::move(*reason);
        return true;
    };
    if (settle(MailKind::bounce, bounce_reason(mail))) return;
    if (settle(MailKind::report, report_reason(mail))) return;
    if (settle(MailKind::challenge, challenge_reason(mail))) return;
    if (settle(MailKind::auto_reply, auto_reply_reason(mail))) return;
    settle(MailKind::list, list_reason(mail));
}

std::string_view to_string(MailKind kind) {
    switch (kind) {
    case MailKind::person: return "person";
    case MailKind::bounce: return "bounce";
    case MailKind::auto_reply: return "auto_reply";
    case MailKind::list: return "list";
    case MailKind::report: return "report";
    case MailKind::challenge: return "challenge";
    }
    return "person";
}

}  // namespace resolute::mail
