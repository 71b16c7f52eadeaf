// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include "base/text.h"
#include "mail/parsed_email.h"
#include "tools/facts.h"

namespace resolute::tools {
namespace {

constexpr std::size_t kTextBytesMax = 64u << 10;

json::Value mail_facts(const ports::MailRecord& record, const mail::ParsedEmail& parsed) {
    json::Array attachments;
    for (const mail::Attachment& attachment : parsed.attachments)
        attachments.push_back(json::Value()
                                  .set("name", attachment.file_name)
                                  .set("type", attachment.content_type)
                                  .set("bytes", static_cast<std::int64_t>(attachment.bytes.size()))
                                  .set("sha256", attachment.sha256_hex));
    json::Array defects;
    for (const mail::Defect& defect : parsed.defects) defects.push_back(json::Value(defect.code));
    // A mail that only quotes still says something; what was written now is preferred.
    const std::string& text = parsed.visible_text.empty() ? parsed.text : parsed.visible_text;
    return json::Value()
        .set("id", record.id.value())
        .set("subject", parsed.subject)
        .set("text", text::shorten(text, kTextBytesMax))
        .set("message_id", parsed.message_id)
        .set("received_at", json::from_instant(record.received_at))
        .set("has_hidden_text", parsed.has_hidden_text)
        .set("attachments", std::move(attachments))
        .set("defects", std::move(defects));
}

engine::Settlement run(World& world, const Call& call) {
    const MailId id(call.arg("case")["mail_id"].as_string());
    const auto record = world.intake.find(id);
    if (!record) return engine::Settlement::from(record.error());
    if (!*record)
        return engine::Settlement::from({.code = "mail.not_kept", .kind = ErrorKind::not_found, .effect = EffectState::refused,
                                         .detail = fmt::format("mail {} is not in the intake store", id.value())});
    const auto bytes = world.intake.load_blob((*record)->blob);
    if (!bytes) return engine::Settlement::from(bytes.error());
    json::Value facts;
    facts.set("mail", mail_facts(**record, mail::parse(*bytes)));
    const bool is_readable = call.arg("case")["intake_problem"].as_string().empty();
    return engine::Settlement::success(is_readable ? "parsed" : "failed", std::move(facts));
}

}  // namespace

Tool mail_receive() {
    return {.signature = {.name = "mail.receive",
                          .purpose = "reads the kept mail: sender, subject, text, attachments",
                          .category = procedure::ToolCategory::integration,
                          .action = procedure::ActionType::read,
                          .effect = procedure::EffectClass::reads,
                          .integration = "intake",
                          .outcomes = {"parsed", "failed"},
                          .needs = {"sender"},
                          .produces = {{"mail", "map"}, {"mail.subject", "string"}, {"mail.text", "string"}, {"mail.has_hidden_text", "bool"},
                                       {"mail.attachments", "list"}, {"mail.received_at", "instant"}}},
            .run = run,
            .look_up = {}};
}

}  // namespace resolute::tools
