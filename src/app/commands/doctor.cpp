// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <functional>

#include "app/commands/commands.h"
#include "app/gmail_check.h"
#include "app/graph_check.h"
#include "app/local_server.h"
#include "app/mailboxes.h"
#include "app/open_storage.h"
#include "app/standing.h"
#include "app/table.h"
#include "base/file.h"
#include "connectors/maildir/maildir_sender.h"
#include "desk/agents_import.h"
#include "desk/customer_import.h"
#include "knowledge/folder_knowledge.h"
#include "language/embedded_language.h"
#include "procedure/procedure.h"
#include "storage/memory/memory_storage.h"
#include "storage/sqlite/sqlite_storage.h"
#include "tools/tool.h"
#include "transport/unix_http_client.h"

namespace resolute::app {
namespace {

struct Finding {
    std::string what;
    bool is_fine = true;
    std::string words;
    std::string code;
};

/// What is fine is said in the result's words.
Finding look(std::string what, const std::function<Result<std::string>()>& check) {
    const Result<std::string> words = check();
    if (words) return {std::move(what), true, *words, {}};
    return {std::move(what), false, words.error().detail, words.error().code};
}

Result<std::string> try_data(const Config& config) {
    const auto answer = transport::call_local(socket_of(config), "GET", "/api/status", "", Deadline::in(std::chrono::seconds(5)));
    if (answer) {
        const auto status = json::parse(answer->body);
        return fmt::format("{}: {} works on it and answers", config.data.string(), status ? (*status)["owner"].as_string() : std::string("a program"));
    }
    TRY_STATUS(file::make_directories(config.data));
    const std::filesystem::path probe = config.data / ".doctor";
    TRY_STATUS(file::write_durably(probe, "written to see that it can be\n"));
    std::error_code ignored;
    std::filesystem::remove(probe, ignored);
    TRY(const auto lock, storage::OwnerLock::acquire(config.data));
    return fmt::format("{}: can be written, nobody works on it", config.data.string());
}

/// A store that stands still looks healthy otherwise.
Result<std::string> try_freeze(const Config& config) {
    const auto frozen = [](const std::string& words) { return fail("store.frozen", ErrorKind::refused, words + "; look why, then: resolute release --by NAME"); };
    if (const auto answer = transport::call_local(socket_of(config), "GET", "/api/status", "", Deadline::in(std::chrono::seconds(5)))) {
        const auto status = json::parse(answer->body);
        if (status && (*status)["is_frozen"].as_bool()) return frozen((*status)["problem"].as_string_or("nothing leaves"));
        return std::string("mails go out");
    }
    std::unique_ptr<storage::Storage> storage;
    if (!config.postgres.empty()) {
        TRY(storage, open_storage(config));
    } else {
        std::error_code ignored;
        if (!std::filesystem::exists(config.data / "resolute.db", ignored)) return std::string("new: nothing is kept yet");
        auto opened = storage::SqliteStorage::open(config.data / "resolute.db", storage::sqlite::Mode::read_only);
        // Of a version that knew no freeze.
        if (!opened && opened.error().code == "store.schema_older") return std::string("of the version before; the next start brings it up to date");
        if (!opened) return std::unexpected(opened.error());
        storage = *std::move(opened);
    }
    TRY(const auto freeze, storage->engine_store().last_freeze());
    if (freeze && !freeze->released_at) return frozen(describe_freeze(*freeze));
    return std::string("not frozen");
}

Result<std::string> try_procedure(const Config& config) {
    TRY(const std::string text, file::read(config.procedure, 1u << 20));
    const procedure::ReadResult read = procedure::read(text, tools::catalogue());
    std::size_t warnings = 0;
    for (const procedure::Finding& finding : read.findings) {
        if (finding.severity == procedure::Finding::Severity::error)
            return fail("procedure.has_errors", ErrorKind::invalid, procedure::describe(finding, config.procedure.string()));
        ++warnings;
    }
    if (!read.procedure) return fail("procedure.has_errors", ErrorKind::invalid, fmt::format("{} cannot be read", config.procedure.string()));
    return fmt::format("{}: {} steps, {} warnings", config.procedure.string(), read.procedure->steps.size(), warnings);
}

Result<std::string> try_knowledge(const Config& config) {
    storage::MemoryStorage storage;
    TRY(const auto knowledge, knowledge::FolderKnowledge::open({.folders = config.knowledge, .base_url = config.knowledge_base_url}, storage.articles()));
    // A search for real: it says so where a folder is not there.
    TRY_STATUS(knowledge->search({.subject = {}, .text = "how do I return a product", .category = {}, .language = "en"}, Deadline::in(std::chrono::seconds(10))));
    TRY(const std::size_t size, knowledge->size());
    if (size == 0) return fail("knowledge.unavailable", ErrorKind::not_found, "there is no article: nothing can be answered automatically");
    const auto defects = knowledge->defects();
    if (defects.empty()) return fmt::format("{} articles", size);
    return fmt::format("{} articles; {} of them odd, the first: {}: {}", size, defects.size(), defects.front().file, defects.front().detail);
}

constexpr Duration kServerWithin = std::chrono::seconds(20);

/// Signs in, lists, and reads one mail, for real.
Result<std::string> try_intake(ports::MailSource& source, const std::string& name) {
    TRY(const auto positions, source.list(1));
    if (positions.empty()) return fmt::format("{}: readable, empty", name);
    const auto mail = source.fetch(positions.front());
    if (!mail && mail.error().code != "mail.too_large") return std::unexpected(mail.error());
    return fmt::format("{}: readable, with mail in it", name);
}

Result<std::string> try_maildir(const Config& config) {
    TRY_STATUS(connectors::MaildirSender::open(config.outgoing));
    const std::filesystem::path probe = config.outgoing / "tmp" / ".doctor";
    TRY_STATUS(file::write_durably(probe, "written to see that it can be\n"));
    std::error_code ignored;
    std::filesystem::remove(probe, ignored);
    return fmt::format("{}: can be written", config.outgoing.string());
}

/// Signs in; no mail goes out.
Result<std::string> try_smtp(const SmtpOutgoing& smtp, MailSignIn& sign_in) {
    const Deadline deadline = Deadline::in(kServerWithin);
    TRY(const transport::MailLogin login, sign_in.login(deadline));
    TRY_STATUS(transport::MailStream::open(transport::MailStream::Protocol::smtp, smtp.access.server, login, deadline));
    const std::string where = fmt::format("{}:{}", smtp.access.server.host, smtp.access.server.port);
    const std::string_view signs_in = smtp.access.user.empty() ? "answers; no user is configured, so nobody signs in" : "signs in";
    if (!smtp.sent_mailbox)
        return fmt::format("{}: {}. Without sent_folder a mail whose fate is unknown is held until a person says what became of it", where, signs_in);
    return fmt::format("{}: {}", where, signs_in);
}

Result<std::string> try_sent_folder(const SmtpOutgoing& smtp, MailSignIn& sign_in) {
    connectors::SentFolder sent({.server = smtp.sent_mailbox->server,
                                 .login = [&] { return sign_in.login(Deadline::in(kServerWithin)); },
                                 .folder = smtp.sent_folder});
    const ports::FrozenMail nothing{.key = EffectId("doctor"), .from = {}, .to = {}, .message_id = "doctor@resolute.invalid", .bytes = {}};
    TRY_STATUS(sent.find(nothing, Deadline::in(kServerWithin)));
    return fmt::format("{}: can be searched", smtp.sent_folder);
}

Result<std::string> try_customers(const Config& config) {
    if (config.customers.empty()) return std::string("nothing to import: every sender is unknown");
    storage::MemoryStorage storage;
    TRY(const std::size_t count, desk::import_customers(storage.desk(), config.customers));
    return fmt::format("{}: {} customers", config.customers.string(), count);
}

Result<std::string> try_agents(const Config& config) {
    if (config.agents.empty())
        return fail("people.nobody", ErrorKind::not_found, "\"agents\" is not configured: nobody can be given a case");
    TRY(const std::string text, file::read(config.agents));
    TRY(const auto agents, desk::parse_agents(text, config.agents.string()));
    std::size_t managers = 0;
    for (const ports::Agent& agent : agents)
        if (agent.is_manager) ++managers;
    if (managers == 0) return fail("people.nobody", ErrorKind::not_found, fmt::format("{}: nobody is a manager; approvals and escalations need one", config.agents.string()));
    return fmt::format("{}: {} people, {} of them managers", config.agents.string(), agents.size(), managers);
}

Result<std::string> try_language() {
    language::EmbeddedLanguage language;
    TRY(const auto issue, language.understand("Refund", "I want my money back for order 1234.", Deadline::in(std::chrono::seconds(5))));
    if (!issue.wants_refund) return fail("language.unsound", ErrorKind::internal, "a plain wish for a refund was not understood");
    return std::string("embedded");
}

/// What was learned about consents while they were used.
void look_at_consents(const Mailboxes& mailboxes, std::vector<Finding>& findings) {
    if (const std::string trouble = mailboxes.trouble(); !trouble.empty()) findings.push_back({"consent", false, trouble, "file.unwritable"});
    for (const std::string& warning : mailboxes.warnings()) findings.push_back({"consent", true, warning, {}});
}

void look_at_mail(const Config& config, Mailboxes& mailboxes, std::vector<Finding>& findings) {
    for (std::size_t i = 0; i < config.intake.size(); ++i)
        findings.push_back(look("intake", [&] { return try_intake(*mailboxes.local()[i], config.intake[i].string()); }));
    for (ports::MailSource* source : mailboxes.remote()) {
        Finding finding = look("intake", [&] { return try_intake(*source, source->name()); });
        if (!finding.is_fine) finding.words = source->name() + ": " + finding.words;
        findings.push_back(std::move(finding));
    }
    findings.push_back(look("senders", [&]() -> Result<std::string> {
        if (!config.authserv_id.empty()) return fmt::format("verified by the Authentication-Results of {}", config.authserv_id);
        return std::string("mail.intake.authserv_id is not set: every sender is unverified, is greeted without a name, and hears of one case a day (docs/trust.md)");
    }));
    const auto try_gmail = [&](const GmailAccess& access, connectors::GmailQuota::For what) {
        return check_gmail(access, what, mailboxes, system_clock(), Deadline::in(kServerWithin));
    };
    for (const GmailIntake& mailbox : config.gmail) findings.push_back(look("gmail", [&] { return try_gmail(mailbox.access, connectors::GmailQuota::For::reading); }));
    const auto try_graph = [&](const GraphAccess& access, const std::vector<std::string>& folders, bool sends) {
        return check_graph(access, folders, sends, mailboxes, system_clock(), Deadline::in(kServerWithin));
    };
    for (const GraphIntake& mailbox : config.graph) findings.push_back(look("graph", [&] { return try_graph(mailbox.access, mailbox.folders, false); }));
    if (config.graph_outgoing) {
        findings.push_back(look("outgoing", [&] { return try_graph(*config.graph_outgoing, {}, true); }));
        return;
    }
    if (config.gmail_outgoing) {
        findings.push_back(look("outgoing", [&] { return try_gmail(*config.gmail_outgoing, connectors::GmailQuota::For::sending); }));
        return;
    }
    findings.push_back(look("outgoing", [&] { return config.smtp ? try_smtp(*config.smtp, *mailboxes.sign_in(config.smtp->access, system_clock())) : try_maildir(config); }));
    if (!config.smtp || !config.smtp->sent_mailbox) return;
    findings.push_back(look("sent folder", [&] { return try_sent_folder(*config.smtp, *mailboxes.sign_in(*config.smtp->sent_mailbox, system_clock())); }));
}

int report(const std::vector<Finding>& findings, bool is_json) {
    std::size_t bad = 0;
    json::Array all;
    const Screen screen = Screen::of_stdout();
    for (const Finding& finding : findings) {
        if (!finding.is_fine) ++bad;
        all.push_back(json::Object{{"what", finding.what},
                                   {"is_fine", finding.is_fine},
                                   {"code", finding.code.empty() ? json::Value() : json::Value(finding.code)},
                                   {"detail", finding.words}});
        if (is_json) continue;
        print(fmt::format("{} {:<14} {}\n", finding.is_fine ? paint(screen, Colour::green, "ok ") : paint(screen, Colour::red, "bad"), finding.what, without_controls(finding.words)));
        if (!finding.is_fine) print(fmt::format("    {:<14} resolute explain {}\n", "", finding.code));
    }
    if (is_json)
        print_json(json::Object{{"is_fine", bad == 0}, {"findings", std::move(all)}});
    else
        print(bad == 0 ? "everything answers\n" : fmt::format("{} of {} need something\n", bad, findings.size()));
    return bad == 0 ? 0 : 1;
}

}  // namespace

Result<int> doctor(const Globals& globals) {
    const auto config = read_config(globals.config);
    std::vector<Finding> findings;
    findings.push_back(look("configuration", [&]() -> Result<std::string> {
        if (!config) return std::unexpected(config.error());
        return config->file.string();
    }));
    if (config) {
        findings.push_back(look("data", [&] { return try_data(*config); }));
        findings.push_back(look("store", [&] { return try_freeze(*config); }));
        findings.push_back(look("procedure", [&] { return try_procedure(*config); }));
        findings.push_back(look("knowledge", [&] { return try_knowledge(*config); }));
        const auto mailboxes = Mailboxes::of_intake(*config, system_clock());
        look_at_mail(*config, *mailboxes, findings);
        look_at_consents(*mailboxes, findings);
        findings.push_back(look("customers", [&] { return try_customers(*config); }));
        findings.push_back(look("agents", [&] { return try_agents(*config); }));
        findings.push_back(look("language", [] { return try_language(); }));
    }
    return report(findings, globals.is_json);
}

}  // namespace resolute::app
