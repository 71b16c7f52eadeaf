# SPDX-License-Identifier: Apache-2.0
# plant(name file old new): in the copy of src/<file>, `old` becomes `new`, where @ stands for "this bug is switched on".
# bugs.cpp says which invariant must see each of them.

# What may leave
plant(gate_not_asked casework/decide.cpp
  [==[    if (violations.empty()) return false;]==]
  [==[    if (violations.empty() || @) return false;]==])
plant(policy_grants_to_anybody casework/decide.cpp
  [==[    if (planner.state.trust != Trust::verified ||]==]
  [==[    if ((planner.state.trust != Trust::verified && !@) ||]==])
plant(forgers_are_written_to casework/plan.cpp
  [==[    if (state.trust == Trust::failed) return "the sender's authentication failed";]==]
  [==[    if (state.trust == Trust::failed && !@) return "the sender's authentication failed";]==])
plant(other_claims_not_added tools/issue_assess.cpp
  [==[    for (const ports::LedgerRow& row : others) {]==]
  [==[    for (const ports::LedgerRow& row : others) {
        if (@) continue;]==])

# What people decide
plant(anybody_approves casework/admit.cpp
  [==[    if (is_for_managers(task->kind) && !decision.by_manager)]==]
  [==[    if (is_for_managers(task->kind) && !decision.by_manager && !@)]==])
plant(more_than_asked_is_granted casework/admit.cpp
  [==[    if (task.amount) {]==]
  [==[    if (task.amount && !@) {]==])
plant(second_click_counts casework/admit.cpp
  [==[    if (task->state != TaskState::open)]==]
  [==[    if (task->state != TaskState::open && !@)]==])
plant(approvals_never_expire casework/watch.cpp
  [==[!task.due || *task.due > planner.now) continue;]==]
  [==[!task.due || *task.due > planner.now || @) continue;]==])
plant(approvals_never_expire casework/admit.cpp
  [==[    if (task->due && *task->due <= now)]==]
  [==[    if (task->due && *task->due <= now && !@)]==])

# Time
plant(silence_counted_while_people_work casework/context.cpp
  [==[    if (!state.quiet_since || has_open_task ||]==]
  [==[    if (!state.quiet_since || (has_open_task && !@) ||]==])
plant(a_mail_does_not_end_silence casework/evolve.cpp
  [==[.is_handled = false, .is_noted = false});
    state.quiet_since.reset();]==]
  [==[.is_handled = @, .is_noted = false});
    if (!@) state.quiet_since.reset();]==])
plant(timers_fire_early casework/decide.cpp
  [==[        if (due > planner.now || !(name.starts_with]==]
  [==[        if (due > planner.now + (@ ? Duration(std::chrono::hours(30)) : Duration(0)) || !(name.starts_with]==])
plant(snapshot_loses_silence casework/evolve.cpp
  [==[    if (is_answered) state.quiet_since = at;]==]
  [==[    if (is_answered && !@) state.quiet_since = at;]==])

# The ends of calls
plant(failed_lookup_is_absent engine/advance.cpp
  [==[    if (ticket.only_looks() && (kind == Kind::failed || kind == Kind::refused)) kind = Kind::unclear;]==]
  [==[    if (ticket.only_looks() && !@ && (kind == Kind::failed || kind == Kind::refused)) kind = Kind::unclear;]==])
plant(unclear_mails_are_repeated engine/advance.cpp
  [==[bool may_be_repeated(EffectClass effect_class) { return]==]
  [==[bool may_be_repeated(EffectClass effect_class) { if (@) return true; return]==])
plant(quiet_period_is_nothing engine/advance.cpp
  [==[            const Instant at = now + (is_mail ?]==]
  [==[            const Instant at = now + (@ ? Duration(0) : is_mail ?]==])
plant(crashed_mails_are_repeated storage/rules.cpp
  [==[EffectStatus status_after_crash(EffectStatus status, procedure::EffectClass effect_class) {]==]
  [==[EffectStatus status_after_crash(EffectStatus status, procedure::EffectClass effect_class) {
    if (@) return EffectStatus::waiting;]==])
plant(key_with_a_timestamp casework/plan.cpp
  [==[    effect.id = EffectId(short_hash({state.id.value(), call.tool, call.recipient, call.occurrence}, kEffectIdLength));]==]
  [==[    effect.id = EffectId(short_hash({state.id.value(), call.tool, call.recipient,
                                     call.occurrence + (@ ? format_instant(planner.now) : std::string())}, kEffectIdLength));]==])
plant(poison_is_tried_for_ever engine/engine_claims.cpp
  [==[ticket.crashes >= options_.crashes_max]==]
  [==[ticket.crashes >= options_.crashes_max && !@]==])

# Commits and leases
plant(effects_go_before_the_commit engine/engine_commit.cpp
  [==[    note_store(status);
    if (status) {]==]
  [==[    note_store(status);
    if (status || (@ && status.error().code == "store.unavailable")) {]==])
plant(strays_are_not_looked_for engine/engine_claims.cpp
  [==[    if (may_have_strays_) TRY_STATUS(find_strays());]==]
  [==[    if (may_have_strays_ && !@) TRY_STATUS(find_strays());]==])
plant(anchor_is_not_read engine/engine_claims.cpp
  [==[    if (anchor) {]==]
  [==[    if (anchor && !@) {]==])
plant(a_freeze_is_not_kept engine/engine_claims.cpp
  [==[    const bool was_frozen = is_frozen_.exchange(renewal.is_frozen);]==]
  [==[    const bool was_frozen = is_frozen_.exchange(renewal.is_frozen && !@);]==])
plant(calls_begin_after_the_lease engine/engine.cpp
  [==[    const Deadline deadline = Deadline::in(ticket->effect.timeout, clock_, lease_ends_);]==]
  [==[    static const std::atomic<std::int64_t> kNoLease{std::numeric_limits<std::int64_t>::max()};
    const Deadline deadline = Deadline::in(@ ? ticket->effect.timeout * 100 : ticket->effect.timeout, clock_, @ ? kNoLease : lease_ends_);]==])
plant(a_lane_stays_occupied engine/dispatcher.cpp
  [==[    --target.running;]==]
  [==[    if (!@) --target.running;]==])

# Mail coming in
plant(automatic_mail_opens_cases mailroom/route.cpp
  [==[    if (mail.email.kind != MailKind::person && !is_of_group) return]==]
  [==[    if (mail.email.kind != MailKind::person && !is_of_group && !@) return]==])
plant(our_own_mail_opens_cases mailroom/route.cpp
  [==[    if (has_header(email, "X-Resolute-Effect"))]==]
  [==[    if (has_header(email, "X-Resolute-Effect") && !@)]==])
plant(marked_before_it_is_kept mailroom/intake_keep.cpp
  [==[    if (batch.mails.empty()) return {};]==]
  [==[    if (batch.mails.empty()) return {};
    if (@)
        for (const mail::SourcePosition& position : batch.positions) ignore_error(source.done(position), "planted");]==])
