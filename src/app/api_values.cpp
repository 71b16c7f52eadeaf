// SPDX-License-Identifier: Apache-2.0
#include "app/api_values.h"

#include "base/text.h"

namespace resolute::app {
namespace {

json::Value text_or_null(const std::string& text) { return text.empty() ? json::Value() : json::Value(text); }

}  // namespace

json::Value to_json(const ports::MailRecord& mail) {
    json::Value position;
    position.set("account", mail.position.account).set("folder", mail.position.folder).set("uid", mail.position.uid);
    json::Value value;
    value.set("id", mail.id.value());
    value.set("from", text_or_null(mail.from));
    value.set("subject", mail.subject);
    value.set("message_id", text_or_null(mail.message_id));
    value.set("outcome", to_string(mail.outcome));
    value.set("reason", text_or_null(mail.reason));
    value.set("case", text_or_null(mail.case_id.value()));
    value.set("received_at", format_instant(mail.received_at));
    value.set("size", mail.size);
    value.set("sha256", mail.blob);
    value.set("position", std::move(position));
    return value;
}

json::Value to_json(const ports::OpenTask& task) {
    json::Value value = casework::to_json(task.task);
    value.set("case", task.case_id.value());
    value.set("ticket", text_or_null(task.ticket));
    value.set("subject", task.subject);
    return value;
}

json::Value to_json(const ports::SearchHit& hit) {
    json::Value value;
    value.set("id", hit.article.id.value());
    value.set("title", hit.article.title);
    value.set("url", text_or_null(hit.article.url));
    value.set("category", text_or_null(hit.article.category));
    value.set("language", hit.article.language);
    value.set("public", hit.article.is_public);
    value.set("score", hit.score);
    value.set("coverage", hit.coverage);
    value.set("margin", hit.margin);
    value.set("sentence", hit.sentence);
    value.set("matched", json::from_strings(hit.matched));
    return value;
}

json::Value to_json(const ports::Notification& notification) {
    json::Value value;
    value.set("key", notification.key);
    value.set("role", notification.role);
    value.set("person", text_or_null(notification.person));
    value.set("case", text_or_null(notification.case_id.value()));
    value.set("text", notification.text);
    value.set("at", format_instant(notification.at));
    return value;
}

json::Value to_json(const ports::Outage& outage) {
    json::Value value;
    value.set("integration", outage.integration);
    value.set("began_at", format_instant(outage.began_at));
    value.set("ended_at", outage.ended_at ? json::Value(format_instant(*outage.ended_at)) : json::Value());
    value.set("error", outage.error);
    return value;
}

json::Value to_json(const casework::ConversationMail& mail) {
    json::Value value;
    value.set("direction", mail.is_inbound ? "in" : "out");
    value.set("mail", text_or_null(mail.mail_id.value()));
    value.set("message_id", text_or_null(mail.message_id));
    value.set("address", mail.address);
    value.set("at", format_instant(mail.at));
    value.set("subject", mail.subject);
    value.set("text", mail.text);
    value.set("tool", text_or_null(mail.tool));
    if (!mail.undelivered.empty()) value.set("undelivered", mail.undelivered);
    return value;
}

json::Value to_json(const casework::CaseEvent& event, std::uint64_t number, const std::string& hash) {
    return json::Object{{"number", number}, {"hash", hash}, {"event", casework::to_json(event)}};
}

Result<Money> read_money(const json::Value& value) {
    if (const auto money = json::to_money(value)) return *money;
    const std::string_view words = text::trim(value.as_string());
    const std::size_t space = words.find(' ');
    if (space == std::string_view::npos) return parse_money(words.starts_with('$') ? words.substr(1) : words, "USD");
    return parse_money(words.substr(0, space), text::trim(words.substr(space)));
}

std::string base64(std::string_view bytes) {
    static constexpr std::string_view kAlphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    std::string out;
    out.reserve((bytes.size() + 2) / 3 * 4);
    for (std::size_t at = 0; at < bytes.size(); at += 3) {
        const std::size_t left = std::min<std::size_t>(3, bytes.size() - at);
        std::uint32_t group = 0;
        for (std::size_t i = 0; i < 3; ++i) group = (group << 8) | (i < left ? static_cast<unsigned char>(bytes[at + i]) : 0u);
        for (std::size_t i = 0; i < 4; ++i) out += i <= left ? kAlphabet[(group >> (18 - 6 * i)) & 0x3Fu] : '=';
    }
    return out;
}

}  // namespace resolute::app
