// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "app/config.h"
#include "base/clock.h"
#include "base/result.h"
#include "json/json.h"

/// The commands. Each prints its answer to standard output and says how it ended: 0 fine, 1 the work found a problem. An Error is
/// printed by the caller.
namespace resolute::app {

/// What every command takes.
struct Globals {
    std::filesystem::path config = "resolute.yaml";
    bool is_json = false;
};

struct CaseListArguments {
    std::string status;
    std::string category;
    std::string text;
    std::size_t limit = 0;  ///< 0: all
};
Result<int> list_cases(const Globals& globals, const CaseListArguments& arguments);
Result<int> show_case(const Globals& globals, const std::string& name);
Result<int> show_journal(const Globals& globals, const std::string& name);
Result<int> export_case(const Globals& globals, const std::string& name, const std::filesystem::path& to);
Result<int> rate_case(const Globals& globals, const std::string& name, int score, const std::string& by);

/// What a person says about a conversation; `route` and `member` are the API's.
struct ConversationArguments {
    std::string name;
    std::string by;
    std::string value;
    std::string route;
    std::string member;
};
Result<int> change_conversation(const Globals& globals, const ConversationArguments& arguments);

struct TaskArguments {
    std::string verb;  ///< "approve", "deny", "resolve", "assign"
    std::string task;
    std::string by;
    std::string note;
    std::string reply;                 ///< "-": from standard input, "@FILE": from a file
    std::vector<std::string> articles;
    std::string amount;
    std::string to;
    bool went_out = false;
};
Result<int> list_tasks(const Globals& globals, bool all);
Result<int> decide_task(const Globals& globals, const TaskArguments& arguments);

struct RunArguments {
    bool until_idle = false;
    bool is_virtual = false;
    std::string until;     ///< an instant; virtual only. Empty: 40 days from now
};
struct BenchArguments {
    std::string database = "sqlite";  ///< or the URL of a PostgreSQL server, where it makes databases and drops them
    std::filesystem::path folder = "bench-data";
    double seconds = 5;
    std::vector<std::size_t> in_flight;
    std::vector<std::size_t> sleepers;  ///< measure cases that sleep instead, so many
    std::string probe;                  ///< how that starts itself anew: the database, …
    std::filesystem::path probe_key;    ///< … the master key's file, …
    double probe_since = 0;             ///< … and when it began, by the monotonic clock
};
Result<int> bench(const Globals& globals, const BenchArguments& arguments);
struct DemoArguments {
    std::filesystem::path examples = "examples";
    std::filesystem::path work = "demo";
    bool exits = false;  ///< also on a terminal
};
Result<int> demo(const Globals& globals, const DemoArguments& arguments);
Result<int> run(const Globals& globals, const RunArguments& arguments);
Result<int> serve(const Globals& globals, const std::string& role);
Result<int> submit(const Globals& globals, const std::vector<std::filesystem::path>& files);

Result<int> list_mails(const Globals& globals, const std::string& outcome);
Result<int> parse_mail(const Globals& globals, const std::filesystem::path& file);
/// A file, or a mail that is kept, by its id.
Result<int> show_mail(const Globals& globals, const std::string& name);
Result<int> show_kept_mail(const Globals& globals, const std::string& id);
struct ReprocessArguments {
    std::vector<std::string> mails;  ///< ids; or none, and
    std::string outcome;             ///< all that ended so
    std::string reason;              ///< of those the ones whose reason begins like this
    std::string by;
};
Result<int> reprocess_mails(const Globals& globals, const ReprocessArguments& arguments);
Result<int> take_inventory(const Globals& globals);

struct ArticleArguments {
    std::vector<std::filesystem::path> files;
};
Result<int> add_articles(const Globals& globals, const ArticleArguments& arguments);
Result<int> search_articles(const Globals& globals, const std::string& query, std::size_t limit);
Result<int> show_knowledge(const Globals& globals);

struct UnderstandArguments {
    std::filesystem::path file;  ///< "-": standard input; a mail
    std::string text;
    std::string subject;
};
Result<int> understand(const Globals& globals, const UnderstandArguments& arguments);

Result<int> check_procedure(const Globals& globals, const std::filesystem::path& file);
Result<int> show_procedure(const Globals& globals, const std::filesystem::path& file);
Result<int> draw_procedure(const Globals& globals, const std::filesystem::path& file);
Result<int> list_tools(const Globals& globals);
Result<int> show_tool(const Globals& globals, const std::string& name);

Result<int> verify(const Globals& globals);
Result<int> explain(const Globals& globals, const std::string& code);
Result<int> doctor(const Globals& globals);
Result<int> init(const Globals& globals, const std::filesystem::path& folder, bool force);
Result<int> version(const Globals& globals);

/// What the commands share.
void print(std::string_view text);
/// Indented for a person at a terminal, one line elsewhere.
void print_json(const json::Value& value);
const Clock& system_clock();
/// Of the file, or of standard input where it is "-".
Result<std::string> read_input(const std::filesystem::path& file);
/// The part of an RFC 3339 moment that people read: "2026-11-22 18:05".
std::string short_time(const std::string& rfc3339);

}  // namespace resolute::app
