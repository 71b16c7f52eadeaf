// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <condition_variable>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "app/config.h"
#include "app/mail_watch.h"
#include "app/mailboxes.h"
#include "base/clock.h"
#include "desk/builtin_chat.h"
#include "desk/builtin_crm.h"
#include "desk/builtin_helpdesk.h"
#include "desk/builtin_people.h"
#include "desk/folder_archive.h"
#include "engine/engine.h"
#include "knowledge/folder_knowledge.h"
#include "language/embedded_language.h"
#include "mailroom/intake.h"
#include "storage/sqlite/owner_lock.h"
#include "storage/storage.h"
#include "tools/tool.h"

namespace resolute::app {

/// The engine as the mailroom sees it.
class EngineInbox final : public mailroom::CaseInbox {
public:
    explicit EngineInbox(engine::Engine& engine) : engine_(engine) {}
    Status receive(const CaseId& id, const casework::Signal& signal, const InputId& input) override;
    Result<std::optional<CaseId>> find_input(const InputId& input) override;

private:
    engine::Engine& engine_;
};

/// What of the program runs here. In a shared database several programs may run, each with its own part.
enum class Role { all, intake, worker, console };
std::optional<Role> parse_role(std::string_view name);

/// The whole program, wired: adapters to ports, tools to the engine. One per data folder (the owner's lock).
/// Threads: none until `start_threads`; then intake, workers and timers run until `stop`.
class Runtime {
public:
    /// Opens the stores, imports customers and agents, reads procedure and knowledge, takes the lease. The procedure's findings are
    /// in the error's detail (`procedure.has_errors`).
    static Result<std::unique_ptr<Runtime>> open(const Config& config, const Clock& clock, Role role = Role::all);
    ~Runtime();
    Runtime(const Runtime&) = delete;
    Runtime& operator=(const Runtime&) = delete;

    /// One round on this thread: take in what is there, then work until nothing is due. True: something was done.
    Result<bool> run_once();
    /// `run_once` until nothing comes and nothing is due; mails and timers of the future stay.
    Status run_until_idle();

    void start_threads();
    void stop();
    /// Threads only: nothing came and nothing ran for a while.
    [[nodiscard]] bool is_idle();

    Result<ports::MailRecord> submit(mail::RawMail mail);
    /// Has a mail that was quarantined or ignored read again, by today's rules, and keeps who wanted it. `mail.not_reopened`,
    /// `mail.raw_gone`, `intake.mail_unknown`.
    Result<ports::MailRecord> reprocess(const MailId& mail, const std::string& by);
    Result<engine::Received> decide_task(const casework::TaskDecision& decision);

    [[nodiscard]] const Config& config() const { return config_; }
    [[nodiscard]] const Clock& clock() const { return clock_; }
    engine::Engine& engine() { return *engine_; }
    storage::Storage& storage() { return *storage_; }
    engine::Vault& vault() { return *vault_; }
    MailWatch& mail_watch() { return *watch_; }
    ports::CaseQueries& cases() { return storage_->queries(); }
    knowledge::FolderKnowledge& knowledge() { return *knowledge_; }
    ports::LanguageModel& language() { return language_; }
    ports::People& people() { return people_; }
    const procedure::Procedure& procedure() const { return *book_->current(); }
    /// The key of backups; it follows from the master key, and opens nothing else.
    [[nodiscard]] const seal::Key& backup_key() const { return backup_key_; }
    /// What hinders the work now, for people; empty: nothing.
    [[nodiscard]] std::string problem();
    /// What will be wrong soon, for people: consents that end.
    [[nodiscard]] std::vector<std::string> warnings() const { return mailboxes_->warnings(); }
    /// What came in since the start.
    [[nodiscard]] mailroom::IntakeRound totals();

private:
    Runtime(const Config& config, const Clock& clock, Role role, storage::OwnerLock lock, std::unique_ptr<storage::Storage> storage,
            std::unique_ptr<knowledge::FolderKnowledge> knowledge, std::unique_ptr<Mailboxes> mailboxes);
    Status prepare();
    void wire_engine();
    Status open_vault();
    void keep_anchor();
    void sweep_retention();
    Result<bool> intake_round();
    enum class Fetched { more, all, trouble };  ///< more: there may be more at once
    Fetched fetch_round(ports::MailSource& source);
    void note_problem(const mailroom::IntakeRound& round);
    void give_head_start(const std::vector<CaseId>& cases);
    void intake_loop(const std::stop_token& stop);
    void mailbox_loop(const std::stop_token& stop, ports::MailSource& source);
    [[nodiscard]] bool is_being_read(const std::string& mailbox);
    bool put_away_round(ports::MailSource& source);
    void watch_loop(const std::stop_token& stop);
    void timer_loop(const std::stop_token& stop);
    void take_hint(const storage::Hint& hint);
    void worker_loop(const std::stop_token& stop);

    const Config config_;
    const Clock& clock_;
    const Role role_;
    storage::OwnerLock lock_;
    std::unique_ptr<storage::Storage> storage_;
    std::unique_ptr<engine::Vault> vault_;
    seal::Key backup_key_{};
    std::unique_ptr<mail::ThreadTokens> tokens_;
    std::unique_ptr<knowledge::FolderKnowledge> knowledge_;
    std::unique_ptr<Mailboxes> mailboxes_;
    language::EmbeddedLanguage language_;
    desk::BuiltinCrm crm_;
    desk::BuiltinHelpdesk helpdesk_;
    desk::BuiltinPeople people_;
    desk::BuiltinChat chat_;
    std::unique_ptr<desk::FolderArchive> archive_;
    procedure::ToolCatalogue catalogue_;
    std::unique_ptr<tools::World> world_;
    std::unique_ptr<tools::ToolRunner> runner_;
    std::unique_ptr<engine::ProcedureBook> book_;
    std::unique_ptr<engine::Engine> engine_;
    std::unique_ptr<EngineInbox> inbox_;
    std::unique_ptr<mailroom::Intake> intake_;
    std::unique_ptr<MailWatch> watch_;

    bool has_lease_ = false;  // The engine started, and has not finished.

    std::mutex mutex_;  // Guards what follows.
    mailroom::IntakeRound totals_;
    std::string intake_problem_;
    std::map<std::string, std::string> mailbox_problems_;  // By the mailbox's name.
    std::map<std::string, std::string> put_away_problems_;  // The same.
    std::set<std::string> untidy_mailboxes_;               // There may be something to put away.
    std::set<std::string> unread_mailboxes_;               // Not looked at yet, or there may be more at once.
    bool has_new_mail_ = false;                            // A mailbox's thread kept some.
    std::optional<Instant> swept_at_;  // The timers' thread's.
    bool intake_is_idle_ = false;
    std::condition_variable_any stopped_;
    std::vector<std::jthread> threads_;
};

}  // namespace resolute::app
