// SPDX-License-Identifier: Apache-2.0
#include <unistd.h>

#include <iostream>

#include <fmt/format.h>

#include "app/client.h"
#include "app/commands/duty.h"
#include "app/screen.h"
#include "base/file.h"

namespace resolute::app {
namespace {

std::string target_of(const std::string& person, const char* part) { return "/api/people/" + ApiClient::encode(person) + part; }

std::size_t count(const json::Value& list) { return list.as_array().size(); }

/// Where the program does not reach: people must.
std::string out_of_reach_words(const json::Value& left) {
    std::string words;
    const auto add = [&](const char* name, const char* what) {
        const auto& files = left[name].as_array();
        if (files.empty()) return;
        words += fmt::format("\n{}:\n", what);
        for (const json::Value& file : files) words += "  " + without_controls(file.as_string()) + "\n";
    };
    add("outgoing_mails", "mails of ours that lie in the outgoing folder; whoever sends them on or keeps them has them too");
    add("intake_mails", "their mails in the folders that mail is taken from; they are only read, never changed");
    add("imports", "imported at each start: take the person out there, or the CRM record comes back");
    return words + "\nBackups made before stay readable until the erasure log is applied to them: a restore does that by itself\n"
                   "(docs/care.md). Other systems that got copies (mail servers, a help desk) have them still.\n";
}

std::string plan_words(const json::Value& plan) {
    std::string words = fmt::format("{} addresses, {} CRM records, {} cases, {} mails, {} tickets, {} archived files\n", count(plan["addresses"]),
                                    count(plan["crm"]), count(plan["cases"]), plan["mails"].as_int(), plan["tickets"].as_int(),
                                    plan["archived_files"].as_int());
    for (const json::Value& one : plan["cases"].as_array())
        words += fmt::format("  {} {} {}: {}\n", one["id"].as_string(), one["ticket"].as_string_or("–"), one["status"].as_string(),
                             without_controls(one["subject"].as_string()));
    if (plan["is_held"].as_bool()) words += "A legal hold stands: it is refused until that is released.\n";
    return words;
}

bool asks_and_hears_yes() {
    fmt::print(stderr, "This cannot be undone. Type \"erase\" to go on: ");
    std::string answer;
    std::getline(std::cin, answer);
    return answer == "erase";
}

}  // namespace

Result<int> erase_person(const Globals& globals, const PersonArguments& arguments) {
    TRY(const Config config, read_config(globals.config));
    TRY(ApiClient client, ApiClient::open(config, system_clock()));
    TRY(const json::Value plan, client.get(target_of(arguments.person, "")));
    if (arguments.is_dry_run) {
        if (globals.is_json)
            print_json(plan);
        else
            print("would go: " + plan_words(plan) + out_of_reach_words(plan["out_of_reach"]));
        return 0;
    }
    if (!arguments.is_confirmed) {
        if (::isatty(STDIN_FILENO) == 0)
            return fail("usage.not_confirmed", ErrorKind::invalid, "an erasure cannot be undone; say --yes, or look first with --dry-run");
        fmt::print(stderr, "{}", plan_words(plan));
        if (!asks_and_hears_yes()) return fail("usage.not_confirmed", ErrorKind::invalid, "nothing was erased");
    }
    const json::Value body = json::Object{{"by", who(arguments.by)}, {"compact", !arguments.no_compact}};
    TRY(const json::Value report, client.post(target_of(arguments.person, "/erase"), json::dump(body)));
    if (globals.is_json) {
        print_json(report);
        return 0;
    }
    print(fmt::format("erased: {} cases, {} keys destroyed, {} mails with {} raw texts, {} tickets, {} CRM records, {} archived files\n",
                      report["cases"].as_int(), report["keys"].as_int(), report["mails"].as_int(), report["blobs"].as_int(),
                      report["tickets"].as_int(), report["crm_records"].as_int(), report["archived_files"].as_int()));
    if (arguments.no_compact) print("The database's files were not rewritten: they may hold remains until a later erase or retention without --no-compact.\n");
    print(out_of_reach_words(report["out_of_reach"]));
    return 0;
}

Result<int> export_person(const Globals& globals, const PersonArguments& arguments) {
    if (!arguments.to.empty()) TRY_STATUS(file::refuse_existing(arguments.to));
    TRY(const Config config, read_config(globals.config));
    TRY(ApiClient client, ApiClient::open(config, system_clock()));
    TRY(const json::Value all, client.get(target_of(arguments.person, "/export")));
    if (arguments.to.empty()) {
        print_json(all);
        return 0;
    }
    TRY_STATUS(file::write_durably(arguments.to, json::dump_pretty(all) + "\n"));
    if (!globals.is_json)
        print(fmt::format("{}: {} cases, {} mails, {} tickets, {} CRM records\n", arguments.to.string(), count(all["cases"]), count(all["mails"]),
                          count(all["tickets"]), count(all["crm"])));
    return 0;
}

Result<int> hold_person(const Globals& globals, const PersonArguments& arguments) {
    TRY(const Config config, read_config(globals.config));
    TRY(ApiClient client, ApiClient::open(config, system_clock()));
    if (arguments.person.empty()) {
        TRY(const json::Value holds, client.get("/api/holds"));
        if (globals.is_json) {
            print_json(holds);
            return 0;
        }
        for (const json::Value& one : holds.as_array()) {
            const auto& addresses = one["addresses"].as_array();
            print(fmt::format("{} {} by {}: {}{}\n", one["since"].as_string().substr(0, 10),
                              addresses.empty() ? one["person"].as_string() : addresses.front().as_string(), one["by"].as_string(),
                              without_controls(one["why"].as_string()),
                              one["released_at"].is_string() ? fmt::format(" (released {} by {})", short_time(one["released_at"].as_string()), one["released_by"].as_string()) : ""));
        }
        if (holds.as_array().empty()) print("no legal holds\n");
        return 0;
    }
    if (!arguments.releases && arguments.why.empty())
        return fail("usage.arguments", ErrorKind::invalid, "why? It is kept for ever: --why \"court file 12/2026\"");
    const json::Value body = json::Object{{"by", who(arguments.by)}, {"why", arguments.why}};
    TRY(const json::Value answer, client.post(target_of(arguments.person, arguments.releases ? "/release" : "/hold"), json::dump(body)));
    if (globals.is_json)
        print_json(answer);
    else
        print(arguments.releases ? "the hold is released; their data may be erased again\n" : "held: nothing of this person is erased until it is released\n");
    return 0;
}

Result<int> drop_overdue(const Globals& globals, const PersonArguments& arguments) {
    TRY(const Config config, read_config(globals.config));
    if (!config.keep_mail && !config.keep_closed_cases)
        return fail("care.no_retention", ErrorKind::invalid, "the configuration says for nothing how long it is kept; add retention: { mail: 24 months, closed_cases: 7y }");
    TRY(ApiClient client, ApiClient::open(config, system_clock()));
    const json::Value body = json::Object{{"dry_run", arguments.is_dry_run}, {"compact", !arguments.no_compact}};
    TRY(const json::Value answer, client.post("/api/retention", json::dump(body)));
    if (globals.is_json) {
        print_json(answer);
        return 0;
    }
    print(fmt::format("{}: {} raw mails, {} closed cases; {} stay because of legal holds\n", arguments.is_dry_run ? "would go" : "gone",
                      answer["raw_mails"].as_int(), count(answer["cases"]), answer["held"].as_int()));
    return 0;
}

}  // namespace resolute::app
