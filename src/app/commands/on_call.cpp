// SPDX-License-Identifier: Apache-2.0
#include <pwd.h>
#include <unistd.h>

#include <array>
#include <cstdlib>

#include <fmt/format.h>

#include "app/client.h"
#include "app/commands/duty.h"
#include "app/table.h"

namespace resolute::app {
namespace {

std::string worker_line(const json::Value& worker, const std::string& now) {
    std::string words = fmt::format("lease {}, {} writes", worker["epoch"].as_int(), grouped(worker["writes"].as_int()));
    if (worker["lease_until"].is_string())
        words += worker["lease_until"].as_string() < now ? ", ran out " + short_time(worker["lease_until"].as_string())
                                                         : ", until " + worker["lease_until"].as_string().substr(11, 8);
    if (worker["is_this"].as_bool()) words += ", answers here";
    return words;
}

std::string queue_words(const json::Value& queue) {
    std::string words;
    for (const auto& [status, count] : queue["effects"].as_object())
        words += fmt::format("{}{} {}", words.empty() ? "" : ", ", grouped(count.as_int()), status);
    if (words.empty()) return "nothing is open";
    if (queue["due"].as_int() > 0)
        words += fmt::format("; {} due, the oldest since {}", grouped(queue["due"].as_int()), short_time(queue["oldest_due"].as_string()));
    return words;
}

std::string freeze_words(const json::Value& freeze) {
    if (!freeze.is_object()) return "never";
    if (!freeze["released_at"].is_string())
        return fmt::format("FROZEN since {}, by {}: {}", short_time(freeze["since"].as_string()), freeze["by"].as_string(), freeze["why"].as_string());
    return fmt::format("not frozen; released {} by {}, mails look first until {}", short_time(freeze["released_at"].as_string()),
                       freeze["released_by"].as_string(), short_time(freeze["look_first_until"].as_string()));
}

}  // namespace

std::string who(const std::string& by) {
    if (!by.empty()) return by;
    if (const char* user = std::getenv("USER"); user != nullptr && *user != '\0') return user;
    std::array<char, 4096> space;
    passwd account{};
    passwd* found = nullptr;
    if (::getpwuid_r(::getuid(), &account, space.data(), space.size(), &found) == 0 && found != nullptr) return found->pw_name;
    return fmt::format("user {}", ::getuid());
}

Result<int> freeze(const Globals& globals, const FreezeArguments& arguments) {
    TRY(const Config config, read_config(globals.config));
    TRY(ApiClient client, ApiClient::open(config, system_clock()));
    const json::Value body = json::Object{{"why", arguments.why}, {"by", who(arguments.by)}};
    TRY(const json::Value answer, client.post("/api/freeze", json::dump(body)));
    if (globals.is_json)
        print_json(answer);
    else
        print(fmt::format("{}\nNo mail and no guarded operation begins until: resolute release --by NAME\n", without_controls(freeze_words(answer))));
    return 0;
}

Result<int> release(const Globals& globals, const FreezeArguments& arguments) {
    TRY(const Config config, read_config(globals.config));
    TRY(ApiClient client, ApiClient::open(config, system_clock()));
    const json::Value body = json::Object{{"by", arguments.by}, {"look_first", arguments.look_first}};
    TRY(const json::Value answer, client.post("/api/release", json::dump(body)));
    if (globals.is_json)
        print_json(answer);
    else
        print(without_controls(freeze_words(answer)) + "\n");
    return 0;
}

Result<int> show_status(const Globals& globals) {
    TRY(const Config config, read_config(globals.config));
    TRY(ApiClient client, ApiClient::open(config, system_clock()));
    TRY(const json::Value status, client.get("/api/status"));
    const bool is_fine = !status["is_frozen"].as_bool() && !status["problem"].is_string() && status["inventory"]["unaccounted"].as_int() == 0 &&
                         status["silent"].as_array().empty();
    if (globals.is_json) {
        print_json(status);
        return is_fine ? 0 : 1;
    }
    Table table({{""}, {"", Table::Align::left, true}});
    for (const std::string& warning : json::to_strings(status["warnings"])) table.add({{"soon", Colour::yellow}, {without_controls(warning), Colour::yellow}});
    if (status["problem"].is_string()) table.add({{"problem", Colour::red}, {without_controls(status["problem"].as_string()), Colour::red}});
    table.add({"serving", client.is_remote() ? "a program answers on this data folder" : "no program runs on this data folder now"});
    for (const json::Value& worker : status["workers"].as_array())
        table.add({worker["owner"].as_string(), worker_line(worker, status["now"].as_string())});
    table.add({"frozen", {without_controls(freeze_words(status["freeze"])), status["is_frozen"].as_bool() ? Colour::red : Colour::none}});
    table.add({"queue", queue_words(status["queue"])});
    const std::int64_t held = status["queue"]["held"].as_int();
    table.add({"held", {held == 0 ? "nothing" : fmt::format("{} operations wait for a person's word: resolute task list", grouped(held)),
                        held == 0 ? Colour::none : Colour::yellow}});
    for (const json::Value& silent : status["silent"].as_array())
        table.add({{"silent", Colour::red}, {without_controls(silent.as_string()), Colour::red}});
    if (const json::Value& inventory = status["inventory"]; inventory.is_object())
        table.add({"mailboxes", {fmt::format("{} unaccounted of {} mails, counted {}", grouped(inventory["unaccounted"].as_int()),
                                             grouped(inventory["there"].as_int()), short_time(inventory["at"].as_string())),
                                 inventory["unaccounted"].as_int() == 0 ? Colour::none : Colour::red}});
    else
        table.add({"mailboxes", "not counted yet: resolute mail inventory"});
    table.add({"clock", fmt::format("{} ms off the store's", status["clock_skew_ms"].as_int())});
    for (const json::Value& outage : status["outages"].as_array())
        if (!outage["ended_at"].is_string())
            table.add({{"outage", Colour::yellow}, fmt::format("{} since {}", outage["integration"].as_string(), short_time(outage["began_at"].as_string()))});
    print(table.render(Screen::of_stdout()));
    return is_fine ? 0 : 1;
}

}  // namespace resolute::app
