// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>

#include "app/client.h"
#include "app/commands/commands.h"
#include "app/table.h"
#include "base/text.h"
#include "mail/parsed_email.h"

namespace resolute::app {
namespace {

constexpr std::size_t kCutLinesShown = 60;
constexpr std::size_t kRecipientsShown = 10;

std::string shown(const mail::Address& address) {
    const std::string angle = address.address.empty() ? "(unusable)" : "<" + address.address + ">";
    return address.name.empty() ? angle : address.name + " " + angle;
}

std::string shown(const std::vector<mail::Address>& addresses) {
    std::vector<std::string> parts;
    for (const mail::Address& address : addresses) parts.push_back(shown(address));
    return text::join(parts, ", ");
}

/// What the program does with such a mail, for whoever asks why nothing came of it.
std::string_view what_becomes_of(mail::MailKind kind) {
    switch (kind) {
        case mail::MailKind::person:
            return "opens a case, or goes into the one it answers";
        case mail::MailKind::bounce:
            return "is recorded with the mail of ours that it returns, and never answered";
        case mail::MailKind::auto_reply:
        case mail::MailKind::list:
        case mail::MailKind::report:
        case mail::MailKind::challenge:
            return "is recorded and never answered";
        case mail::MailKind::verification:
            return "is quarantined: nobody outside may see it";
    }
    return "";
}

void add_head(Table& table, const mail::ParsedEmail& email) {
    const auto add = [&](const char* name, std::string value) {
        if (!value.empty()) table.add({{name, Colour::dim}, std::move(value)});
    };
    add("from", shown(email.from));
    if (email.reply_to) add("reply to", shown(*email.reply_to) + ", shown to people and never answered by itself");
    add("to", shown(email.to));
    add("cc", shown(email.cc));
    add("subject", email.subject);
    add("date", email.date ? format_instant(*email.date) : std::string("–"));
    add("message id", email.message_id);
    add("in reply to", email.in_reply_to);
    add("return path", email.has_null_return_path ? "<> (the sender wants no answer)" : email.return_path);
    add("kind", fmt::format("{}: it {}", mail::to_string(email.kind), what_becomes_of(email.kind)));
    add("because of", email.kind_reason);
}

void add_report(Table& table, const mail::DeliveryReport& report) {
    table.add({{"report", Colour::dim}, report.is_standard ? "by RFC 3464" : "read out of the text"});
    for (std::size_t i = 0; i < std::min(report.recipients.size(), kRecipientsShown); ++i) {
        const mail::DeliveryStatus& status = report.recipients[i];
        table.add({{"recipient", Colour::dim},
                   fmt::format("{}: {} {} {}", status.recipient, status.action.empty() ? "nothing said" : status.action,
                               status.status, status.diagnostic)});
    }
    const auto add = [&](const char* name, const std::string& value) {
        if (!value.empty()) table.add({{name, Colour::dim}, value});
    };
    add("envelope id", report.original_envelope_id);
    add("returned mail", report.returned_message_id);
    add("its effect", report.returned_effect);
    add("its case", report.returned_case);
}

void add_rest(Table& table, const mail::ParsedEmail& email) {
    for (const mail::Attachment& attachment : email.attachments) {
        table.add({{"attachment", Colour::dim},
                   fmt::format("{} ({}, {} bytes{})", attachment.file_name, attachment.content_type, attachment.bytes.size(),
                               attachment.is_inline ? ", inline" : "")});
    }
    if (email.is_over_limit) table.add({{"over a limit", Colour::yellow}, "not all of it was read; a person looks at it"});
    for (const mail::Defect& defect : email.defects)
        table.add({{"defect", Colour::yellow}, fmt::format("{}: {}", defect.code, defect.detail)});
}

std::string_view without_end_space(std::string_view line) {
    while (line.ends_with(' ') || line.ends_with('\t')) line.remove_suffix(1);
    return line;
}

/// The lines of the text that the visible text, which has the same ones in the same order, does not have.
std::vector<std::string_view> cut_lines(const mail::ParsedEmail& email) {
    const std::vector<std::string_view> kept = text::split_lines(email.visible_text);
    std::vector<std::string_view> cut;
    std::size_t next = 0;
    for (const std::string_view line : text::split_lines(email.text)) {
        while (next < kept.size() && kept[next].empty()) ++next;
        const std::string_view plain = without_end_space(line);
        if (plain.empty()) continue;
        // A ">From " loses the mark that an mbox put there.
        const bool is_kept =
            next < kept.size() && (kept[next] == plain || (plain.starts_with('>') && kept[next] == plain.substr(1)));
        if (is_kept)
            ++next;
        else
            cut.push_back(plain);
    }
    return cut;
}

std::string section(const Screen& screen, std::string_view title) {
    return "\n" + paint(screen, Colour::bold, title) + "\n";
}

}  // namespace

Result<int> parse_mail(const Globals& globals, const std::filesystem::path& file) {
    TRY(const std::string bytes, read_input(file));
    const mail::ParsedEmail email = mail::parse(bytes);
    if (globals.is_json) {
        print_json(mail::to_json(email));
        return 0;
    }
    const Screen screen = Screen::of_stdout();
    Table table({{""}, {"", Table::Align::left, true}});
    add_head(table, email);
    if (email.delivery_report) add_report(table, *email.delivery_report);
    add_rest(table, email);
    print(table.render(screen));
    print(section(screen, "What the person wrote"));
    print(email.visible_text.empty() ? "(nothing)\n" : wrap(email.visible_text, 2, screen.width));
    const std::vector<std::string_view> cut = cut_lines(email);
    if (cut.empty()) return 0;
    print(section(screen, "What was cut as quoted mail, signature or boilerplate"));
    for (std::size_t i = 0; i < std::min(cut.size(), kCutLinesShown); ++i) {
        print(paint(screen, Colour::dim,
                    "  " + (screen.is_terminal ? cut_to_width(without_controls(cut[i]), screen.width - 2)
                                               : without_controls(cut[i]))) +
              "\n");
    }
    if (cut.size() > kCutLinesShown) print(fmt::format("  … and {} more lines\n", cut.size() - kCutLinesShown));
    return 0;
}

}  // namespace resolute::app
