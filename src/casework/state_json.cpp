// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include "casework/state.h"
#include "casework/text_archive.h"
#include "casework/text_reader.h"

namespace resolute::casework {

template <class A>
void fields(A& archive, CaseState& value) {
    archive("id", value.id);
    archive("version", value.version);
    archive("procedure", value.procedure_hash);
    archive("opened_at", value.opened_at);
    archive("closed_at", value.closed_at);
    archive("step", value.step);
    archive("phase", value.phase);
    archive("visit", value.visit);
    archive("entered_at", value.entered_at);
    archive("outcome", value.outcome);
    archive("failure", value.failure);
    archive("chain", value.chain);
    archive("sender", value.sender);
    archive("trust", value.trust);
    archive("subject", value.subject);
    archive("intake_problem", value.intake_problem);
    archive("facts", value.facts);
    archive("mails", value.mails);
    archive("effects", value.effects);
    archive("tasks", value.tasks);
    archive("grants", value.grants);
    archive("claim", value.claim);
    archive("exits_met", value.exits_met);
    archive("timers", value.timers);
    archive("escalated", value.escalated);
    archive("needs_manager", value.needs_manager);
    archive("automatic_answers", value.automatic_answers);
    archive("follow_ups_sent", value.follow_ups_sent);
    archive("reopened", value.reopened);
    archive("failed_attempts", value.failed_attempts);
    archive("failing_tool", value.failing_tool);
    archive("resolution", value.resolution);
    archive("cited_articles", value.cited_articles);
    archive("quiet_since", value.quiet_since);
    archive("satisfaction", value.satisfaction);
    archive("closed_reason", value.closed_reason);
    archive("stopped_by_guard", value.stopped_by_guard);
    archive("quarantined", value.is_quarantined);
    archive("data_subject", value.data_subject);
    archive("erased", value.is_erased);
    archive("bounced", value.bounced);
    archive("undeliverable", value.undeliverable);
    archive("unattended", value.unattended);
    archive("parties", value.parties);
    archive("merged_into", value.merged_into);
}

json::Value to_json(const CaseState& state) {
    archive::Writer writer;
    fields(writer, const_cast<CaseState&>(state));  // A Writer only reads.
    return writer.take();
}

Result<CaseState> state_from_json(const json::Value& value) {
    CaseState state;
    archive::Reader reader(value);
    fields(reader, state);
    if (!value.is_object() || !reader.wrong().empty())
        return fail("journal.snapshot_unreadable", ErrorKind::corrupt,
                    fmt::format("a snapshot's member \"{}\" is of the wrong kind", reader.wrong()));
    return state;
}

std::string write_state(const CaseState& state) {
    constexpr std::size_t kUsualBytes = 2'048;
    std::string text;
    text.reserve(kUsualBytes);
    text += '{';
    archive::TextWriter writer(text);
    fields(writer, const_cast<CaseState&>(state));  // A writer only reads.
    text += '}';
    return text;
}

Result<CaseState> read_state(std::string_view text) {
    CaseState state;
    json::Cursor cursor(text);
    archive::TextReader reader(&cursor, &cursor);
    if (cursor.take('{')) {
        fields(reader, state);
        if (reader.is_fine() && cursor.take('}') && cursor.is_at_end()) return state;
    }
    TRY(const json::Value value, json::parse(text));
    return state_from_json(value);
}

std::string_view to_string(Trust trust) { return archive::EnumNames<Trust>::names[static_cast<std::size_t>(trust)]; }
std::string_view to_string(Phase phase) { return archive::EnumNames<Phase>::names[static_cast<std::size_t>(phase)]; }
std::string_view to_string(TaskState state) { return archive::EnumNames<TaskState>::names[static_cast<std::size_t>(state)]; }
std::string_view to_string(Purpose purpose) { return archive::EnumNames<Purpose>::names[static_cast<std::size_t>(purpose)]; }
std::string_view to_string(Claim::State state) { return archive::EnumNames<Claim::State>::names[static_cast<std::size_t>(state)]; }

}  // namespace resolute::casework
