// SPDX-License-Identifier: Apache-2.0
// What was taken in, and whether all of it was: one mail, one more reading, the inventory.
#include <fmt/format.h>

#include "app/client.h"
#include "app/commands/commands.h"
#include "app/commands/duty.h"
#include "app/table.h"
#include "base/text.h"

namespace resolute::app {
namespace {

std::string outcome_words(const json::Value& mail) {
    return fmt::format("{}{}{}", mail["outcome"].as_string(), mail["case"].is_null() ? "" : ", case " + mail["case"].as_string(),
                       mail["reason"].is_null() ? "" : " (" + without_controls(mail["reason"].as_string()) + ")");
}

std::string inventory_words(const json::Value& one) {
    std::string words = fmt::format("{} accounted", grouped(one["accounted"].as_int()));
    const auto add = [&](const char* name, std::string_view what) {
        if (const std::int64_t count = one[name].as_int(); count > 0) words += fmt::format(", {} {}", grouped(count), what);
    };
    add("known_content", "known from elsewhere");
    add("on_their_way", "on their way");
    add("missed", "had been missed");
    add("taken_in", "of them taken in now");
    add("left_out", "before since");
    if (!one["is_whole"].as_bool(true)) words += ", and more than are looked at";
    if (one["problem"].is_string()) words += "; " + without_controls(one["problem"].as_string());
    return words;
}

Result<std::vector<std::string>> mails_to_reprocess(ApiClient& client, const ReprocessArguments& arguments) {
    if (arguments.outcome.empty()) return arguments.mails;
    TRY(const json::Value listed, client.get("/api/mails?outcome=" + ApiClient::encode(arguments.outcome)));
    std::vector<std::string> ids;
    for (const json::Value& mail : listed.as_array())
        if (arguments.reason.empty() || mail["reason"].as_string().starts_with(arguments.reason)) ids.push_back(mail["id"].as_string());
    return ids;
}

}  // namespace

Result<int> show_kept_mail(const Globals& globals, const std::string& id) {
    TRY(const Config config, read_config(globals.config));
    TRY(ApiClient client, ApiClient::open(config, system_clock()));
    TRY(const json::Value mail, client.get("/api/mails/" + ApiClient::encode(id)));
    if (globals.is_json) {
        print_json(mail);
        return 0;
    }
    const Screen screen = Screen::of_stdout();
    const json::Value& parsed = mail["parsed"];
    Table table({{""}, {"", Table::Align::left, true}});
    const auto row = [&](const char* name, const std::string& value) { table.add({{name, Colour::dim}, without_controls(value)}); };
    row("outcome", outcome_words(mail));
    row("received", short_time(mail["received_at"].as_string()));
    row("from", mail["from"].as_string_or("(nobody)"));
    row("subject", mail["subject"].as_string());
    const json::Value& position = mail["position"];
    row("found in", fmt::format("{} {} {}", position["account"].as_string(), position["folder"].as_string(), position["uid"].as_string()));
    row("size", fmt::format("{} bytes{}", grouped(mail["size"].as_int()), mail["is_truncated"].as_bool() ? ", of which the beginning is kept" : ""));
    for (const json::Value& again : mail["reprocessed"].as_array())
        row("read again", fmt::format("{} by {}; was {} ({})", short_time(again["at"].as_string()), again["by"].as_string(), again["was"].as_string(),
                                      again["reason"].as_string()));
    for (const json::Value& defect : parsed["defects"].as_array())
        table.add({{"defect", Colour::yellow}, without_controls(fmt::format("{}: {}", defect["code"].as_string(), defect["detail"].as_string()))});
    print(table.render(screen) + "\n");
    print(parsed.is_null() ? "its bytes are no longer kept\n" : wrap(text::trim(parsed["visible_text"].as_string()), 0, screen.width));
    return 0;
}

Result<int> reprocess_mails(const Globals& globals, const ReprocessArguments& arguments) {
    if (arguments.mails.empty() == arguments.outcome.empty())
        return fail("usage.arguments", ErrorKind::invalid, "name mails by their ids, or all of an outcome: --quarantined, --outcome ignored");
    TRY(const Config config, read_config(globals.config));
    TRY(ApiClient client, ApiClient::open(config, system_clock()));
    TRY(const std::vector<std::string> ids, mails_to_reprocess(client, arguments));
    json::Array all;
    std::size_t failed = 0;
    const std::string body = json::dump(json::Object{{"by", who(arguments.by)}});
    for (const std::string& id : ids) {
        auto mail = client.post("/api/mails/" + ApiClient::encode(id) + "/reprocess", body);
        if (!mail && ids.size() == 1) return std::unexpected(std::move(mail).error());
        if (!mail) ++failed;
        if (!globals.is_json)
            print(fmt::format("{}: {}\n", id, mail ? outcome_words(*mail) : without_controls(describe(mail.error()))));
        all.push_back(mail ? *std::move(mail) : json::Value(json::Object{{"id", id}, {"error", mail.error().code}}));
    }
    if (globals.is_json)
        print_json(std::move(all));
    else
        print(fmt::format("{} read again{}\n", ids.size() - failed, failed == 0 ? "" : fmt::format(", {} not", failed)));
    return failed == 0 ? 0 : 1;
}

Result<int> take_inventory(const Globals& globals) {
    TRY(const Config config, read_config(globals.config));
    TRY(ApiClient client, ApiClient::open(config, system_clock()));
    TRY(const json::Value taken, client.post("/api/inventory", "{}"));
    std::int64_t unaccounted = 0;
    bool has_problem = false;
    Table table({{"mailbox"}, {"there", Table::Align::right}, {"unaccounted", Table::Align::right}, {"", Table::Align::left, true}});
    for (const json::Value& one : taken.as_array()) {
        unaccounted += one["unaccounted"].as_int();
        has_problem = has_problem || one["problem"].is_string();
        const bool is_bad = one["unaccounted"].as_int() > 0 || one["problem"].is_string();
        table.add({one["mailbox"].as_string(), grouped(one["there"].as_int()),
                   {grouped(one["unaccounted"].as_int()), is_bad ? Colour::red : Colour::green}, inventory_words(one)});
    }
    if (globals.is_json) {
        print_json(taken);
    } else {
        print(table.render(Screen::of_stdout()));
        print(fmt::format("{} unaccounted\n", grouped(unaccounted)));
        if (!client.is_remote()) print("no program takes mail in here now: what is on its way waits for resolute serve\n");
    }
    return unaccounted > 0 || has_problem ? 1 : 0;
}

}  // namespace resolute::app
