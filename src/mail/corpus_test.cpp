// SPDX-License-Identifier: Apache-2.0
// Every mail of tests/corpus/mail against its readable expectation, with LF and with CRLF line ends.
// RESOLUTE_GOLDEN=1 writes the expectations anew; the difference is the review.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "base/text.h"
#include "mail/parsed_email.h"

namespace resolute::mail {
namespace {

namespace fs = std::filesystem;

std::string read_all(const fs::path& path) {
    std::ifstream in(path, std::ios::binary);
    std::ostringstream out;
    out << in.rdbuf();
    return out.str();
}

std::string with_crlf(const std::string& raw) {
    return text::replace_all(text::replace_all(raw, "\r\n", "\n"), "\n", "\r\n");
}

std::vector<fs::path> corpus() {
    std::vector<fs::path> paths;
    for (const auto& entry : fs::recursive_directory_iterator(fs::path(RESOLUTE_SOURCE_DIR) / "tests/corpus/mail")) {
        if (entry.path().extension() == ".eml") paths.push_back(entry.path());
    }
    std::sort(paths.begin(), paths.end());
    return paths;
}

std::string shown(const Address& address) {
    const std::string angle = address.address.empty() ? "(unusable)" : "<" + address.address + ">";
    return address.name.empty() ? angle : address.name + " " + angle;
}

std::string shown(const std::vector<Address>& addresses) {
    std::vector<std::string> parts;
    for (const Address& address : addresses) parts.push_back(shown(address));
    return text::join(parts, ", ");
}

void add(std::string& out, std::string_view name, std::string_view value) {
    if (!value.empty()) out += fmt::format("{}: {}\n", name, value);
}

std::size_t size_without_returns(std::string bytes) {
    std::erase(bytes, '\r');
    return bytes.size();
}

void add_report(std::string& out, const DeliveryReport& report) {
    add(out, "report", report.is_standard ? "standard" : "from the text");
    add(out, "report envelope id", report.original_envelope_id);
    add(out, "report by", report.reporting_mta);
    for (const DeliveryStatus& status : report.recipients) {
        add(out, "report recipient",
            fmt::format("{} {} {}", status.recipient.empty() ? "(unusable)" : status.recipient,
                        status.action.empty() ? "(no action)" : status.action, status.status));
        if (status.original_recipient != status.recipient) add(out, "report original recipient", status.original_recipient);
        add(out, "report diagnostic", status.diagnostic);
        add(out, "report remote mta", status.remote_mta);
    }
    add(out, "returned message id", report.returned_message_id);
    add(out, "returned effect", report.returned_effect);
    add(out, "returned case", report.returned_case);
}

std::string expectation(const ParsedEmail& mail) {
    std::string out;
    add(out, "from", shown(mail.from));
    if (mail.reply_to) add(out, "reply to", shown(*mail.reply_to));
    add(out, "to", shown(mail.to));
    add(out, "cc", shown(mail.cc));
    add(out, "subject", mail.subject);
    add(out, "message id", mail.message_id);
    add(out, "in reply to", mail.in_reply_to);
    add(out, "references", text::join(mail.references, " "));
    if (mail.date) add(out, "date", format_instant(*mail.date));
    add(out, "kind", fmt::format("{}{}{}", to_string(mail.kind), mail.kind_reason.empty() ? "" : ", by ", mail.kind_reason));
    if (mail.delivery_report) add_report(out, *mail.delivery_report);
    if (mail.has_null_return_path) add(out, "return path", "null");
    if (mail.is_over_limit) add(out, "over limit", "yes");
    if (mail.has_hidden_text) add(out, "hidden text", "yes");
    for (const Defect& defect : mail.defects) add(out, "defect", defect.code + ", " + defect.detail);
    std::size_t shown_attachments = 0;
    for (const Attachment& attachment : mail.attachments) {
        if (++shown_attachments > 10) break;
        add(out, "attachment",
            fmt::format("{} {} {} bytes{}{}", attachment.file_name, attachment.content_type,
                        size_without_returns(attachment.bytes), attachment.is_inline ? " inline " : "", attachment.content_id));
    }
    if (mail.attachments.size() > 10) add(out, "attachments", fmt::format("{} in all", mail.attachments.size()));
    out += "--- text\n" + mail.text + "\n--- visible text\n" +
           (mail.visible_text == mail.text ? "(the same)" : mail.visible_text) + "\n";
    if (!mail.html.empty()) out += "--- html\n" + mail.html + "\n";
    return out;
}

TEST(MailCorpus, EveryMailParsesAsExpectedWithEitherLineEnd) {
    const bool is_writing = std::getenv("RESOLUTE_GOLDEN") != nullptr;
    const std::vector<fs::path> paths = corpus();
    ASSERT_GE(paths.size(), 400U);
    for (const fs::path& path : paths) {
        const std::string raw = read_all(path);
        const ParsedEmail mail = parse(raw);
        const fs::path expected = fs::path(path).replace_extension(".txt");
        if (is_writing) std::ofstream(expected, std::ios::binary) << expectation(mail);
        EXPECT_EQ(expectation(mail), read_all(expected)) << path;
        const ParsedEmail other = parse(with_crlf(raw));
        EXPECT_EQ(expectation(other), read_all(expected)) << path << " with CRLF";
        EXPECT_EQ(other.content_key, mail.content_key) << path;
    }
}

TEST(MailCorpus, WhatIsParsedIsValidUtf8Throughout) {
    for (const fs::path& path : corpus()) {
        const ParsedEmail mail = parse(read_all(path));
        const std::string dumped = json::dump(to_json(mail));
        EXPECT_TRUE(text::is_utf8(mail.text) && text::is_utf8(mail.html) && text::is_utf8(mail.subject)) << path;
        EXPECT_TRUE(json::parse(dumped).has_value()) << path;
    }
}

}  // namespace
}  // namespace resolute::mail
