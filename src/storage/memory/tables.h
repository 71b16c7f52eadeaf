// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <mutex>
#include <set>
#include <string>
#include <vector>

#include "engine/store.h"
#include "ports/article_store.h"
#include "ports/case_queries.h"
#include "ports/desk_store.h"
#include "ports/intake_store.h"
#include "ports/mail_ledger.h"
#include "ports/automatic_mail_ledger.h"
#include "storage/maintenance.h"

/// The rows that the stores in memory share. Everything is guarded by the one mutex.
namespace resolute::storage::memory {

struct CaseRow {
    std::vector<engine::JournalRow> journal;
    std::uint64_t version = 0;
    std::string head_hash;
    engine::Lifecycle lifecycle = engine::Lifecycle::active;
    std::optional<Instant> wake_at;
    std::int64_t rank = 0;
    std::string snapshot;
    std::uint64_t snapshot_version = 0;
    std::string procedure_hash;
    std::string data_subject;
    casework::CaseSummary summary;
    casework::Claim claim;
};

struct ProcedureRow {
    std::string document;
    std::optional<Money> refund_limit;
};

struct SubjectKey {
    std::string wrapped_key;
    bool is_living = true;
};

struct TaskRow {
    CaseId case_id;
    casework::Task task;
};

struct CustomerRow {
    ports::Customer imported;
    std::vector<ports::Interaction> ours;
};

struct ArticleRow {
    ports::Article article;
    std::vector<std::string> learned;
};

struct Rows {
    bool shared = true;
    Duration lease_lasts{};

    int journal_format = 1;
    std::vector<engine::Worker> workers;  // The place is the epoch, from 1.
    std::vector<engine::Freeze> freezes;
    std::map<std::string, std::vector<SubjectKey>> subjects;  // By blind name; the place is the generation, from 1.
    std::map<CaseId, CaseRow> cases;
    std::map<EffectId, engine::EffectRecord> effects;  // Open ones.
    std::map<EffectId, engine::EffectRecord> sent;     // Ended ones that are known for ever.
    std::map<InputId, engine::KnownInput> inputs;
    std::map<std::string, CaseId, std::less<>> message_ids;
    std::map<TaskId, TaskRow> tasks;
    std::map<std::string, ProcedureRow> procedures;
    std::vector<std::string> procedures_with_limit;  // In the order in which they were kept.

    std::vector<ports::MailRecord> mails;  // As they came in.
    std::map<MailId, Instant> held_until;
    std::map<MailId, std::size_t> mail_index;
    std::map<std::string, std::string> blobs;
    std::vector<ports::Reopening> reopenings;
    std::map<std::string, std::string> notes;

    std::vector<ports::Ticket> tickets;  // The first is kFirstTicketNumber.
    std::map<EffectId, std::size_t> ticket_by_key;
    std::set<EffectId> comment_keys;
    std::set<EffectId> change_keys;
    std::map<CustomerId, CustomerRow> customers;
    std::set<EffectId> interaction_keys;
    std::map<EffectId, std::string> deals;
    std::vector<ports::Agent> agents;
    std::vector<ports::Notification> notifications;
    std::set<std::string> notification_keys;
    std::vector<ports::Outage> outages;

    std::map<ArticleId, ArticleRow> articles;

    std::vector<Hold> holds;

    std::map<EffectId, ports::MailRequest> automatic_mail_ledger;
    std::map<std::int64_t, std::int64_t> mail_hours;
};

struct Tables : Rows {
    std::mutex mutex;
};

}  // namespace resolute::storage::memory
