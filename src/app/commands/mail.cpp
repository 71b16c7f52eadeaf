// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include "app/client.h"
#include "app/commands/commands.h"
#include "app/table.h"
#include "base/text.h"
#include "mail/parsed_email.h"

namespace resolute::app {
namespace {

Colour colour_of_outcome(const std::string& outcome) {
    if (outcome == "quarantined") return Colour::yellow;
    if (outcome == "ignored") return Colour::dim;
    return Colour::none;
}

}  // namespace

Result<int> list_mails(const Globals& globals, const std::string& outcome) {
    TRY(const Config config, read_config(globals.config));
    TRY(ApiClient client, ApiClient::open(config, system_clock()));
    TRY(const json::Value mails, client.get("/api/mails" + (outcome.empty() ? "" : "?outcome=" + ApiClient::encode(outcome))));
    if (globals.is_json) {
        print_json(mails);
        return 0;
    }
    Table table({{"mail"}, {"received"}, {"outcome"}, {"case"}, {"from", Table::Align::left, true}, {"subject", Table::Align::left, true},
                 {"reason", Table::Align::left, true}});
    for (const json::Value& mail : mails.as_array())
        table.add({mail["id"].as_string(), short_time(mail["received_at"].as_string()),
                   {mail["outcome"].as_string(), colour_of_outcome(mail["outcome"].as_string())}, mail["case"].as_string(), mail["from"].as_string(),
                   mail["subject"].as_string(), mail["reason"].as_string()});
    print(table.is_empty() ? "no mails\n" : table.render(Screen::of_stdout()));
    return 0;
}

Result<int> show_mail(const Globals& globals, const std::string& name) {
    const std::filesystem::path file = name;
    std::error_code ignored;
    const bool is_file = name == "-" || name.find_first_of("/.") != std::string::npos || std::filesystem::exists(file, ignored);
    if (!is_file) return show_kept_mail(globals, name);
    if (globals.is_json) return parse_mail(globals, file);
    TRY(const std::string bytes, read_input(file));
    const mail::ParsedEmail email = mail::parse(bytes);
    const Screen screen = Screen::of_stdout();
    Table table({{""}, {"", Table::Align::left, true}});
    table.add({{"from", Colour::dim}, email.from.address.empty() ? std::string("(nobody)") : fmt::format("{} <{}>", email.from.name, email.from.address)});
    table.add({{"subject", Colour::dim}, email.subject});
    table.add({{"date", Colour::dim}, email.date ? format_instant(*email.date) : std::string("–")});
    table.add({{"kind", Colour::dim}, fmt::format("{}{}", mail::to_string(email.kind), email.kind_reason.empty() ? "" : " (" + email.kind_reason + ")")});
    for (const mail::Attachment& attachment : email.attachments)
        table.add({{"attachment", Colour::dim}, fmt::format("{} ({}, {} bytes)", attachment.file_name, attachment.content_type, attachment.bytes.size())});
    for (const mail::Defect& defect : email.defects) table.add({{"defect", Colour::yellow}, fmt::format("{}: {}", defect.code, defect.detail)});
    print(table.render(screen) + "\n" + wrap(text::trim(email.visible_text), 0, screen.width));
    return 0;
}

Result<int> submit(const Globals& globals, const std::vector<std::filesystem::path>& files) {
    TRY(const Config config, read_config(globals.config));
    TRY(ApiClient client, ApiClient::open(config, system_clock()));
    json::Array all;
    for (const std::filesystem::path& file : files) {
        TRY(const std::string bytes, read_input(file));
        TRY(json::Value mail, client.post("/api/mails", bytes));
        if (!globals.is_json)
            print(fmt::format("{}: {}{}{}\n", file == "-" ? std::string("standard input") : file.string(), mail["outcome"].as_string(),
                              mail["case"].is_null() ? "" : ", case " + mail["case"].as_string(),
                              mail["reason"].is_null() ? "" : " (" + without_controls(mail["reason"].as_string()) + ")"));
        all.push_back(std::move(mail));
    }
    if (globals.is_json) print_json(std::move(all));
    return 0;
}

}  // namespace resolute::app
