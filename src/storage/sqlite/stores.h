// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine/store.h"
#include "ports/article_store.h"
#include "ports/case_queries.h"
#include "ports/desk_store.h"
#include "ports/intake_store.h"
#include "ports/automatic_mail_ledger.h"
#include "ports/mail_ledger.h"
#include "storage/maintenance.h"
#include "storage/sqlite/database.h"

namespace resolute::storage::sqlite {

class EngineStore final : public engine::Store {
public:
    explicit EngineStore(Database& database) : database_(database) {}
    Result<engine::Lease> acquire(std::string owner, Instant now, int journal_format) override;
    Result<engine::Renewal> renew(const engine::Lease& lease, Instant now) override;
    Result<std::size_t> take_over(const engine::Lease& lease, Instant now) override;
    Status release(const engine::Lease& lease, const std::vector<EffectId>& not_started, Instant now) override;
    Result<std::vector<engine::Worker>> workers() override;
    Result<std::string> store_id() override;
    Result<engine::Committed> commit(const engine::Lease& lease, const std::vector<engine::CaseCommit>& commits) override;
    Result<std::optional<engine::LoadedCase>> load(const CaseId& id) override;
    Result<std::vector<engine::JournalRow>> journal(const CaseId& id) override;
    Result<std::vector<CaseId>> claim_cases(const engine::Lease& lease, Instant now, std::size_t limit, Duration hold) override;
    Result<std::vector<engine::EffectRecord>> claim_effects(const engine::Lease& lease, Instant now, std::size_t limit,
                                                            bool suspects_only) override;
    Result<std::vector<engine::EffectRecord>> claimed_effects(const engine::Lease& lease) override;
    Result<std::optional<Instant>> next_wake() override;
    Result<std::optional<engine::KnownInput>> find_input(const InputId& id) override;
    Result<std::optional<engine::EffectRecord>> find_effect(const EffectId& id) override;
    Status keep_procedure(const std::string& content_hash, const std::string& document, const std::optional<Money>& refund_limit) override;
    Result<std::optional<std::string>> load_procedure(const std::string& content_hash) override;
    Result<engine::SubjectRow> keep_subject(const std::string& blind_name, const std::string& wrapped_key) override;
    Result<std::optional<engine::SubjectRow>> find_subject(const std::string& id) override;
    Status end_subject(const std::string& id, bool destroy) override;
    Result<std::optional<engine::Freeze>> last_freeze() override;
    Status freeze(const std::string& why, const std::string& by, Instant now) override;
    Status release_freeze(const std::string& by, Instant now, Instant look_first_until) override;

private:
    Database& database_;
};

class IntakeStore final : public ports::IntakeStore {
public:
    explicit IntakeStore(Database& database) : database_(database) {}
    Result<std::vector<bool>> keep(const std::vector<mail::RawMail>& mails, const std::vector<std::uint64_t>& original_sizes) override;
    Result<std::vector<bool>> are_kept(const std::vector<mail::SourcePosition>& positions) override;
    Result<std::vector<ports::MailRecord>> claim_pending(Instant now, std::size_t limit, Duration hold) override;
    Result<std::vector<ports::MailRecord>> claim_mails(const std::vector<MailId>& ids, Instant now, Duration hold) override;
    Result<int> count_attempt(const MailId& id) override;
    Status conclude(const ports::MailRecord& record) override;
    Result<std::optional<ports::MailRecord>> find(const MailId& id) override;
    Result<std::optional<ports::MailRecord>> hold_content(const MailId& id, const std::string& content_key) override;
    Result<std::vector<ports::MailRecord>> list(const ports::MailFilter& filter) override;
    Result<std::string> load_blob(const std::string& sha256_hex) override;
    Result<std::string> keep_blob(std::string_view bytes) override;

private:
    Database& database_;
};

class MailLedger final : public ports::MailLedger {
public:
    explicit MailLedger(Database& database) : database_(database) {}
    Result<std::vector<ports::MailRecord>> to_put_away(const std::string& account, const std::string& folder, std::size_t limit) override;
    Status mark_put_away(const std::vector<MailId>& mails) override;
    Status reopen(const MailId& mail, const std::string& by, Instant at, Duration hold) override;
    Result<std::vector<ports::Reopening>> reopenings(const MailId& mail) override;
    Result<std::vector<Instant>> arrivals(const std::string& account, Instant since) override;
    Status put_note(const std::string& topic, const std::string& text) override;
    Result<std::map<std::string, std::string>> notes(const std::string& topic_prefix) override;

private:
    Database& database_;
};

class DeskStore final : public ports::DeskStore {
public:
    explicit DeskStore(Database& database) : database_(database) {}
    Result<ports::TicketRef> insert_ticket(const ports::NewTicket& ticket) override;
    Status insert_comment(const ports::TicketComment& comment) override;
    Status update_ticket(const ports::TicketChange& change) override;
    Result<std::optional<ports::Ticket>> find_ticket(const TicketId& id) override;
    Status upsert_customers(const std::vector<ports::Customer>& customers) override;
    Result<std::vector<ports::Customer>> find_customers_by_email(std::string_view address) override;
    Status insert_interaction(const EffectId& key, const CustomerId& customer, const ports::Interaction& interaction) override;
    Result<std::string> insert_deal(const ports::Deal& deal) override;
    Status replace_agents(const std::vector<ports::Agent>& agents) override;
    Result<std::vector<ports::Agent>> agents() override;
    Result<bool> insert_notification(const ports::Notification& notification) override;
    Result<std::vector<ports::Notification>> notifications(std::size_t limit) override;
    Result<ports::Outage> begin_outage(const std::string& integration, const std::string& error, Instant now) override;
    Status end_outage(const std::string& integration, Instant now) override;
    Result<std::vector<ports::Outage>> outages() override;

private:
    Database& database_;
};

class CaseQueries final : public ports::CaseQueries {
public:
    explicit CaseQueries(Database& database) : database_(database) {}
    Result<std::vector<casework::CaseSummary>> list_cases(const ports::CaseFilter& filter) override;
    Result<std::optional<casework::CaseSummary>> find_case(const CaseId& id) override;
    Result<std::optional<CaseId>> resolve_case(std::string_view name) override;
    Result<std::optional<CaseId>> find_case_by_message_id(std::string_view message_id) override;
    Result<std::vector<ports::OpenTask>> list_tasks(bool open_only) override;
    Result<std::optional<ports::OpenTask>> find_task(const TaskId& id) override;
    Result<std::map<std::string, int>> open_tasks_by_assignee() override;
    Result<std::vector<ports::LedgerRow>> claims(const std::string& customer, const std::string& order, Instant since,
                                                 const CaseId& without) override;
    Result<std::vector<ports::EffectCount>> count_effects() override;
    Result<std::vector<CaseId>> all_case_ids() override;

private:
    Database& database_;
};

class ArticleStore final : public ports::ArticleStore {
public:
    explicit ArticleStore(Database& database) : database_(database) {}
    Status upsert_article(const ports::Article& article) override;
    Result<std::vector<ports::Article>> articles() override;
    Status add_question(const ArticleId& article, const std::string& question) override;

private:
    Database& database_;
};

class AutomaticMailLedger final : public ports::AutomaticMailLedger {
public:
    explicit AutomaticMailLedger(Database& database) : database_(database) {}
    Result<ports::Allowance> reserve(const ports::MailRequest& request, const ports::MailCaps& caps) override;

private:
    Database& database_;
};

class Maintenance final : public storage::Maintenance {
public:
    explicit Maintenance(Database& database) : database_(database) {}
    Result<Queue> queue(Instant now) override;
    Result<std::int64_t> schema() override;
    Result<std::vector<std::string>> addresses() override;
    Result<std::optional<ports::Customer>> find_customer(const CustomerId& id) override;
    Result<std::vector<CaseId>> cases_of(const std::vector<std::string>& addresses, const std::vector<std::string>& blind_names) override;
    Result<std::vector<std::string>> tickets_of(const std::vector<CaseId>& cases) override;
    Result<std::vector<MailId>> mails_of(const std::vector<CaseId>& cases, const std::vector<std::string>& addresses) override;
    Result<std::vector<Subject>> subjects(const std::string& blind_name) override;
    Result<std::vector<std::string>> people_with_keys() override;
    Result<Scrubbed> scrub(const ScrubOrder& order) override;
    Result<std::vector<MailId>> old_mails(Instant before, std::size_t limit) override;
    Status drop_raw(const std::vector<MailId>& mails) override;
    Status compact() override;
    Status copy_to(const std::filesystem::path& file) override;
    Result<std::vector<std::string>> broken_blobs() override;
    Status hold(const Hold& hold) override;
    Status release_hold(const std::string& blind_name, const std::string& by, Instant now) override;
    Result<std::vector<Hold>> holds() override;

private:
    Database& database_;
};

}  // namespace resolute::storage::sqlite
