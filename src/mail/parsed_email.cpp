// SPDX-License-Identifier: Apache-2.0
#include "mail/parsed_email.h"

#include "base/text.h"

namespace resolute::mail {
namespace {

json::Value to_json(const Address& address) {
    json::Value value = json::Object{};
    value.set("address", address.address);
    if (!address.name.empty()) value.set("name", address.name);
    return value;
}

json::Value to_json(const std::vector<Address>& addresses) {
    json::Array array;
    for (const Address& address : addresses) array.push_back(to_json(address));
    return array;
}

json::Value to_json(const Attachment& attachment) {
    json::Value value = json::Object{};
    value.set("file_name", attachment.file_name);
    value.set("content_type", attachment.content_type);
    value.set("size", attachment.bytes.size());
    value.set("sha256", attachment.sha256_hex);
    if (!attachment.content_id.empty()) value.set("content_id", attachment.content_id);
    if (attachment.is_inline) value.set("inline", true);
    return value;
}

json::Value pair(std::string_view first_key, const std::string& first, std::string_view second_key, const std::string& second) {
    json::Value value;
    value.set(first_key, first);
    value.set(second_key, second);
    return value;
}

json::Value to_json(const DeliveryReport& report) {
    json::Value value = json::Object{};
    value.set("is_standard", report.is_standard);
    value.set("original_envelope_id", report.original_envelope_id);
    value.set("reporting_mta", report.reporting_mta);
    json::Array recipients;
    for (const DeliveryStatus& status : report.recipients) {
        json::Value entry = pair("recipient", status.recipient, "action", status.action);
        entry.set("status", status.status);
        entry.set("diagnostic", status.diagnostic);
        entry.set("remote_mta", status.remote_mta);
        if (!status.original_recipient.empty()) entry.set("original_recipient", status.original_recipient);
        recipients.push_back(std::move(entry));
    }
    value.set("recipients", std::move(recipients));
    value.set("returned_message_id", report.returned_message_id);
    value.set("returned_effect", report.returned_effect);
    value.set("returned_case", report.returned_case);
    if (!report.returned_token.empty()) value.set("returned_token", report.returned_token);
    return value;
}

}  // namespace

std::string_view header(const ParsedEmail& mail, std::string_view name) {
    for (const HeaderField& field : mail.headers) {
        if (text::equals_ignore_case(field.name, name)) return field.value;
    }
    return {};
}

json::Value to_json(const ParsedEmail& mail) {
    json::Value value = json::Object{};
    value.set("from", to_json(mail.from));
    if (mail.reply_to) value.set("reply_to", to_json(*mail.reply_to));
    value.set("to", to_json(mail.to));
    value.set("cc", to_json(mail.cc));
    value.set("subject", mail.subject);
    value.set("message_id", mail.message_id);
    value.set("in_reply_to", mail.in_reply_to);
    value.set("references", json::from_strings(mail.references));
    value.set("date", mail.date ? json::Value(format_instant(*mail.date)) : json::Value());
    value.set("return_path", mail.return_path);
    value.set("has_null_return_path", mail.has_null_return_path);
    json::Array headers;
    for (const HeaderField& field : mail.headers) {
        headers.push_back(pair("name", field.name, "value", field.value));
    }
    value.set("headers", std::move(headers));
    value.set("text", mail.text);
    value.set("visible_text", mail.visible_text);
    value.set("html", mail.html);
    value.set("has_hidden_text", mail.has_hidden_text);
    json::Array attachments;
    for (const Attachment& attachment : mail.attachments) attachments.push_back(to_json(attachment));
    value.set("attachments", std::move(attachments));
    value.set("kind", to_string(mail.kind));
    value.set("kind_reason", mail.kind_reason);
    if (mail.delivery_report) value.set("delivery_report", to_json(*mail.delivery_report));
    json::Array defects;
    for (const Defect& defect : mail.defects) defects.push_back(pair("code", defect.code, "detail", defect.detail));
    value.set("defects", std::move(defects));
    value.set("content_key", mail.content_key);
    value.set("is_over_limit", mail.is_over_limit);
    return value;
}

}  // namespace resolute::mail
