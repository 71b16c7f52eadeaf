// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include "app/client.h"
#include "app/commands/commands.h"
#include "app/narrate.h"
#include "app/table.h"
#include "base/file.h"

namespace resolute::app {
namespace {

Colour colour_of_status(const std::string& status) {
    if (status == "closed" || status == "resolved") return Colour::green;
    if (status == "waiting_person" || status == "escalated") return Colour::yellow;
    return Colour::none;
}

std::string or_dash(const json::Value& value) { return value.as_string().empty() ? "–" : value.as_string(); }

Result<json::Value> fetch(const Globals& globals, const std::string& target) {
    TRY(const Config config, read_config(globals.config));
    TRY(ApiClient client, ApiClient::open(config, system_clock()));
    return client.get(target);
}

std::string target_of(const std::string& name, const char* part) { return "/api/cases/" + ApiClient::encode(name) + part; }

}  // namespace

Result<int> list_cases(const Globals& globals, const CaseListArguments& arguments) {
    std::string query;
    const auto add = [&](const char* name, const std::string& value) {
        if (!value.empty()) query += fmt::format("{}{}={}", query.empty() ? '?' : '&', name, ApiClient::encode(value));
    };
    add("status", arguments.status);
    add("category", arguments.category);
    add("text", arguments.text);
    if (arguments.limit > 0) add("limit", std::to_string(arguments.limit));
    TRY(const json::Value cases, fetch(globals, "/api/cases" + query));
    if (globals.is_json) {
        print_json(cases);
        return 0;
    }
    Table table({{"ticket"}, {"case"}, {"status"}, {"category"}, {"priority"}, {"tier"}, {"resolution"}, {"opened"}, {"from", Table::Align::left, true},
                 {"subject", Table::Align::left, true}});
    for (const json::Value& one : cases.as_array())
        table.add({or_dash(one["ticket"]), one["id"].as_string(), {one["status"].as_string(), colour_of_status(one["status"].as_string())},
                   or_dash(one["category"]), or_dash(one["priority"]), {or_dash(one["tier"]), one["tier"].as_string() == "vip" ? Colour::bold : Colour::none},
                   or_dash(one["resolution"]), short_time(one["opened_at"].as_string()), one["from"].as_string(), one["subject"].as_string()});
    print(table.is_empty() ? "no cases\n" : table.render(Screen::of_stdout()));
    return 0;
}

Result<int> show_case(const Globals& globals, const std::string& name) {
    TRY(const Config config, read_config(globals.config));
    TRY(ApiClient client, ApiClient::open(config, system_clock()));
    TRY(const json::Value described, client.get(target_of(name, "")));
    if (globals.is_json) {
        print_json(described);
        return 0;
    }
    TRY(const json::Value journal, client.get(target_of(described["summary"]["id"].as_string(), "/journal")));
    print(narrate_case(described, journal, Screen::of_stdout()));
    return 0;
}

Result<int> show_journal(const Globals& globals, const std::string& name) {
    TRY(const json::Value journal, fetch(globals, target_of(name, "/journal")));
    if (globals.is_json) {
        print_json(journal);
        return 0;
    }
    Table table({{"no.", Table::Align::right}, {"at"}, {"event"}, {"hash"}, {"content", Table::Align::left, true}});
    for (const json::Value& row : journal.as_array()) {
        json::Value rest = row["event"];
        const std::string kind = rest["kind"].as_string();
        const std::string at = rest["at"].as_string();
        rest.erase("kind");
        rest.erase("at");
        table.add({std::to_string(row["number"].as_int()), at, {kind, Colour::bold}, {row["hash"].as_string().substr(0, 12), Colour::dim}, json::dump(rest)});
    }
    print(table.render(Screen::of_stdout()));
    return 0;
}

Result<int> export_case(const Globals& globals, const std::string& name, const std::filesystem::path& to) {
    TRY(const json::Value all, fetch(globals, target_of(name, "/export")));
    if (to.empty()) {
        print_json(all);
        return 0;
    }
    TRY_STATUS(file::write_durably(to, json::dump_pretty(all) + "\n"));
    if (!globals.is_json) print(fmt::format("{}\n", to.string()));
    return 0;
}

Result<int> rate_case(const Globals& globals, const std::string& name, int score, const std::string& by) {
    TRY(const Config config, read_config(globals.config));
    TRY(ApiClient client, ApiClient::open(config, system_clock()));
    const json::Value body = json::Object{{"score", score}, {"by", by}};
    TRY(const json::Value answer, client.post(target_of(name, "/rating"), json::dump(body)));
    if (globals.is_json)
        print_json(answer);
    else
        print(fmt::format("case {} rated {}\n", answer["case"].as_string(), score));
    return 0;
}

Result<int> change_conversation(const Globals& globals, const ConversationArguments& arguments) {
    TRY(const Config config, read_config(globals.config));
    TRY(ApiClient client, ApiClient::open(config, system_clock()));
    json::Value body;
    body.set("by", arguments.by).set(arguments.member, arguments.value);
    TRY(const json::Value answer, client.post(target_of(arguments.name, arguments.route.c_str()), json::dump(body)));
    if (globals.is_json)
        print_json(answer);
    else if (answer["into"].is_string())
        print(fmt::format("{} of case {} goes on in case {}\n", answer["mail"].is_string() ? "mail " + answer["mail"].as_string() : std::string("all"),
                          answer["case"].as_string(), answer["into"].as_string()));
    else
        print(fmt::format("may join case {} beside its customer: {}\n", answer["case"].as_string(), fmt::join(json::to_strings(answer["parties"]), ", ")));
    return 0;
}

}  // namespace resolute::app
