// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "casework/casework.h"

namespace resolute::casework {

inline const Instant kAt = *parse_instant("2026-11-23T09:00:00.250Z");
inline const Instant kLater = *parse_instant("2026-12-01T00:00:00Z");

inline Task whole_task() {
    return {.id = TaskId("t1"),
            .kind = procedure::TaskKind::held_effect,
            .role = "manager",
            .assignee = "mia",
            .state = TaskState::expired,
            .step = 7,
            .reason = "why",
            .opened_at = kAt,
            .due = kLater,
            .bound_hash = "abc",
            .amount = Money{0, "JPY"},
            .order = "A-1",
            .effect = EffectId("e1"),
            .closed_at = kLater,
            .decided_by = "clock",
            .note = "ü \"quoted\"\n"};
}
inline Claim whole_claim() {
    return {.state = Claim::State::denied, .amount = Money{50'001, "USD"}, .customer = "K1", .order = "A-1", .at = kAt,
            .wishes = {{.order = "A-1", .amount = Money{50'000, "USD"}}, {.order = "A-2", .amount = std::nullopt}}};
}
inline Grant whole_grant() {
    return {.by = "mia", .amount = {48'000, "EUR"}, .order = "A-1", .at = kAt, .policy_hash = "hash"};
}
inline json::Value whole_facts() {
    return json::Value()
        .set("null", nullptr)
        .set("number", -7)
        .set("share", 0.1)
        .set("empty", json::Object{})
        .set("list", json::Array{1, "two", json::Value(), json::Array{}})
        .set("text", "");
}
inline std::vector<procedure::FactSeen> whole_seen() {
    return {{"refund.amount", "$500.01"}, {"customer.tier", "(absent)"}};
}

/// Every kind of event, every member other than its default.
inline std::vector<EventBody> whole_events() {
    const EffectId effect("e1");
    return {
        CaseOpened{CaseId("c1"), "hash", MailId("m1"), "id@x", "ann@x", Trust::failed, "Help", "text", "problem", "c0",
                   "subject:1", {"cc@x"}, "reason"},
        MailAppended{MailId("m2"), "id2@x", "ann@x", "Re: Help", "more", Trust::failed, {"cc@x", "cd@x"}, "why", "reason"},
        StepEntered{3, true},
        EffectPlanned{effect, "mail.send_reply", Purpose::action, 16, "hash", "answer", "id3@x", "ann@x"},
        EffectSucceeded{effect, "sent", whole_facts()},
        EffectRefused{effect, "code", "reason"},
        EffectFailed{effect, 3, "code", "detail", kLater},
        EffectUnclear{effect, 2, "code", "detail", kLater},
        EffectHeld{effect, "why"},
        EffectDecided{effect, true, "bob"},
        StepEnded{3, "skipped", "why", whole_facts()},
        BranchTaken{9, 2, "when x", "unknown", true, whole_seen(), {procedure::Target::Kind::step, 11}},
        ExitConditionMet{"VIP escalation", 3, whole_seen(), true},
        ExitConditionCleared{"VIP escalation"},
        ActionDone{2, "no text"},
        TimerSet{"after:1", kLater},
        TimerFired{"after:1"},
        TimerCancelled{"quiet"},
        TaskOpened{whole_task()},
        TaskAssigned{TaskId("t1"), "carol"},
        TaskClosed{TaskId("t1"), TaskState::denied, "bob", "note", "reply", {"a1", "a2"}},
        RefundClaimed{whole_claim()},
        RefundGranted{whole_grant()},
        RefundDenied{"bob", "why"},
        CustomerRated{2, "ann"},
        CaseEscalated{"why"},
        CaseReopened{"why"},
        CaseClosed{"rated"},
        CaseQuarantined{"why"},
        CaseReleased{"bob"},
        StepWaiting{16},
        CaseErased{"dpo"},
        MailBounced{effect, true, "5.1.1", "550 no such user", MailId("m3")},
        PartyAdded{"bob@x", "carol"},
        CaseMerged{CaseId("c2"), "carol"},
        CaseAbsorbed{CaseId("c3"), "eve@x", "carol"},
        MailSplitOff{MailId("m2"), CaseId("c4"), "carol"},
    };
}

}  // namespace resolute::casework
