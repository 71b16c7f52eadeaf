// SPDX-License-Identifier: Apache-2.0
#include "app/runtime.h"

#include <unistd.h>

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "app/anchor.h"
#include "app/backup.h"
#include "app/erasure.h"
#include "app/open_storage.h"
#include "app/retention.h"
#include "app/standing.h"
#include "base/file.h"
#include "base/hash.h"
#include "base/log.h"
#include "desk/agents_import.h"
#include "desk/customer_import.h"
#include "mail/parsed_email.h"
#include "mailroom/put_away.h"

namespace resolute::app {
namespace {

constexpr std::size_t kProcedureBytesMax = 1u << 20;
constexpr std::size_t kBacklogMax = 10'000;
constexpr std::size_t kSharedQueueMin = 32;
constexpr std::size_t kSharedQueuePerThread = 8;
constexpr std::size_t kSharedListMax = 1'000;
constexpr std::size_t kSharedPendingMax = 1'000;
constexpr std::size_t kSharedHeldMax = 32;  ///< what a program that ends leaves to nobody until its hold is over
constexpr Duration kIntakePoll = std::chrono::milliseconds(500);
constexpr Duration kMailboxPoll = std::chrono::minutes(1);  ///< a server that tells of new mail wakes us before
constexpr int kMailsAtOnce = 4;
constexpr Duration kMailboxPauseMin = std::chrono::seconds(1);
constexpr Duration kMailboxPauseMax = std::chrono::minutes(1);
constexpr Duration kPutAwayPoll = std::chrono::seconds(1);  ///< while outcomes come in
constexpr Duration kWatchEvery = std::chrono::minutes(1);
constexpr Duration kTimerPollMax = std::chrono::milliseconds(200);
constexpr Duration kHeadStart = std::chrono::seconds(1);
constexpr Duration kHeadStartPoll = std::chrono::milliseconds(2);
constexpr Duration kAnchorEvery = std::chrono::seconds(1);
constexpr Duration kSweepEvery = std::chrono::hours(24);
constexpr std::size_t kSweepMax = 20;
constexpr Duration kKnowledgeRefresh = std::chrono::seconds(5);

Result<procedure::Procedure> read_procedure(const std::filesystem::path& path, const procedure::ToolCatalogue& catalogue) {
    TRY(const std::string document, file::read(path, kProcedureBytesMax));
    procedure::ReadResult read = procedure::read(document, catalogue);
    std::string errors;
    for (const procedure::Finding& finding : read.findings)
        if (finding.severity == procedure::Finding::Severity::error) errors += "\n  " + procedure::describe(finding, path.string());
    if (!read.procedure || !errors.empty())
        return fail("procedure.has_errors", ErrorKind::invalid, fmt::format("{} cannot run:{}", path.string(), errors));
    return std::move(*read.procedure);
}

void add(mailroom::IntakeRound& totals, const mailroom::IntakeRound& round) {
    totals.kept += round.kept;
    totals.known += round.known;
    totals.opened += round.opened;
    totals.appended += round.appended;
    totals.ignored += round.ignored;
    totals.quarantined += round.quarantined;
}

bool puts_away(const ports::MailSource& source) {
    return source.puts_away(ports::PutAway::done) || source.puts_away(ports::PutAway::quarantined);
}

}  // namespace

Status EngineInbox::receive(const CaseId& id, const casework::Signal& signal, const InputId& input) {
    TRY_STATUS(engine_.receive(id, signal, input));
    return {};
}

Result<std::optional<CaseId>> EngineInbox::find_input(const InputId& input) {
    TRY(const auto known, engine_.find_input(input));
    return known ? std::optional(known->case_id) : std::nullopt;
}

std::optional<Role> parse_role(std::string_view name) {
    if (name == "all") return Role::all;
    if (name == "intake") return Role::intake;
    if (name == "worker") return Role::worker;
    if (name == "console") return Role::console;
    return std::nullopt;
}

Runtime::Runtime(const Config& config, const Clock& clock, Role role, storage::OwnerLock lock, std::unique_ptr<storage::Storage> storage,
                 std::unique_ptr<knowledge::FolderKnowledge> knowledge, std::unique_ptr<Mailboxes> mailboxes)
    : config_(config),
      clock_(clock),
      role_(role),
      lock_(std::move(lock)),
      storage_(std::move(storage)),
      knowledge_(std::move(knowledge)),
      mailboxes_(std::move(mailboxes)),
      crm_(storage_->desk()),
      helpdesk_(storage_->desk()),
      people_(storage_->desk(), storage_->queries()),
      chat_(storage_->desk()),
      catalogue_(tools::catalogue()) {
    if (!config_.archive.empty()) archive_ = std::make_unique<desk::FolderArchive>(config_.archive);
    world_ = std::make_unique<tools::World>(tools::World{crm_, helpdesk_, people_, chat_, *knowledge_, language_, mailboxes_->sender(), storage_->intake(),
                                                         storage_->queries(), storage_->desk(), archive_.get(), config_.voice, config_.rates,
                                                         {.ledger = &storage_->automatic_mail_ledger(), .caps = config_.mail_caps, .blind = [this](std::string_view text) {
                                                              // Where nothing is sealed there is no key: then the hash at least is no address.
                                                              std::string name = vault_->blind_name(text);
                                                              return name.empty() ? sha256_hex("mail ledger/" + std::string(text)) : name;
                                                          },
                                                          .clock = &clock_}});
    runner_ = std::make_unique<tools::ToolRunner>(*world_);
    book_ = std::make_unique<engine::ProcedureBook>(storage_->engine_store(), catalogue_);
}

void Runtime::wire_engine() {
    engine::Options options;
    options.owner = config_.worker_name;
    options.journal_format = config_.journal_format;
    options.tokens = tokens_.get();
    options.runs_effects = role_ == Role::all || role_ == Role::worker;
    // A queue that is short leaves work in the store, where the other workers find it.
    if (storage_->is_shared()) options.queue_max = std::max(kSharedQueueMin, config_.workers * kSharedQueuePerThread);
    // What is embedded takes as many calls as there are workers; only the mailbox is written one mail at a time by each.
    for (const std::string_view name : {"crm", "helpdesk", "mail", "chat", "knowledge", "language", "files", "people", "intake", "scheduling"})
        options.bulkheads.emplace(name, engine::Bulkhead{.running_max = static_cast<int>(config_.workers)});
    // Each mail on its way to a server takes a connection, and a worker that may wait for its turn.
    if (config_.smtp) options.bulkheads["mail"].running_max = std::min(kMailsAtOnce, static_cast<int>(config_.workers));
    engine_ = std::make_unique<engine::Engine>(clock_, storage_->engine_store(), *runner_, *book_, *vault_, std::move(options));
    engine_->observe_outages([this](const std::string& integration, const std::optional<Error>& error, Instant at) {
        if (error)
            LOG(warning, "integration fails", kv("integration", integration), kv("error", error->code));
        else
            ignore_error(storage_->desk().end_outage(integration, at), "the next success says it again");
    });
    inbox_ = std::make_unique<EngineInbox>(*engine_);
    intake_ = std::make_unique<mailroom::Intake>(
        mailboxes_->local(), storage_->intake(), storage_->queries(), *inbox_, mail::parse,
        mailroom::IntakeOptions{.authserv_id = config_.authserv_id,
                                .rules = {.own_addresses = {config_.voice.support_address}, .answer_within = config_.answer_within, .tokens = tokens_.get()},
                                .after_vips = [this](const std::vector<CaseId>& cases) { give_head_start(cases); },
                                .puts_away = [this](const ports::MailRecord& mail) { return mailboxes_->puts_away(mail); },
                                .vip_hint = [this](std::string_view address) {
                                    const auto customer = crm_.find_customer(address, Deadline::never());
                                    return customer && *customer && (*customer)->tier == ports::Tier::vip;
                                },
                                // The whole backlog is kept before any of it is worked: a VIP's mail may be its last. Where there are
                                // several intakes one that starts would read what the others kept, for seconds: it works before and between.
                                .list_max = storage_->is_shared() ? kSharedListMax : kBacklogMax,
                                .pending_max = storage_->is_shared() ? kSharedPendingMax : kBacklogMax,
                                // Among several intakes none holds it all.
                                .held_max = storage_->is_shared() ? kSharedHeldMax : kBacklogMax,
                                .works_first = storage_->is_shared()});
    watch_ = std::make_unique<MailWatch>(MailWatch::Parts{.config = config_,
                                                          .clock = clock_,
                                                          .mailboxes = *mailboxes_,
                                                          .store = storage_->intake(),
                                                          .ledger = storage_->ledger(),
                                                          .intake = *intake_,
                                                          .is_being_read = [this](const std::string& mailbox) { return is_being_read(mailbox); }});
}

Result<std::unique_ptr<Runtime>> Runtime::open(const Config& config, const Clock& clock, Role role) {
    TRY_STATUS(file::make_directories(config.data));
    TRY(auto lock, storage::OwnerLock::acquire(config.data));
    TRY(auto storage, open_storage(config));
    if (role != Role::all && !storage->is_shared())
        return fail("config.role_needs_shared", ErrorKind::invalid,
                    "parts of the program can run apart only on a database that they share; set database: postgresql://…, or leave --role out");
    TRY(auto knowledge, knowledge::FolderKnowledge::open({.folders = config.knowledge, .base_url = config.knowledge_base_url}, storage->articles()));
    TRY(auto mailboxes, Mailboxes::open(config, clock));
    std::unique_ptr<Runtime> runtime(
        new Runtime(config, clock, role, std::move(lock), std::move(storage), std::move(knowledge), std::move(mailboxes)));
    TRY_STATUS(runtime->prepare());
    return runtime;
}

Status Runtime::prepare() {
    TRY_STATUS(open_vault());
    wire_engine();
    // What stands in every mail must not promise money: the gate would stop each of them.
    for (const std::string& text : {config_.voice.signature, config_.voice.closing, config_.voice.disclaimer})
        if (!casework::find_money_promises(text).empty())
            return fail("config.bad_value", ErrorKind::invalid,
                        fmt::format("organisation.voice: \"{}\" promises money in every mail, and nothing may go out with it; word it neutrally", text));
    if (!config_.customers.empty()) TRY_STATUS(desk::import_customers(storage_->desk(), config_.customers));
    if (!config_.agents.empty()) TRY_STATUS(desk::import_agents(storage_->desk(), config_.agents));
    TRY(auto procedure, read_procedure(config_.procedure, catalogue_));
    TRY_STATUS(book_->set_current(std::move(procedure)));
    TRY(const auto anchor, read_anchor(config_.anchor_file()));
    TRY_STATUS(engine_->start(anchor));
    has_lease_ = true;
    keep_anchor();
    TRY_STATUS(repeat_erasures(*this));
    return {};
}

/// What is personal is sealed under a key that does not lie in the database.
Status Runtime::open_vault() {
    // A shared database has several programs and one key: it is made once, on purpose, and given to all of them. Where something is
    // sealed already another key would open nothing, and a copy of it might take the good one's place.
    TRY(const bool has_sealed, engine::Vault::has_sealed(storage_->engine_store()));
    TRY(const seal::Key master, seal::load_master_key(config_.master_key_file(), !storage_->is_shared() && !has_sealed));
    vault_ = std::make_unique<engine::Vault>(storage_->engine_store(), master);
    backup_key_ = backup_key_of(master);
    tokens_ = std::make_unique<mail::ThreadTokens>(std::vector<seal::Key>{seal::derive(master, "thread tokens")}, config_.reply_tokens);
    return vault_->check();
}

void Runtime::keep_anchor() {
    const Status kept = write_anchor(config_.anchor_file(), engine_->anchor());
    if (!kept) LOG(warning, "the anchor could not be written", kv("error", kept.error().code), kv("detail", kept.error().detail));
}

Runtime::~Runtime() { stop(); }

/// With workers beside it the intake would open the next cases while the VIPs' first steps run, and some of them would be first
/// by a hair. So it waits, for a moment only, until the VIPs are acknowledged or know that they wait.
void Runtime::give_head_start(const std::vector<CaseId>& cases) {
    {
        std::lock_guard lock(mutex_);
        if (threads_.empty()) return;  // On one thread the rank decides alone.
    }
    const Deadline deadline = Deadline::in(kHeadStart);
    for (const CaseId& id : cases) {
        while (!deadline.has_passed()) {
            const auto state = engine_->find_state(id);
            const bool is_answered = state && *state && std::ranges::any_of((*state)->mails, [](const auto& mail) { return !mail.is_inbound; });
            if (!state || is_answered || (*state && (*state)->phase != casework::Phase::running && (*state)->phase != casework::Phase::arrived)) break;
            engine_->wait_for_work(kHeadStartPoll);
        }
    }
}

Result<bool> Runtime::intake_round() {
    const mailroom::IntakeRound round = intake_->run_once(clock_.now());
    note_problem(round);
    std::lock_guard lock(mutex_);
    add(totals_, round);
    intake_is_idle_ = round.kept + round.known + round.concluded() == 0 && !round.stopped_by;
    if (round.stopped_by) return std::unexpected(*round.stopped_by);
    return !intake_is_idle_;
}

void Runtime::note_problem(const mailroom::IntakeRound& round) {
    std::lock_guard lock(mutex_);
    intake_problem_.clear();
    if (!round.problems.empty()) intake_problem_ = round.problems.front().where + ": " + describe(round.problems.front().error);
    if (round.stopped_by) intake_problem_ = describe(*round.stopped_by);
}

/// Keeps what is new in a server's folder.
Runtime::Fetched Runtime::fetch_round(ports::MailSource& source) {
    const mailroom::IntakeRound round = intake_->fetch_from(source, clock_.now());
    std::lock_guard lock(mutex_);
    add(totals_, round);
    std::string& problem = mailbox_problems_[source.name()];
    problem.clear();
    if (!round.problems.empty()) problem = source.name() + ": " + describe(round.problems.front().error);
    if (round.stopped_by) problem = describe(*round.stopped_by);
    if (round.kept > 0) {
        has_new_mail_ = true;
        stopped_.notify_all();
    }
    if (round.kept > 0 && puts_away(source)) untidy_mailboxes_.insert(source.name());
    const bool may_have_more = problem.empty() && round.kept + round.known > 0;
    if (may_have_more) unread_mailboxes_.insert(source.name());
    else unread_mailboxes_.erase(source.name());
    if (!problem.empty()) return Fetched::trouble;
    return may_have_more ? Fetched::more : Fetched::all;
}

/// One for each folder of a server: one that is slow or away delays no other.
void Runtime::mailbox_loop(const std::stop_token& stop, ports::MailSource& source) {
    Duration pause = kMailboxPauseMin;
    while (!stop.stop_requested()) {
        const Fetched fetched = fetch_round(source);
        if (fetched == Fetched::trouble) {
            static_cast<void>(mailboxes_->closing().wait(pause));
            pause = std::min(pause * 2, kMailboxPauseMax);
            continue;
        }
        pause = kMailboxPauseMin;
        const bool is_tidy = put_away_round(source);
        if (fetched == Fetched::all) source.wait(is_tidy ? kMailboxPoll : kPutAwayPoll, mailboxes_->closing());
    }
}

/// Has the source show what became of its mails. False: soon there may be more to show. A failure is told, waits for the next look, and holds
/// up no mail.
bool Runtime::put_away_round(ports::MailSource& source) {
    if (!puts_away(source)) return true;
    bool was_idle = false;
    {
        const std::lock_guard lock(mutex_);
        was_idle = intake_is_idle_ && !has_new_mail_;
    }
    const auto count = mailroom::put_away(source, storage_->ledger());
    const std::lock_guard lock(mutex_);
    put_away_problems_[source.name()] = count ? "" : source.name() + ": " + describe(count.error());
    const bool is_tidy = !count || (*count == 0 && was_idle);
    if (is_tidy) untidy_mailboxes_.erase(source.name());
    return is_tidy;
}

/// Where nobody takes mail in here, what was not taken in is missed by nobody.
bool Runtime::is_being_read(const std::string& mailbox) {
    const std::lock_guard lock(mutex_);
    if (threads_.empty() || (role_ != Role::all && role_ != Role::intake)) return true;
    const auto remote = mailboxes_->remote();
    const bool is_remote = std::ranges::any_of(remote, [&](const ports::MailSource* source) { return source->name() == mailbox; });
    return is_remote ? unread_mailboxes_.contains(mailbox) : !intake_is_idle_;
}

void Runtime::watch_loop(const std::stop_token& stop) {
    while (!stop.stop_requested()) {
        if (mailboxes_->closing().wait(kWatchEvery)) return;
        watch_->look();
    }
}

Result<bool> Runtime::run_once() {
    bool fetched = false;
    for (ports::MailSource* mailbox : mailboxes_->remote()) fetched = fetch_round(*mailbox) == Fetched::more || fetched;
    TRY(const bool took_in, intake_round());
    for (ports::MailSource* mailbox : mailboxes_->remote()) static_cast<void>(put_away_round(*mailbox));
    TRY(const std::size_t worked, engine_->run_once(clock_.now()));
    return fetched || took_in || worked > 0;
}

Status Runtime::run_until_idle() {
    while (true) {
        TRY(const bool worked, run_once());
        if (!worked) return {};
    }
}

void Runtime::start_threads() {
    std::lock_guard lock(mutex_);
    if (!threads_.empty()) return;
    if (role_ == Role::all || role_ == Role::intake) {
        threads_.emplace_back([this](const std::stop_token& stop) { intake_loop(stop); });
        threads_.emplace_back([this](const std::stop_token& stop) { watch_loop(stop); });
        for (ports::MailSource* mailbox : mailboxes_->remote()) {
            unread_mailboxes_.insert(mailbox->name());
            if (puts_away(*mailbox)) untidy_mailboxes_.insert(mailbox->name());
            threads_.emplace_back([this, mailbox](const std::stop_token& stop) { mailbox_loop(stop, *mailbox); });
        }
    }
    threads_.emplace_back([this](const std::stop_token& stop) { timer_loop(stop); });
    storage_->listen([this](const storage::Hint& hint) { take_hint(hint); });
    if (role_ == Role::intake || role_ == Role::console) return;
    threads_.emplace_back([this](const std::stop_token&) { engine_->commit_gathered(); });
    for (std::size_t i = 0; i < config_.workers; ++i) threads_.emplace_back([this](const std::stop_token& stop) { worker_loop(stop); });
}

void Runtime::stop() {
    std::vector<std::jthread> threads;
    {
        std::lock_guard lock(mutex_);
        threads.swap(threads_);
        for (std::jthread& thread : threads) thread.request_stop();
        stopped_.notify_all();
        intake_->close();
        mailboxes_->closing().raise();
    }
    storage_->listen({});
    const bool had_threads = !threads.empty();
    if (had_threads) engine_->stop_waiting();
    threads.clear();  // Joins them.
    if (!std::exchange(has_lease_, false)) return;
    ignore_error(engine_->finish(), "the next start, or another worker, takes up what is left");
    keep_anchor();
}

void Runtime::intake_loop(const std::stop_token& stop) {
    Instant refreshed = clock_.now();
    while (!stop.stop_requested()) {
        const Result<bool> took_in = intake_round();
        if (!took_in) LOG(error, "intake pauses", kv("error", took_in.error().code));
        if (clock_.now() - refreshed >= kKnowledgeRefresh) {
            ignore_error(knowledge_->refresh(), "the articles read before stay, and a search says what is wrong");
            refreshed = clock_.now();
        }
        if (took_in && *took_in) continue;
        std::unique_lock lock(mutex_);
        stopped_.wait_for(lock, stop, kIntakePoll, [this] { return has_new_mail_; });
        if (std::exchange(has_new_mail_, false)) intake_is_idle_ = false;
    }
}

void Runtime::timer_loop(const std::stop_token& stop) {
    Duration anchored{};
    while (!stop.stop_requested()) {
        if (clock_.monotonic() - anchored >= kAnchorEvery) {
            keep_anchor();
            anchored = clock_.monotonic();
        }
        sweep_retention();
        const auto claimed = engine_->claim_due(clock_.now());
        if (!claimed) LOG(error, "claims pause", kv("error", claimed.error().code));
        if (!claimed || *claimed == 0) engine_->wait_to_claim(kTimerPollMax);
    }
}

/// What this program left itself it left because it has no room for it.
void Runtime::take_hint(const storage::Hint& hint) {
    if (hint.from_epoch == engine_->lease().epoch) return;
    if (hint.kind == storage::Hint::Kind::freeze) engine_->renew_at_once();
    engine_->look_at_once();
}

/// Once a day, in small parts: this thread keeps the lease too.
void Runtime::sweep_retention() {
    if (!config_.keep_mail && !config_.keep_closed_cases) return;
    const Instant now = clock_.now();
    if (swept_at_ && now - *swept_at_ < kSweepEvery) return;
    Result<Overdue> overdue = find_overdue(*this);
    Status dropped = overdue ? drop_overdue(*this, *overdue, kSweepMax) : Status(std::unexpected(overdue.error()));
    if (!dropped) LOG(error, "what was kept long enough could not be dropped", kv("error", dropped.error().code));
    if (!dropped || (overdue->mails.size() <= kSweepMax && overdue->cases.size() <= kSweepMax)) swept_at_ = now;
}

void Runtime::worker_loop(const std::stop_token& stop) {
    while (!stop.stop_requested())
        if (!engine_->work_once()) engine_->wait_for_work(kTimerPollMax);
}

bool Runtime::is_idle() {
    {
        std::lock_guard lock(mutex_);
        if (!intake_is_idle_ || has_new_mail_ || !unread_mailboxes_.empty() || !untidy_mailboxes_.empty()) return false;
    }
    if (!engine_->is_quiet()) return false;
    const auto next = engine_->next_wake();
    return next && (!*next || **next > clock_.now());
}

Result<ports::MailRecord> Runtime::submit(mail::RawMail mail) { return intake_->submit(std::move(mail)); }

Result<ports::MailRecord> Runtime::reprocess(const MailId& id, const std::string& by) {
    TRY(const auto mail, storage_->intake().find(id));
    if (mail && mail->size > 0 && mail->blob == sha256_hex(""))
        return fail("mail.raw_gone", ErrorKind::not_found, fmt::format("the bytes of the mail {} are no longer kept, so it cannot be read again", id.value()));
    TRY_STATUS(storage_->ledger().reopen(id, by, clock_.now(), mailroom::kHold));
    LOG(info, "mail is read again", kv("mail", id.value()), kv("by", by));
    return intake_->take_up(id, clock_.now());
}

Result<engine::Received> Runtime::decide_task(const casework::TaskDecision& decision) {
    TRY(const auto task, cases().find_task(decision.task));
    if (!task) return fail("task.not_found", ErrorKind::not_found, fmt::format("there is no task {}", decision.task.value()));
    TRY(const auto agent, people_.find_agent(AgentId(decision.by)));
    casework::TaskDecision checked = decision;
    checked.by_manager = agent && agent->is_manager;
    if (!agent) return fail("task.unknown_person", ErrorKind::invalid, fmt::format("nobody here is called \"{}\"; name an agent's id with --by", decision.by));
    return engine_->receive(task->case_id, checked);
}

mailroom::IntakeRound Runtime::totals() {
    std::lock_guard lock(mutex_);
    return totals_;
}

std::string Runtime::problem() {
    if (engine_->is_frozen()) {
        const auto freeze = storage_->engine_store().last_freeze();
        if (freeze && *freeze && !(*freeze)->released_at) return describe_freeze(**freeze);
    }
    const std::string store = engine_->store_problem();
    std::lock_guard lock(mutex_);
    std::string all = store.empty() ? intake_problem_ : store;
    if (const std::string trouble = mailboxes_->trouble(); !trouble.empty()) all += (all.empty() ? "" : "; ") + trouble;
    for (const auto* problems : {&mailbox_problems_, &put_away_problems_})
        for (const auto& [name, problem] : *problems)
            if (!problem.empty() && problem != all) all += (all.empty() ? "" : "; ") + problem;
    return all;
}

}  // namespace resolute::app
