// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>

#include "base/clock.h"
#include "base/money.h"
#include "engine/effect_runner.h"
#include "ports/case_queries.h"
#include "ports/chat.h"
#include "ports/crm.h"
#include "ports/desk_store.h"
#include "ports/file_archive.h"
#include "ports/helpdesk.h"
#include "ports/intake_store.h"
#include "ports/automatic_mail_ledger.h"
#include "ports/knowledge_base.h"
#include "ports/language_model.h"
#include "ports/mail_sender.h"
#include "ports/people.h"
#include "procedure/tool_signature.h"

namespace resolute::tools {

/// What holds back floods and loops of mail that no person wrote.
struct MailBrake {
    ports::AutomaticMailLedger* ledger = nullptr;  ///< nothing: held back is nothing, as the simulator and tests of other things want it
    ports::MailCaps caps;
    std::function<std::string(std::string_view)> blind;  ///< a name of an address that tells nothing without the key
    const Clock* clock = nullptr;
};

/// The world as the tools see it. References live as long as the tools.
struct World {
    ports::Crm& crm;
    ports::Helpdesk& helpdesk;
    ports::People& people;
    ports::Chat& chat;
    ports::KnowledgeBase& knowledge;
    ports::LanguageModel& language;
    ports::MailSender& sender;
    ports::IntakeStore& intake;
    ports::CaseQueries& cases;
    ports::DeskStore& desk;
    ports::FileArchive* archive = nullptr;  ///< nothing: not configured, archiving is skipped
    ports::Voice voice;
    ExchangeRates rates;
    MailBrake brake = {};
};

/// One attempt as a tool sees it: the frozen payload, and nothing of the case but what the procedure gave it.
struct Call {
    const engine::EffectTicket& ticket;
    const json::Value& payload;
    Deadline deadline;

    [[nodiscard]] const json::Value& arg(std::string_view name) const { return payload["args"][name]; }
    /// When the effect was planned: the same for every attempt, so that every attempt writes the same.
    [[nodiscard]] Instant at() const { return ticket.effect.planned_at; }
    [[nodiscard]] const EffectId& key() const { return ticket.effect.id; }
};

using Run = std::function<engine::Settlement(World&, const Call&)>;

/// What a step can call: what a check needs to know of it, and the call itself. Tools are values without state.
struct Tool {
    procedure::ToolSignature signature;
    Run run;      ///< empty for tools that only wait
    Run look_up;  ///< empty: an unclear end is for a person to decide
};

/// Every tool of the product, by name. One file each; a new one adds a line here.
Tool mail_receive();
Tool mail_send_acknowledgment();
Tool mail_send_resolution();
Tool mail_send_follow_up();
Tool mail_send_reply();
Tool crm_find_customer();
Tool crm_record_resolution();
Tool crm_create_deal();
Tool issue_classify();
Tool issue_prioritise();
Tool issue_assess();
Tool ticket_create();
Tool ticket_escalate();
Tool ticket_watch();
Tool ticket_log();
Tool ticket_note();
Tool ticket_resolve();
Tool ticket_close();
Tool reply_acknowledgment();
Tool reply_resolution();
Tool reply_follow_up();
Tool reply_agent_answer();
Tool reply_understand();
Tool kb_search();
Tool followup_schedule();
Tool followup_wait();
Tool followup_await();
Tool files_archive_case();
Tool notify_person();
Tool task_assign();

std::vector<Tool> all_tools();
procedure::ToolCatalogue catalogue();

/// Finds an effect's tool and calls it.
class ToolRunner final : public engine::EffectRunner {
public:
    explicit ToolRunner(World& world);
    engine::Settlement run(const engine::EffectTicket& ticket, Deadline deadline) override;
    engine::Settlement look_up(const engine::EffectTicket& ticket, Deadline deadline) override;

private:
    engine::Settlement call(const engine::EffectTicket& ticket, Deadline deadline, bool is_lookup);
    World& world_;
    const std::map<std::string, Tool, std::less<>>& tools_;
};

}  // namespace resolute::tools
