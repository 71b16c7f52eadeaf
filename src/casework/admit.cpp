// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include <fmt/format.h>

#include "base/hash.h"
#include "base/text.h"
#include "casework/casework.h"
#include "casework/claim.h"
#include "mail/parsed_email.h"

namespace resolute::casework {
namespace {

using procedure::TaskKind;
using Events = Result<std::vector<EventBody>>;

bool is_for_managers(TaskKind kind) {
    return kind == TaskKind::approve || kind == TaskKind::manager_review || kind == TaskKind::manager_escalation;
}

TaskClosed closed(const Task& task, TaskState state, const TaskDecision& decision) {
    return {.task = task.id, .state = state, .by = decision.by, .note = decision.note, .reply = decision.reply, .articles = decision.articles};
}

Events decide_approval(const CaseState& state, const procedure::Procedure& procedure, const Task& task, const TaskDecision& decision, Instant now) {
    if (decision.verb == TaskDecision::Verb::deny) {
        std::vector<EventBody> events = deny_refund(state, decision.by, decision.note);
        events.insert(events.begin(), closed(task, TaskState::denied, decision));
        return events;
    }
    if (decision.verb != TaskDecision::Verb::approve)
        return fail("task.wrong_verb", ErrorKind::invalid, "an approval is approved or denied");
    const std::optional<Money> amount = decision.amount ? decision.amount : task.amount;
    if (!amount)
        return fail("task.amount_needed", ErrorKind::invalid, "the mail names no amount that could be determined: say how much with --amount");
    if (amount->minor <= 0)
        return fail("task.amount_not_positive", ErrorKind::invalid, fmt::format("{} is no amount to refund", display_text(*amount)));
    if (task.amount) {
        const auto order = compare(*amount, *task.amount);
        if (!order || *order > 0)
            return fail("task.amount_too_large", ErrorKind::refused, fmt::format("asked for was {}", display_text(*task.amount)));
    }
    return std::vector<EventBody>{closed(task, TaskState::approved, decision),
                                  RefundGranted{Grant{.by = decision.by, .amount = *amount, .order = task.order, .at = now,
                                                      .policy_hash = procedure.content_hash}}};
}

Events decide_resolve(const CaseState& state, const procedure::Procedure& procedure, const Task& task, const TaskDecision& decision, Instant now) {
    if (decision.verb != TaskDecision::Verb::resolve)
        return fail("task.wrong_verb", ErrorKind::invalid, "this task is resolved with a reply: task resolve ID --reply TEXT");
    if (!decision.reply.empty() && !state.undeliverable.empty())
        return fail("task.cannot_reply", ErrorKind::refused,
                    fmt::format("mail to this customer came back ({}): approve the task \"undelivered\" first if their address may be written to again. "
                                "Or resolve without a reply, and say in the note how they were reached",
                                state.undeliverable));
    if (!decision.reply.empty()) {
        if (state.trust == Trust::failed || !mail::is_safe_recipient(state.sender))
            return fail("task.cannot_reply", ErrorKind::refused,
                        "this customer is not written to: their address is unusable or their authentication failed. Resolve without a reply, "
                        "and say in the note how they were reached");
        const json::Value draft = json::Value().set("text", decision.reply);
        const auto violations = check_outgoing(state, procedure, "mail.send_reply", draft, now);
        if (!violations.empty()) return fail(violations.front().code, ErrorKind::refused, violations.front().detail);
    }
    return std::vector<EventBody>{closed(task, TaskState::done, decision)};
}

Events decide_held(const CaseState& state, const procedure::Procedure& procedure, const Task& task, const TaskDecision& decision) {
    const auto effect = task.effect ? state.effects.find(*task.effect) : state.effects.end();
    if (effect == state.effects.end()) return std::vector<EventBody>{closed(task, TaskState::done, decision)};
    std::vector<EventBody> events{closed(task, TaskState::done, decision), EffectDecided{*task.effect, decision.went_out, decision.by}};
    if (decision.went_out) {
        const auto& outcomes = procedure.tool(effect->second.tool).outcomes;
        events.emplace_back(EffectSucceeded{*task.effect, outcomes.empty() ? std::string("done") : outcomes.front(), {}});
    }
    return events;
}

Events admit_task(const CaseState& state, const procedure::Procedure& procedure, const TaskDecision& decision, Instant now) {
    const Task* task = find_task(state, decision.task);
    if (task == nullptr) return fail("task.not_found", ErrorKind::not_found, fmt::format("there is no task {}", decision.task.value()));
    if (task->state != TaskState::open)
        return fail("task.not_open", ErrorKind::conflict,
                    fmt::format("task {} is {} already, by {} at {}", task->id.value(), to_string(task->state), task->decided_by,
                                format_instant(task->closed_at)));
    // The clock decides it, not the moment at which the program comes to look at the clock.
    if (task->due && *task->due <= now)
        return fail("task.not_open", ErrorKind::conflict,
                    fmt::format("task {} expired at {}: nobody decided in time", task->id.value(), format_instant(*task->due)));
    if (is_for_managers(task->kind) && !decision.by_manager)
        return fail("task.no_right", ErrorKind::refused, fmt::format("{} is no manager; this task is for one", decision.by));
    if (decision.verb == TaskDecision::Verb::assign) {
        if (decision.note.empty()) return fail("task.wrong_verb", ErrorKind::invalid, "say to whom the task goes");
        return std::vector<EventBody>{TaskAssigned{task->id, decision.note}};
    }
    switch (task->kind) {
        case TaskKind::approve: return decide_approval(state, procedure, *task, decision, now);
        case TaskKind::resolve: return decide_resolve(state, procedure, *task, decision, now);
        case TaskKind::review:
            if (decision.verb == TaskDecision::Verb::resolve)
                return fail("task.wrong_verb", ErrorKind::invalid, "a review is approved or denied");
            return std::vector<EventBody>{
                closed(*task, decision.verb == TaskDecision::Verb::approve ? TaskState::approved : TaskState::denied, decision)};
        case TaskKind::held_effect: return decide_held(state, procedure, *task, decision);
        case TaskKind::undelivered: {
            const bool may_write = decision.verb == TaskDecision::Verb::approve;
            return std::vector<EventBody>{closed(*task, may_write ? TaskState::approved : TaskState::done, decision)};
        }
        case TaskKind::manager_review:
        case TaskKind::manager_escalation:
        case TaskKind::technical_support: {
            std::vector<EventBody> events{closed(*task, TaskState::done, decision)};
            if (state.is_quarantined && task->kind == TaskKind::technical_support) events.emplace_back(CaseReleased{decision.by});
            return events;
        }
    }
    return fail("task.not_found", ErrorKind::not_found, "unknown kind of task");
}

constexpr Duration kReopenWithin = std::chrono::hours(24 * 30);
constexpr std::size_t kTaskIdLength = 11;

/// Words in lower case with one space between: what a program says again is the same but for its line breaks.
std::string wording_of(std::string_view text) {
    std::string wording;
    for (const char c : text::to_lower(text)) {
        const bool is_space = c == ' ' || c == '\n' || c == '\r' || c == '\t';
        if (!is_space) wording += c;
        else if (!wording.empty() && wording.back() != ' ') wording += ' ';
    }
    if (wording.ends_with(' ')) wording.pop_back();
    return wording;
}

/// Who says the very same again is probably a program: one that answers each of our mails, and tells nobody that it is one.
std::string find_repetition(const CaseState& state, const MailAppended& mail) {
    const std::string wording = wording_of(mail.text);
    if (wording.empty()) return {};
    for (const ConversationMail& earlier : state.mails)
        if (earlier.is_inbound && wording_of(earlier.text) == wording) return fmt::format("the same text came at {}", format_instant(earlier.at));
    return {};
}

/// Whether the case takes a mail of this sender now. What it does not take opens a case of its own, with a link.
Status check_taking(const CaseState& state, const procedure::Procedure& procedure, const std::string& sender, Instant now) {
    if (!state.merged_into.is_empty())
        return fail("case.merged", ErrorKind::refused, fmt::format("this case goes on in {}", state.merged_into.value()));
    if (!sender.empty() && !is_party(state, sender))
        return fail("case.not_a_party", ErrorKind::refused, "the sender is no party to this case: neither its customer, nor named by them or by a person here");
    const Duration window = json::to_duration(procedure.policy["reopen_within"]).value_or(kReopenWithin);
    if (state.phase == Phase::closed && state.closed_at && now - *state.closed_at > window)
        return fail("case.closed_long_ago", ErrorKind::refused,
                    fmt::format("this case was closed on {}: what comes later is a case of its own", format_instant(*state.closed_at)));
    return {};
}

/// A person looks at what came back; one task, however many mails do.
Events admit_bounce(const CaseState& state, const MailBounced& bounce, Instant now) {
    if (std::ranges::find(state.bounced, bounce.effect) != state.bounced.end()) return std::vector<EventBody>{};  // Servers say it twice.
    std::vector<EventBody> events{bounce};
    if (has_open_task(state, TaskKind::undelivered)) return events;
    Task task;
    task.id = TaskId("t" + short_hash({state.id.value(), "undelivered", bounce.effect.value()}, kTaskIdLength));
    task.kind = TaskKind::undelivered;
    task.role = "agent";
    task.step = state.step;
    task.reason = fmt::format("a mail to the customer came back ({}{}{}): reach them otherwise, and resolve this; or approve it if the address may be written to{}",
                              bounce.status.empty() ? "no status" : bounce.status, bounce.diagnostic.empty() ? "" : ": ", bounce.diagnostic,
                              bounce.is_permanent ? " again" : ", as it goes on being");
    task.opened_at = now;
    events.emplace_back(TaskOpened{std::move(task)});
    return events;
}

/// Nothing of it is on its way, so nothing is lost where it ends.
Events admit_merge(const CaseState& state, const MergeInto& merge) {
    if (merge.into == state.id) return fail("case.cannot_merge", ErrorKind::invalid, "a case cannot be merged into itself");
    if (state.merged_into == merge.into) return std::vector<EventBody>{};
    if (!state.merged_into.is_empty())
        return fail("case.cannot_merge", ErrorKind::conflict, fmt::format("this case goes on in {} already", state.merged_into.value()));
    if (!state.effects.empty())
        return fail("case.cannot_merge", ErrorKind::conflict, "something of this case is on its way, or held until a person says what became of it; merge it after that");
    return std::vector<EventBody>{CaseMerged{merge.into, merge.by}};
}

Events admit_split(const CaseState& state, const SplitOff& split) {
    const auto mail = std::ranges::find_if(state.mails, [&](const ConversationMail& one) { return one.is_inbound && one.mail_id == split.mail_id; });
    if (mail == state.mails.end()) return fail("case.cannot_split", ErrorKind::not_found, fmt::format("there is no mail {} in this case", split.mail_id.value()));
    if (mail == state.mails.begin()) return fail("case.cannot_split", ErrorKind::invalid, "this is the mail that opened the case: it stays");
    return std::vector<EventBody>{MailSplitOff{split.mail_id, split.into, split.by}};
}

struct Admit {
    const CaseState& state;
    const procedure::Procedure& procedure;
    Instant now;

    Events operator()(const CaseOpened& opened) const {
        if (state.version != 0) return fail("case.exists", ErrorKind::conflict, "this mail has its case already");
        CaseOpened event = opened;
        event.procedure_hash = procedure.content_hash;
        return std::vector<EventBody>{std::move(event)};
    }
    Events operator()(const MailArrived& arrived) const {
        if (state.version == 0) return fail("case.not_found", ErrorKind::not_found, "there is no such case");
        TRY_STATUS(check_taking(state, procedure, arrived.mail.sender, now));
        MailAppended event = arrived.mail;
        event.trust = arrived.trust;
        if (event.unattended.empty()) event.unattended = find_repetition(state, event);
        return std::vector<EventBody>{std::move(event)};
    }
    Events operator()(const TaskDecision& decision) const {
        if (state.version == 0) return fail("case.not_found", ErrorKind::not_found, "there is no such case");
        return admit_task(state, procedure, decision, now);
    }
    Events operator()(const CustomerRating& rating) const {
        if (state.version == 0) return fail("case.not_found", ErrorKind::not_found, "there is no such case");
        if (rating.score < 1 || rating.score > 5) return fail("rating.out_of_range", ErrorKind::invalid, "a rating is a number from 1 to 5");
        return std::vector<EventBody>{CustomerRated{rating.score, rating.by}};
    }
    Events operator()(const BounceArrived& arrived) const {
        if (state.version == 0) return fail("case.not_found", ErrorKind::not_found, "there is no such case");
        return admit_bounce(state, arrived.bounce, now);
    }
    Events operator()(const PartyNamed& named) const {
        if (state.version == 0) return fail("case.not_found", ErrorKind::not_found, "there is no such case");
        if (!mail::is_safe_recipient(named.address))
            return fail("case.bad_party", ErrorKind::invalid, "this is no plain mail address: local@domain");
        if (is_party(state, named.address)) return std::vector<EventBody>{};
        return std::vector<EventBody>{PartyAdded{named.address, named.by}};
    }
    Events operator()(const MergeInto& merge) const {
        if (state.version == 0) return fail("case.not_found", ErrorKind::not_found, "there is no such case");
        return admit_merge(state, merge);
    }
    Events operator()(const Absorb& absorb) const {
        if (state.version == 0) return fail("case.not_found", ErrorKind::not_found, "there is no such case");
        if (!state.merged_into.is_empty())
            return fail("case.cannot_merge", ErrorKind::conflict, fmt::format("this case goes on in {} itself; merge into that one", state.merged_into.value()));
        return std::vector<EventBody>{CaseAbsorbed{absorb.other, absorb.address, absorb.by}};
    }
    Events operator()(const SplitOff& split) const {
        if (state.version == 0) return fail("case.not_found", ErrorKind::not_found, "there is no such case");
        return admit_split(state, split);
    }
};

}  // namespace

Result<std::vector<EventBody>> admit(const CaseState& state, const procedure::Procedure& procedure, const Signal& signal, Instant now) {
    if (state.is_erased) return fail("case.erased", ErrorKind::refused, "what this case held was erased on request: nothing more happens in it");
    return std::visit(Admit{state, procedure, now}, signal);
}

}  // namespace resolute::casework
