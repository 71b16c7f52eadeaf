// SPDX-License-Identifier: Apache-2.0
#include "app/command_line.h"

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <functional>

#include "app/commands/commands.h"
#include "app/commands/duty.h"
#include "app/screen.h"
#include "base/log.h"
#include "base/text.h"

namespace resolute::app {
namespace {

using Command = std::function<Result<int>(const Globals&)>;

/// Everything that the options write to lives as long as the parse and the command.
struct Invocation {
    Globals globals;
    log::Level log = log::Level::off;
    Command command;

    CaseListArguments case_list;
    ConversationArguments conversation;
    TaskArguments task;
    RunArguments run;
    DemoArguments demo;
    BenchArguments bench;
    ArticleArguments articles;
    ReprocessArguments reprocess;
    UnderstandArguments understand;
    FreezeArguments freeze;
    BackupArguments backup;
    PersonArguments person;
    std::vector<std::filesystem::path> files;
    std::filesystem::path file;
    std::filesystem::path folder = ".";
    std::string name;
    std::string words;
    std::string by;
    std::string outcome;
    std::string role = "all";
    std::size_t limit = 5;
    int score = 0;
    bool all = false;
    bool force = false;
};

void add_globals(CLI::App& app, Invocation& invocation) {
    app.add_flag("--json", invocation.globals.is_json, "Answer as JSON");
    app.add_option("-c,--config", invocation.globals.config, "The configuration; paths in it are relative to it")
        ->option_text("FILE (resolute.yaml)");
    static const std::map<std::string, log::Level> levels{{"debug", log::Level::debug}, {"info", log::Level::info},   {"warning", log::Level::warning},
                                                          {"error", log::Level::error}, {"off", log::Level::off}};
    app.add_option("--log", invocation.log, "Log to standard error as JSON lines: debug, info, warning, error")
        ->transform(CLI::CheckedTransformer(levels, CLI::ignore_case))
        ->option_text("LEVEL");
}

/// A command of its own: every one takes the global options, before or after its own.
CLI::App& add(CLI::App& parent, Invocation& invocation, const char* name, const char* what, Command command, const char* examples) {
    CLI::App& sub = *parent.add_subcommand(name, what);
    add_globals(sub, invocation);
    if (command) sub.callback([&invocation, command = std::move(command)] { invocation.command = command; });
    if (*examples != '\0') sub.footer(std::string("Examples:\n") + examples);
    return sub;
}

void add_work(CLI::App& app, Invocation& in) {
    CLI::App& play = add(app, in, "demo", "Play forty days of the example company in virtual time, on embedded everything, and print what happened",
                         [&in](const Globals& globals) { return demo(globals, in.demo); },
                         "  resolute demo                          on a terminal it then serves until Ctrl-C\n"
                         "  resolute demo --exit --json");
    CLI::App& measure = add(app, in, "bench", "Cases a second and what they cost, beside the same rows by plain SQL",
                            [&in](const Globals& globals) { return bench(globals, in.bench); },
                            "  resolute bench --seconds 10\n"
                            "  resolute bench --database postgresql://postgres@127.0.0.1/postgres --in-flight 1,256 --json");
    measure.add_option("--database", in.bench.database, "sqlite, or a PostgreSQL server where databases may be made and dropped")
        ->option_text("URL (sqlite)");
    measure.add_option("--in-flight", in.bench.in_flight, "Cases in flight")->delimiter(',')->option_text("N,… (1,16,64,256)")->check(CLI::Range(1, 4096));
    measure.add_option("--sleepers", in.bench.sleepers, "Cases that sleep on three timers instead: their bytes, memory, start and lateness")
        ->delimiter(',')->option_text("N,…")->check(CLI::Range(1, 10'000'000));
    measure.add_option("--probe", in.bench.probe)->group("");
    measure.add_option("--probe-key", in.bench.probe_key)->group("");
    measure.add_option("--probe-since", in.bench.probe_since)->group("");
    measure.add_option("--seconds", in.bench.seconds, "For each number of cases in flight")->option_text("S (5)")->check(CLI::Range(0.5, 600.0));
    measure.add_option("--folder", in.bench.folder, "Where the database stands; made and removed")->option_text("DIR (bench-data)");
    play.add_flag("--exit", in.demo.exits, "Stop after the summary, also on a terminal");
    play.add_option("--examples", in.demo.examples, "The example company's folder")->option_text("DIR (examples)");
    play.add_option("--work", in.demo.work, "Where it plays; made anew each time")->option_text("DIR (demo)");

    CLI::App& run_it = add(app, in, "run", "Take in mail and work on it; with --until-idle stop when there is nothing left to do",
                           [&in](const Globals& globals) { return run(globals, in.run); },
                           "  resolute run --until-idle              work off what is there, print the summary, stop\n"
                           "  resolute run --until-idle --json       the same, the summary as one JSON object\n"
                           "  resolute run --clock virtual           jump from timer to timer: days pass in seconds\n"
                           "  resolute run --clock virtual --until 7d");
    run_it.add_flag("--until-idle", in.run.until_idle, "Stop when nothing is left to do; without it: until Ctrl-C");
    run_it.add_option_function<std::string>(
              "--clock", [&in](const std::string& clock) { in.run.is_virtual = clock == "virtual"; }, "real, or virtual: jump to the next due moment")
        ->check(CLI::IsMember({"real", "virtual"}))
        ->option_text("real|virtual");
    run_it.add_option("--until", in.run.until, "Where the virtual clock stops: a moment or a span (40d)")->option_text("INSTANT|SPAN");

    CLI::App& serve_it = add(app, in, "serve", "Take in mail and work on it until stopped; other commands talk to it",
                             [&in](const Globals& globals) { return serve(globals, in.role); },
                             "  resolute serve\n"
                             "  resolute serve --role worker           one of several programs on a database that they share\n"
                             "  resolute serve --log info 2>>resolute.log");
    serve_it.add_option("--role", in.role, "What of the program runs here: all, intake (takes mail in), worker (runs the cases), console (answers people)")
        ->option_text("ROLE (all)")
        ->check(CLI::IsMember({"all", "intake", "worker", "console"}));

    CLI::App& hand_in = add(app, in, "submit", "Hand in mails as files or by standard input",
                            [&in](const Globals& globals) {
                                if (in.files.empty()) in.files.emplace_back("-");
                                return submit(globals, in.files);
                            },
                            "  resolute submit mail.eml other.eml\n"
                            "  resolute submit - < mail.eml           an MTA can pipe to it");
    hand_in.add_option("files", in.files, "Mails (RFC 5322); - reads standard input")->option_text("FILE…");
}

/// `route` and `member`: what the API calls it.
CLI::App& add_conversation(CLI::App& group, Invocation& in, const char* name, const char* route, const char* member, const char* what,
                           const char* examples) {
    CLI::App& sub = add(group, in, name, what,
                        [&in, route, member](const Globals& globals) {
                            in.conversation.route = route;
                            in.conversation.member = member;
                            return change_conversation(globals, in.conversation);
                        },
                        examples);
    sub.add_option("case", in.conversation.name, "The case: its id, the beginning of it, or the ticket's number")->required()->option_text("CASE");
    sub.add_option("--by", in.conversation.by, "Who you are: an agent's id")->required()->option_text("AGENT");
    return sub;
}

void add_conversations(CLI::App& group, Invocation& in) {
    add_conversation(group, in, "merge", "/merge", "into", "Let a case go on in another one: it ends, its customer may join the other by mail",
                     "  resolute case merge T-1043 T-1042 --by mara        T-1043 ends, T-1042 goes on")
        .add_option("into", in.conversation.value, "The case that goes on")->required()->option_text("CASE");
    add_conversation(group, in, "split", "/split", "mail", "Give a mail of the conversation a case of its own",
                     "  resolute case split T-1042 m4k2p9x1c3v5b7n --by mara        the mail's id: resolute case show T-1042 --json")
        .add_option("mail", in.conversation.value, "The mail's whole id; not the one that opened the case")->required()->option_text("MAIL");
    add_conversation(group, in, "party", "/parties", "address", "Let somebody else join the case by mail; nothing is sent to them",
                     "  resolute case party T-1042 eve@customer.example --by mara")
        .add_option("address", in.conversation.value, "Their mail address")->required()->option_text("ADDRESS");
}

void add_cases(CLI::App& app, Invocation& in) {
    CLI::App& group = add(app, in, "case", "Cases: list, show, journal, export, rate, merge, split, party", nullptr, "");
    group.require_subcommand(1);
    CLI::App& list = add(group, in, "list", "All cases, oldest first", [&in](const Globals& globals) { return list_cases(globals, in.case_list); },
                         "  resolute case list --status waiting_person\n"
                         "  resolute case list --text printer --json");
    list.add_option("--status", in.case_list.status, "open, waiting_customer, waiting_person, escalated, resolved, closed")->option_text("STATUS");
    list.add_option("--category", in.case_list.category, "billing, technical, product_inquiry, refund_request, general_support")->option_text("CATEGORY");
    list.add_option("--text", in.case_list.text, "In sender, subject or ticket")->option_text("WORDS");
    list.add_option("--limit", in.case_list.limit, "At most so many")->option_text("N");
    constexpr const char* kName = "The case: its id, the beginning of it, or the ticket's number";
    CLI::App& show = add(group, in, "show", "What happened, step by step", [&in](const Globals& globals) { return show_case(globals, in.name); },
                         "  resolute case show T-1042\n"
                         "  resolute case show c4k2 --json");
    show.add_option("case", in.name, kName)->required()->option_text("CASE");
    CLI::App& journal = add(group, in, "journal", "Every event with its hash", [&in](const Globals& globals) { return show_journal(globals, in.name); },
                            "  resolute case journal T-1042 --json | jq '.[].event.kind'");
    journal.add_option("case", in.name, kName)->required()->option_text("CASE");
    CLI::App& write = add(group, in, "export", "All that there is on a case, raw mails included, as JSON",
                          [&in](const Globals& globals) { return export_case(globals, in.name, in.file); }, "  resolute case export T-1042 --to case.json");
    write.add_option("case", in.name, kName)->required()->option_text("CASE");
    write.add_option("--to", in.file, "Write to this file")->option_text("FILE");
    CLI::App& rate = add(group, in, "rate", "Record a customer's rating", [&in](const Globals& globals) { return rate_case(globals, in.name, in.score, in.by); },
                         "  resolute case rate T-1042 5 --by phone");
    rate.add_option("case", in.name, kName)->required()->option_text("CASE");
    rate.add_option("score", in.score, "1 to 5")->required()->check(CLI::Range(1, 5))->option_text("1-5");
    rate.add_option("--by", in.by, "Who told us")->option_text("WORDS");
    add_conversations(group, in);
}

CLI::App& add_decision(CLI::App& group, Invocation& in, const char* verb, const char* what, const char* examples) {
    CLI::App& sub = add(group, in, verb, what,
                        [&in, verb](const Globals& globals) {
                            in.task.verb = verb;
                            return decide_task(globals, in.task);
                        },
                        examples);
    sub.add_option("task", in.task.task, "The task: its id, or the beginning of it")->required()->option_text("TASK");
    sub.add_option("--by", in.task.by, "Who you are: an agent's id")->required()->option_text("AGENT");
    return sub;
}

void add_tasks(CLI::App& app, Invocation& in) {
    CLI::App& group = add(app, in, "task", "Tasks for people: list, approve, deny, resolve, assign", nullptr, "");
    group.require_subcommand(1);
    CLI::App& list = add(group, in, "list", "Open tasks, oldest first", [&in](const Globals& globals) { return list_tasks(globals, in.all); },
                         "  resolute task list\n"
                         "  resolute task list --all --json");
    list.add_flag("--all", in.all, "Those that are done too");
    CLI::App& approve = add_decision(group, in, "approve", "Say yes: to a refund, a text, or that a held effect went out",
                                     "  resolute task approve t7f3 --by mara\n"
                                     "  resolute task approve t7f3 --by mara --amount \"300.00 USD\"     a smaller refund\n"
                                     "  resolute task approve t9aa --by mara --went-out                a held mail had gone out");
    approve.add_option("--amount", in.task.amount, "A refund's amount, where it was not clear or shall be smaller")->option_text("\"129.00 USD\"");
    approve.add_option("--note", in.task.note, "Why")->option_text("WORDS");
    approve.add_flag("--went-out", in.task.went_out, "A held effect: it had happened; without this it is done again");
    CLI::App& deny = add_decision(group, in, "deny", "Say no", "  resolute task deny t7f3 --by mara --note \"outside the return window\"");
    deny.add_option("--note", in.task.note, "Why")->option_text("WORDS");
    CLI::App& resolve = add_decision(group, in, "resolve", "Done; a reply goes to the customer",
                                     "  resolute task resolve t7f3 --by ben --reply \"The part is on its way.\" --article printer-offline\n"
                                     "  resolute task resolve t7f3 --by ben --reply @answer.txt");
    resolve.add_option("--reply", in.task.reply, "What the customer shall read; - is standard input, @FILE a file")->option_text("TEXT");
    resolve.add_option("--article", in.task.articles, "What it rests on; may be given several times")->option_text("ID");
    resolve.add_option("--note", in.task.note, "For colleagues")->option_text("WORDS");
    resolve.add_flag("--went-out", in.task.went_out, "A held effect: it had happened; without this it is done again");
    CLI::App& assign = add_decision(group, in, "assign", "Give it to somebody", "  resolute task assign t7f3 --by mara --to ben");
    assign.add_option("--to", in.task.to, "An agent's id")->required()->option_text("AGENT");
}

void add_mails(CLI::App& app, Invocation& in) {
    CLI::App& group = add(app, in, "mail", "Mails: list what came in, show one, read it again, count the mailboxes; parse a file", nullptr, "");
    group.require_subcommand(1);
    CLI::App& list = add(group, in, "list", "Every mail with its outcome and why", [&in](const Globals& globals) { return list_mails(globals, in.outcome); },
                         "  resolute mail list --outcome quarantined");
    list.add_option("--outcome", in.outcome, "new_case, appended, quarantined, ignored, pending")->option_text("OUTCOME");
    CLI::App& parse = add(group, in, "parse", "How a mail is read: its kind and why, what the person wrote, what was cut, what is odd",
                          [&in](const Globals& globals) { return parse_mail(globals, in.file); },
                          "  resolute mail parse mail.eml                         why was it ignored? where did the text go?\n"
                          "  resolute mail parse mail.eml --json                  every value: headers, attachments with their hashes, safe HTML\n"
                          "  cat mail.eml | resolute mail parse -                 from standard input; needs no configuration, sends nothing\n"
                          "  resolute mail parse mail.eml --json | jq .defects    each code has a page: resolute explain CODE");
    parse.add_option("file", in.file, "The mail; - reads standard input")->required()->option_text("FILE");
    CLI::App& show = add(group, in, "show", "A mail as a person reads it, and what became of it", [&in](const Globals& globals) { return show_mail(globals, in.name); },
                         "  resolute mail show m8f3c2a\n  resolute mail show mail.eml");
    show.add_option("mail", in.name, "A mail's id as \"mail list\" shows it; or a file; - reads standard input")->required()->option_text("ID|FILE");
    CLI::App& again = add(group, in, "reprocess", "Have quarantined or ignored mails read again, by today's rules; who did is kept",
                          [&in](const Globals& globals) { return reprocess_mails(globals, in.reprocess); },
                          "  resolute mail reprocess m8f3c2a --by dana\n"
                          "  resolute mail reprocess --quarantined\n"
                          "  resolute mail reprocess --outcome ignored --reason mail.list");
    again.add_option("mails", in.reprocess.mails, "Their ids")->option_text("ID…");
    again.add_flag_callback("--quarantined", [&in] { in.reprocess.outcome = "quarantined"; }, "All that are quarantined");
    again.add_option("--outcome", in.reprocess.outcome, "All of an outcome: quarantined, ignored")->option_text("OUTCOME");
    again.add_option("--reason", in.reprocess.reason, "Of those the ones whose reason begins like this")->option_text("CODE");
    again.add_option("--by", in.reprocess.by, "Who wants it; by default $USER")->option_text("NAME");
    add(group, in, "inventory", "Compare each mailbox with what was taken in, and take in what was missed; exit code 1 where something is unaccounted",
        [](const Globals& globals) { return take_inventory(globals); }, "  resolute mail inventory\n  resolute mail inventory --json");
}

void add_knowledge(CLI::App& app, Invocation& in) {
    CLI::App& group = add(app, in, "kb", "The knowledge base: add, search, stats", nullptr, "");
    group.require_subcommand(1);
    CLI::App& put = add(group, in, "add", "Add articles (Markdown), or replace those with the same id",
                        [&in](const Globals& globals) { return add_articles(globals, in.articles); }, "  resolute kb add articles/*.md");
    put.add_option("files", in.articles.files, "Markdown; the title is its first heading")->required()->option_text("FILE…");
    CLI::App& search = add(group, in, "search", "What would be found for a question",
                           [&in](const Globals& globals) { return search_articles(globals, in.words, in.limit); },
                           "  resolute kb search \"my printer is offline\"");
    search.add_option("question", in.words, "The question")->required()->option_text("WORDS");
    search.add_option("--limit", in.limit, "At most so many")->option_text("N");
    add(group, in, "stats", "How many articles, from where, and what is odd in them", [](const Globals& globals) { return show_knowledge(globals); },
        "  resolute kb stats");

    CLI::App& read = add(app, in, "understand", "What the program makes of a mail: category, urgency, amounts, and the words that say so",
                         [&in](const Globals& globals) { return understand(globals, in.understand); },
                         "  resolute understand mail.eml\n"
                         "  resolute understand --text \"I want my 40 euros back\"");
    read.add_option("file", in.understand.file, "A mail; - reads standard input")->option_text("FILE");
    read.add_option("--text", in.understand.text, "A text instead of a mail")->option_text("WORDS");
    read.add_option("--subject", in.understand.subject, "The subject of the text")->option_text("WORDS");
}

void add_procedure(CLI::App& app, Invocation& in) {
    CLI::App& group = add(app, in, "procedure", "The procedure: check, show, graph", nullptr, "");
    group.require_subcommand(1);
    constexpr const char* kFile = "The document; by default the configuration's";
    CLI::App& check = add(group, in, "check", "Read and check a procedure; findings with line and column",
                          [&in](const Globals& globals) { return check_procedure(globals, in.file); },
                          "  resolute procedure check procedures/customer-support.md");
    check.add_option("file", in.file, kFile)->option_text("FILE");
    CLI::App& show = add(group, in, "show", "The steps with their branches", [&in](const Globals& globals) { return show_procedure(globals, in.file); },
                         "  resolute procedure show");
    show.add_option("file", in.file, kFile)->option_text("FILE");
    CLI::App& graph = add(group, in, "graph", "The steps as a Mermaid diagram", [&in](const Globals& globals) { return draw_procedure(globals, in.file); },
                          "  resolute procedure graph > procedure.mmd");
    graph.add_option("file", in.file, kFile)->option_text("FILE");

    CLI::App& tools = add(app, in, "tool", "What a step can call: list, show", nullptr, "");
    tools.require_subcommand(1);
    add(tools, in, "list", "Every tool with its category, action and outcomes", [](const Globals& globals) { return list_tools(globals); }, "  resolute tool list");
    CLI::App& tool = add(tools, in, "show", "What a tool needs, produces and ends in", [&in](const Globals& globals) { return show_tool(globals, in.name); },
                         "  resolute tool show mail.send_resolution");
    tool.add_option("tool", in.name, "Its name")->required()->option_text("TOOL");
}

void add_care(CLI::App& app, Invocation& in) {
    CLI::App& begin = add(app, in, "init", "Write a commented resolute.yaml and the procedure beside it",
                          [&in](const Globals& globals) { return init(globals, in.folder, in.force); }, "  resolute init\n  resolute init support/");
    begin.add_option("folder", in.folder, "Where; by default here")->option_text("FOLDER");
    begin.add_flag("--force", in.force, "Replace what is there");
    add(app, in, "doctor", "Try everything the configuration names, and say what to fix", [](const Globals& globals) { return doctor(globals); }, "  resolute doctor");
    add(app, in, "verify", "Check every journal's hashes, and that each case is the fold of its journal", [](const Globals& globals) { return verify(globals); },
        "  resolute verify");
    CLI::App& why = add(app, in, "explain", "What an error code means, and what to do", [&in](const Globals& globals) { return explain(globals, in.name); },
                        "  resolute explain store.locked\n  resolute explain                       all codes");
    why.add_option("code", in.name, "The code")->option_text("CODE");
    add(app, in, "version", "What this program is made of", [](const Globals& globals) { return version(globals); }, "  resolute version --json");
}

void add_on_call(CLI::App& app, Invocation& in) {
    add(app, in, "status", "Who works, what waits, whether it stands still; exit code 1 where something is wrong",
        [](const Globals& globals) { return show_status(globals); }, "  resolute status\n  resolute status --json");
    CLI::App& stop = add(app, in, "freeze", "The emergency stop: no mail and no guarded operation begins until a person releases it",
                         [&in](const Globals& globals) { return freeze(globals, in.freeze); },
                         "  resolute freeze --why \"wrong article in the answers\" --by dana");
    stop.add_option("--why", in.freeze.why, "For the others, and for ever")->required()->option_text("TEXT");
    stop.add_option("--by", in.freeze.by, "Who says so; by default $USER")->option_text("NAME");
    CLI::App& go = add(app, in, "release", "Ends a freeze; mails look for a while whether they went out before they go",
                       [&in](const Globals& globals) { return release(globals, in.freeze); },
                       "  resolute release --by dana\n  resolute release --by dana --look-first 7d");
    go.add_option("--by", in.freeze.by, "Who takes the responsibility")->required()->option_text("NAME");
    go.add_option("--look-first", in.freeze.look_first, "For how long: as far as the store may have forgotten")->option_text("SPAN (30d)");
    CLI::App& save = add(app, in, "backup", "A sealed copy of the database, while the work goes on; of PostgreSQL by pg_dump",
                         [&in](const Globals& globals) { return back_up(globals, in.backup); },
                         "  resolute backup /mnt/backup/resolute-2026-11-22.sealed");
    save.add_option("file", in.backup.file, "Where; nothing that is there is replaced")->required()->option_text("FILE");
    CLI::App& back = add(app, in, "restore", "Puts a backup in place, frozen: into the data folder, or into the PostgreSQL database; nobody may work on it",
                         [&in](const Globals& globals) { return restore(globals, in.backup); },
                         "  resolute restore /mnt/backup/resolute-2026-11-22.sealed\n"
                         "  resolute restore old.sealed --force    what is there is kept under another name\n"
                         "PostgreSQL: into the database that the configuration names, in one transaction (pg_restore and psql).");
    back.add_option("file", in.backup.file, "What \"resolute backup\" wrote")->required()->option_text("FILE");
    back.add_flag("--force", in.backup.force, "Move what is there aside: the file, or the schema");
}

void add_privacy(CLI::App& app, Invocation& in) {
    constexpr const char* kWho = "An e-mail address in full, or a CRM id";
    CLI::App& gone = add(app, in, "erase", "Erase a person: keys, mails, tickets, CRM record, and what lists show",
                         [&in](const Globals& globals) { return erase_person(globals, in.person); },
                         "  resolute erase ann@reed.example --dry-run\n"
                         "  resolute erase ann@reed.example --by dana\n"
                         "  resolute erase C-1042 --by dana --yes");
    gone.add_option("customer", in.person.person, kWho)->required()->option_text("CUSTOMER");
    gone.add_option("--by", in.person.by, "Who does it; stays in the journals. By default $USER")->option_text("NAME");
    gone.add_flag("--dry-run", in.person.is_dry_run, "Say what would go, and where the program does not reach");
    gone.add_flag("--yes", in.person.is_confirmed, "Do not ask");
    gone.add_flag("--no-compact", in.person.no_compact, "Do not rewrite the database's files now");
    CLI::App& copy = add(app, in, "export", "Everything about a person as one JSON",
                         [&in](const Globals& globals) { return export_person(globals, in.person); },
                         "  resolute export ann@reed.example --to ann.json");
    copy.add_option("customer", in.person.person, kWho)->required()->option_text("CUSTOMER");
    copy.add_option("--to", in.person.to, "A file; by default standard output")->option_text("FILE");
    CLI::App& keep = add(app, in, "hold", "Legal holds: list, place, release. What is held is not erased",
                         [&in](const Globals& globals) { return hold_person(globals, in.person); },
                         "  resolute hold                          all of them\n"
                         "  resolute hold ann@reed.example --why \"court file 12/2026\" --by dana\n"
                         "  resolute hold ann@reed.example --release --by dana");
    keep.add_option("customer", in.person.person, kWho)->option_text("CUSTOMER");
    keep.add_option("--why", in.person.why, "Kept for ever")->option_text("TEXT");
    keep.add_option("--by", in.person.by, "By default $USER")->option_text("NAME");
    keep.add_flag("--release", in.person.releases, "End it");
    CLI::App& drop = add(app, in, "retention", "Drop what was kept long enough by the configuration; serve does it daily",
                         [&in](const Globals& globals) { return drop_overdue(globals, in.person); },
                         "  resolute retention --dry-run\n  resolute retention");
    drop.add_flag("--dry-run", in.person.is_dry_run, "Say what would go");
    drop.add_flag("--no-compact", in.person.no_compact, "Do not rewrite the database's files now");
}

int exit_code_of(const Error& error) {
    // What stands around the program is not as it must be.
    for (const std::string_view around : {"store.locked", "config.not_found", "vault.", "seal.key_"})
        if (error.code.starts_with(around)) return 3;
    if (error.code.starts_with("procedure.")) return 1;
    switch (error.kind) {
        case ErrorKind::invalid:
        case ErrorKind::not_found: return 2;
        case ErrorKind::refused:
        case ErrorKind::conflict:
        case ErrorKind::corrupt: return 1;
        case ErrorKind::rate_limited:
        case ErrorKind::unavailable:
        case ErrorKind::timed_out:
        case ErrorKind::exhausted:
        case ErrorKind::internal: return 3;
    }
    return 3;
}

int report(const Error& error, const Globals& globals) {
    const Screen screen = Screen::of_stderr();
    if (globals.is_json)
        print_json(json::Object{{"error", json::Object{{"code", error.code}, {"kind", to_string(error.kind)}, {"detail", error.detail}}}});
    // The procedure's findings are one a line by their nature; everything else is one line.
    const std::string detail = error.code == "procedure.has_errors" ? error.detail : without_controls(error.detail);
    fmt::print(stderr, "{} {}: {} (resolute explain {})\n", paint(screen, Colour::red, "resolute:"), error.code, detail, error.code);
    return exit_code_of(error);
}

}  // namespace

namespace {

/// Follows the words of the command line as far as they are commands; a word that is none is named, with the nearest that is.
std::string explain_misuse(const CLI::App& app, int argc, const char* const* argv, const std::string& what) {
    const CLI::App* at = &app;
    std::string path = "resolute";
    for (int i = 1; i < argc && argv[i][0] != '-'; ++i) {
        std::vector<std::string> names;
        for (const CLI::App* sub : at->get_subcommands([](const CLI::App*) { return true; })) names.push_back(sub->get_name());
        if (names.empty()) break;
        if (std::find(names.begin(), names.end(), argv[i]) == names.end()) {
            const std::string close = text::closest(argv[i], names);
            return fmt::format("{} has no command \"{}\"; {}", path, argv[i],
                               close.empty() ? "there are: " + text::join(names, ", ") : fmt::format("did you mean \"{}\"?", close));
        }
        at = at->get_subcommand(argv[i]);
        path += std::string(" ") + argv[i];
    }
    return fmt::format("{}; try \"{} --help\"", what, path);
}

}  // namespace

int run_command_line(int argc, const char* const* argv) {
    Invocation invocation;
    CLI::App app("Resolute runs a company's customer-support procedure over e-mail.", "resolute");
    add_globals(app, invocation);
    app.require_subcommand(1);
    app.footer("\"resolute COMMAND --help\" shows examples. Exit codes: 0 fine, 1 the work found a problem, 2 wrong use, 3 environment.\n"
               "To begin: resolute demo, or resolute init and resolute doctor.");
    app.set_version_flag("--version", "resolute " RESOLUTE_VERSION);
    add_work(app, invocation);
    add_cases(app, invocation);
    add_tasks(app, invocation);
    add_mails(app, invocation);
    add_knowledge(app, invocation);
    add_procedure(app, invocation);
    add_on_call(app, invocation);
    add_privacy(app, invocation);
    add_care(app, invocation);
    try {
        app.parse(argc, argv);
    } catch (const CLI::Success& success) {
        return app.exit(success);  // --help, --version
    } catch (const CLI::ParseError& error) {
        for (int i = 1; i < argc; ++i) invocation.globals.is_json = invocation.globals.is_json || std::string_view(argv[i]) == "--json";
        return report({.code = "usage.arguments", .kind = ErrorKind::invalid, .detail = explain_misuse(app, argc, argv, error.what())},
                      invocation.globals);
    }
    log::configure(invocation.log);
    const Result<int> ended = invocation.command(invocation.globals);
    return ended ? *ended : report(ended.error(), invocation.globals);
}

}  // namespace resolute::app
