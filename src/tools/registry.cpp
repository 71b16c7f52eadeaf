// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include "tools/tool.h"

namespace resolute::tools {

std::vector<Tool> all_tools() {
    return {mail_receive(),        mail_send_acknowledgment(), mail_send_resolution(), mail_send_follow_up(), mail_send_reply(),
            crm_find_customer(),   crm_record_resolution(),    crm_create_deal(),      issue_classify(),      issue_prioritise(),
            issue_assess(),        ticket_create(),            ticket_escalate(),      ticket_watch(),        ticket_log(),
            ticket_note(),         ticket_resolve(),           ticket_close(),         reply_acknowledgment(), reply_resolution(),
            reply_follow_up(),     reply_agent_answer(),       reply_understand(),     kb_search(),           followup_schedule(),
            followup_wait(),       followup_await(),           files_archive_case(),   notify_person(),       task_assign()};
}

procedure::ToolCatalogue catalogue() {
    procedure::ToolCatalogue catalogue;
    for (Tool& tool : all_tools()) {
        const std::string name = tool.signature.name;
        catalogue.emplace(name, std::move(tool.signature));
    }
    return catalogue;
}

namespace {

/// Tools are values without state: all runners share them.
const std::map<std::string, Tool, std::less<>>& tools_by_name() {
    static const auto kTools = [] {
        std::map<std::string, Tool, std::less<>> tools;
        for (Tool& tool : all_tools()) {
            const std::string name = tool.signature.name;
            tools.emplace(name, std::move(tool));
        }
        return tools;
    }();
    return kTools;
}

}  // namespace

ToolRunner::ToolRunner(World& world) : world_(world), tools_(tools_by_name()) {}

engine::Settlement ToolRunner::run(const engine::EffectTicket& ticket, Deadline deadline) { return call(ticket, deadline, false); }
engine::Settlement ToolRunner::look_up(const engine::EffectTicket& ticket, Deadline deadline) { return call(ticket, deadline, true); }

engine::Settlement ToolRunner::call(const engine::EffectTicket& ticket, Deadline deadline, bool is_lookup) {
    const auto found = tools_.find(ticket.effect.tool);
    if (found == tools_.end())
        return engine::Settlement::from({.code = "tool.unknown", .kind = ErrorKind::not_found, .effect = EffectState::refused,
                                         .detail = fmt::format("this version has no tool {}", ticket.effect.tool)});
    const Run& run = is_lookup ? found->second.look_up : found->second.run;
    if (!run)
        return engine::Settlement::from({.code = "tool.cannot_look_up", .kind = ErrorKind::internal, .effect = EffectState::unknown,
                                         .detail = fmt::format("{} cannot tell whether it happened", ticket.effect.tool)});
    const auto payload = json::parse(ticket.effect.payload);
    if (!payload) return engine::Settlement::from(payload.error());
    return run(world_, Call{ticket, *payload, deadline});
}

}  // namespace resolute::tools
