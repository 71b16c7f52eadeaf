// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <map>
#include <string>
#include <vector>

#include "base/text.h"
#include "ports/case_queries.h"
#include "ports/desk_store.h"

namespace resolute::desk {

/// What the desk's own tests need of a store; the conformance suite of storage/ tests the real ones.
class FakeDeskStore final : public ports::DeskStore {
public:
    Result<ports::TicketRef> insert_ticket(const ports::NewTicket& ticket) override {
        if (const auto known = refs_.find(ticket.key); known != refs_.end()) return known->second;
        const std::string number = "T-" + std::to_string(1001 + refs_.size());
        const ports::TicketRef ref{TicketId(number), number};
        refs_[ticket.key] = ref;
        ports::Ticket stored;
        stored.ref = ref;
        stored.subject = ticket.subject;
        stored.created_at = ticket.at;
        tickets_[ref.id] = stored;
        return ref;
    }
    Status insert_comment(const ports::TicketComment& comment) override {
        if (keys_[comment.key]++ == 0) tickets_[comment.ticket].comments.push_back(comment);
        return {};
    }
    Status update_ticket(const ports::TicketChange& change) override {
        if (keys_[change.key]++ > 0) return {};
        if (change.status) tickets_[change.ticket].status = *change.status;
        if (change.assignee) tickets_[change.ticket].assignee = *change.assignee;
        return {};
    }
    Result<std::optional<ports::Ticket>> find_ticket(const TicketId& id) override {
        const auto found = tickets_.find(id);
        return found == tickets_.end() ? std::nullopt : std::optional(found->second);
    }
    Status upsert_customers(const std::vector<ports::Customer>& customers) override {
        for (const ports::Customer& customer : customers) customers_[customer.id] = customer;
        return {};
    }
    Result<std::vector<ports::Customer>> find_customers_by_email(std::string_view address) override {
        std::vector<ports::Customer> found;
        for (const auto& [id, customer] : customers_) {
            const bool has_it =
                std::ranges::any_of(customer.emails, [&](const auto& own) { return text::equals_ignore_case(own, address); });
            if (has_it) found.push_back(customer);
        }
        return found;
    }
    Status insert_interaction(const EffectId& key, const CustomerId& customer, const ports::Interaction& interaction) override {
        if (keys_[key]++ == 0) customers_[customer].interactions.push_back(interaction);
        return {};
    }
    Result<std::string> insert_deal(const ports::Deal& deal) override {
        deals_.try_emplace(deal.key, "D-" + std::to_string(deals_.size() + 1));
        return deals_[deal.key];
    }
    Status replace_agents(const std::vector<ports::Agent>& agents) override {
        agents_ = agents;
        return {};
    }
    Result<std::vector<ports::Agent>> agents() override { return agents_; }
    Result<bool> insert_notification(const ports::Notification& notification) override {
        const bool is_new = std::ranges::none_of(notifications_, [&](const auto& n) { return n.key == notification.key; });
        if (is_new) notifications_.insert(notifications_.begin(), notification);
        return is_new;
    }
    Result<std::vector<ports::Notification>> notifications(std::size_t limit) override {
        return std::vector(notifications_.begin(),
                           notifications_.begin() + static_cast<std::ptrdiff_t>(std::min(limit, notifications_.size())));
    }
    Result<ports::Outage> begin_outage(const std::string& integration, const std::string& error, Instant now) override {
        return ports::Outage{.integration = integration, .began_at = now, .ended_at = {}, .error = error};
    }
    Status end_outage(const std::string&, Instant) override { return {}; }
    Result<std::vector<ports::Outage>> outages() override { return std::vector<ports::Outage>{}; }

private:
    std::map<EffectId, ports::TicketRef> refs_;
    std::map<TicketId, ports::Ticket> tickets_;
    std::map<EffectId, int> keys_;
    std::map<CustomerId, ports::Customer> customers_;
    std::map<EffectId, std::string> deals_;
    std::vector<ports::Agent> agents_;
    std::vector<ports::Notification> notifications_;
};

/// Only the load is asked for.
class FakeCaseQueries final : public ports::CaseQueries {
public:
    std::map<std::string, int> open_tasks;

    Result<std::vector<casework::CaseSummary>> list_cases(const ports::CaseFilter&) override { return {}; }
    Result<std::optional<casework::CaseSummary>> find_case(const CaseId&) override { return {}; }
    Result<std::optional<CaseId>> resolve_case(std::string_view) override { return {}; }
    Result<std::optional<CaseId>> find_case_by_message_id(std::string_view) override { return {}; }
    Result<std::vector<ports::OpenTask>> list_tasks(bool) override { return {}; }
    Result<std::optional<ports::OpenTask>> find_task(const TaskId&) override { return {}; }
    Result<std::map<std::string, int>> open_tasks_by_assignee() override { return open_tasks; }
    Result<std::vector<ports::LedgerRow>> claims(const std::string&, const std::string&, Instant, const CaseId&) override {
        return {};
    }
    Result<std::vector<ports::EffectCount>> count_effects() override { return {}; }
    Result<std::vector<CaseId>> all_case_ids() override { return {}; }
};

}  // namespace resolute::desk
