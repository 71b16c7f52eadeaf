// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include "app/narrate.h"
#include "procedure/procedure.h"

namespace resolute::app {
namespace {

using namespace casework;  // NOLINT: the thirty events, by name.

std::string because(std::string_view why) { return why.empty() ? std::string() : fmt::format(": {}", why); }
std::string by(std::string_view who) { return who.empty() ? std::string() : fmt::format(" by {}", who); }

std::string facts_text(const std::vector<procedure::FactSeen>& facts) {
    std::string out;
    for (const procedure::FactSeen& fact : facts) out += fmt::format("{}{} = {}", out.empty() ? " [" : ", ", fact.path, fact.value);
    return out.empty() ? out : out + "]";
}

std::string spell(std::string_view name) {
    std::string out(name);
    for (char& c : out)
        if (c == '_') c = ' ';
    return out;
}

struct Teller {
    const json::Value& steps;

    [[nodiscard]] std::string step(int number) const {
        const std::string title = steps[std::to_string(number)].as_string();
        return title.empty() ? fmt::format("Step {}", number) : fmt::format("Step {}: {}", number, title);
    }

    using Told = std::optional<Line>;
    static Line line(std::string text, Colour colour = Colour::none) { return {std::move(text), colour, false}; }

    Told operator()(const CaseOpened& e) const {
        return line(fmt::format("a mail of {} ({} sender{}) opens the case: \"{}\"{}", e.sender, to_string(e.trust), because(e.trust_reason), e.subject,
                                because(e.intake_problem)));
    }
    Told operator()(const MailAppended& e) const { return line(fmt::format("a mail of {} joins the conversation: \"{}\"", e.sender, e.subject)); }
    Told operator()(const StepEntered& e) const { return Line{step(e.step), Colour::bold, true}; }
    Told operator()(const StepWaiting&) const { return line("waits", Colour::dim); }
    Told operator()(const EffectPlanned& e) const {
        if (!e.recipient.empty() && !e.message_id.empty()) return line(fmt::format("{} to {} (Message-ID {})", e.tool, e.recipient, e.message_id));
        return line(e.recipient.empty() ? e.tool : fmt::format("{} for {}", e.tool, e.recipient), Colour::dim);
    }
    Told operator()(const EffectSucceeded& e) const { return line(fmt::format("→ {}{}", spell(e.outcome), because(e.facts["withheld"]["why"].as_string()))); }
    Told operator()(const EffectRefused& e) const { return line(fmt::format("refused ({}){}", e.code, because(e.reason)), Colour::yellow); }
    Told operator()(const EffectFailed& e) const {
        return line(fmt::format("attempt {} failed ({}){}; {}", e.attempt, e.code, because(e.detail),
                                e.retry_at ? "tried again at " + format_instant(*e.retry_at) : std::string("no further attempt")),
                    Colour::yellow);
    }
    Told operator()(const EffectUnclear& e) const {
        return line(fmt::format("attempt {} ended without an answer ({}): it may have happened; {}", e.attempt, e.code,
                                e.reconcile_at ? "looked for at " + format_instant(*e.reconcile_at) : std::string("not looked for")),
                    Colour::yellow);
    }
    Told operator()(const EffectHeld& e) const { return line(fmt::format("held for a person{}", because(e.why)), Colour::red); }
    Told operator()(const EffectDecided& e) const { return line(fmt::format("said{}: it {}", by(e.by), e.went_out ? "went out" : "did not go out")); }
    Told operator()(const StepEnded& e) const { return line(fmt::format("→ {}{}", spell(e.outcome), because(e.why))); }
    Told operator()(const BranchTaken& e) const {
        std::string text = fmt::format("branch `{}`", e.trigger);
        if (e.verdict == "unknown") text += " (could not be decided: taken to be safe)";
        text += fmt::format(" → {}{}", procedure::describe(e.target), facts_text(e.facts));
        if (e.is_policy_stop) text += ", by policy a person's matter";
        return line(std::move(text), e.is_policy_stop ? Colour::yellow : Colour::blue);
    }
    Told operator()(const ExitConditionMet& e) const { return line(fmt::format("exit condition \"{}\"{}", e.name, facts_text(e.facts)), Colour::yellow); }
    Told operator()(const ExitConditionCleared&) const { return std::nullopt; }
    Told operator()(const ActionDone&) const { return std::nullopt; }
    Told operator()(const TimerSet&) const { return std::nullopt; }
    Told operator()(const TimerFired& e) const { return line(fmt::format("the timer \"{}\" is due", e.name)); }
    Told operator()(const TimerCancelled&) const { return std::nullopt; }
    Told operator()(const TaskOpened& e) const {
        return line(fmt::format("task {} ({}) for {}{}", e.task.id.value(), spell(procedure::to_string(e.task.kind)), e.task.role, because(e.task.reason)),
                    Colour::yellow);
    }
    Told operator()(const TaskAssigned& e) const { return line(fmt::format("task {} goes to {}", e.task.value(), e.assignee)); }
    Told operator()(const TaskClosed& e) const {
        return line(fmt::format("task {} {}{}{}{}", e.task.value(), to_string(e.state), by(e.by), because(e.note), e.reply.empty() ? "" : ", with a reply"));
    }
    Told operator()(const RefundClaimed& e) const {
        return line(fmt::format("asks for {}{}", e.claim.amount ? display_text(*e.claim.amount) : std::string("money, the amount is not clear"),
                                e.claim.order.empty() ? "" : " of order " + e.claim.order));
    }
    Told operator()(const RefundGranted& e) const {
        return line(fmt::format("{}{} granted{}", display_text(e.grant.amount), e.grant.order.empty() ? "" : " of order " + e.grant.order, by(e.grant.by)), Colour::green);
    }
    Told operator()(const RefundDenied& e) const { return line(fmt::format("refund denied{}{}", by(e.by), because(e.why)), Colour::yellow); }
    Told operator()(const CustomerRated& e) const { return line(fmt::format("the customer rates it {} of 5", e.score)); }
    Told operator()(const CaseEscalated& e) const { return line("escalated to people" + because(e.why), Colour::yellow); }
    Told operator()(const CaseReopened& e) const { return line("opened again" + because(e.why), Colour::yellow); }
    Told operator()(const CaseClosed& e) const { return line("closed" + because(e.reason), Colour::green); }
    Told operator()(const CaseQuarantined& e) const { return line("quarantined" + because(e.why), Colour::red); }
    Told operator()(const CaseReleased& e) const { return line("released" + by(e.by)); }
    Told operator()(const MailBounced& e) const {
        return line(fmt::format("a mail came back ({}){}", e.status.empty() ? "no status" : e.status, because(e.diagnostic)), Colour::red);
    }
    Told operator()(const PartyAdded& e) const { return line(fmt::format("{} may join by mail, said{}", e.address, by(e.by)), Colour::none); }
    Told operator()(const CaseMerged& e) const { return line(fmt::format("goes on in case {}{}", e.into.value(), by(e.by)), Colour::yellow); }
    Told operator()(const CaseAbsorbed& e) const { return line(fmt::format("case {} goes on here{}", e.other.value(), by(e.by)), Colour::yellow); }
    Told operator()(const MailSplitOff& e) const {
        return line(fmt::format("mail {} has a case of its own now, {}{}", e.mail_id.value(), e.into.value(), by(e.by)));
    }
    Told operator()(const CaseErased& e) const { return line("what was personal in it was erased" + by(e.by), Colour::red); }
};

}  // namespace

std::optional<Line> narrate(const casework::CaseEvent& event, const json::Value& steps) { return std::visit(Teller{steps}, event.body); }

}  // namespace resolute::app
