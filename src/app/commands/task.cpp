// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include "app/client.h"
#include "app/commands/commands.h"
#include "app/table.h"
#include "base/text.h"

namespace resolute::app {
namespace {

/// "-" reads standard input and "@FILE" a file: an answer has many lines.
Result<std::string> read_reply(const std::string& reply) {
    if (reply == "-") return read_input("-");
    if (reply.starts_with('@')) return read_input(reply.substr(1));
    return reply;
}

std::string money_text(const json::Value& value) {
    const auto money = json::to_money(value);
    return money ? display_text(*money) : std::string();
}

}  // namespace

Result<int> list_tasks(const Globals& globals, bool all) {
    TRY(const Config config, read_config(globals.config));
    TRY(ApiClient client, ApiClient::open(config, system_clock()));
    TRY(const json::Value tasks, client.get(all ? "/api/tasks" : "/api/tasks?open=1"));
    if (globals.is_json) {
        print_json(tasks);
        return 0;
    }
    Table table({{"task"}, {"kind"}, {"state"}, {"assignee"}, {"ticket"}, {"amount", Table::Align::right}, {"due"}, {"reason", Table::Align::left, true},
                 {"subject", Table::Align::left, true}});
    for (const json::Value& task : tasks.as_array()) {
        const bool is_open = task["state"].as_string() == "open";
        table.add({{task["id"].as_string(), Colour::bold}, task["kind"].as_string(), {task["state"].as_string(), is_open ? Colour::yellow : Colour::none},
                   task["assignee"].as_string_or("(" + task["role"].as_string() + ")"), task["ticket"].as_string(), money_text(task["amount"]),
                   short_time(task["due"].as_string()), task["reason"].as_string(), task["subject"].as_string()});
    }
    print(table.is_empty() ? (all ? "no tasks\n" : "no open tasks\n") : table.render(Screen::of_stdout()));
    return 0;
}

Result<int> decide_task(const Globals& globals, const TaskArguments& arguments) {
    TRY(const Config config, read_config(globals.config));
    TRY(const std::string reply, read_reply(arguments.reply));
    json::Value body;
    body.set("verb", arguments.verb).set("by", arguments.by).set("note", arguments.note).set("reply", reply);
    body.set("articles", json::from_strings(arguments.articles)).set("went_out", arguments.went_out);
    if (!arguments.amount.empty()) body.set("amount", arguments.amount);
    if (!arguments.to.empty()) body.set("to", arguments.to);
    TRY(ApiClient client, ApiClient::open(config, system_clock()));
    TRY(const json::Value task, client.post("/api/tasks/" + ApiClient::encode(arguments.task), json::dump(body)));
    if (globals.is_json)
        print_json(task);
    else if (arguments.verb == "assign")
        print(fmt::format("task {} goes to {}\n", task["id"].as_string(), arguments.to));
    else
        print(fmt::format("task {} is {}; \"resolute case show {}\" tells what follows\n", task["id"].as_string(), task["state"].as_string(),
                          task["ticket"].as_string_or(task["case"].as_string())));
    return 0;
}

}  // namespace resolute::app
