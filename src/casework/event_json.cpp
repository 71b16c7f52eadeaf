// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>
#include <utility>

#include <fmt/format.h>

#include "casework/event_fields.h"
#include "casework/text_reader.h"

namespace resolute::casework {

namespace {

/// In the order of the variant.
constexpr std::array<std::string_view, std::variant_size_v<EventBody>> kKinds{
    "CaseOpened",   "MailAppended",     "StepEntered",          "EffectPlanned", "EffectSucceeded", "EffectRefused",
    "EffectFailed", "EffectUnclear",    "EffectHeld",           "EffectDecided", "StepEnded",       "BranchTaken",
    "ExitConditionMet", "ExitConditionCleared", "ActionDone",   "TimerSet",      "TimerFired",      "TimerCancelled",
    "TaskOpened",   "TaskAssigned",     "TaskClosed",           "RefundClaimed", "RefundGranted",   "RefundDenied",
    "CustomerRated", "CaseEscalated",   "CaseReopened",         "CaseClosed",    "CaseQuarantined", "CaseReleased",
    "StepWaiting",  "CaseErased",       "MailBounced",          "PartyAdded",    "CaseMerged",      "CaseAbsorbed",
    "MailSplitOff"};

template <std::size_t I>
bool read_as(std::size_t index, const json::Value& open, const json::Value& personal, EventBody& body, std::string& wrong) {
    if (index != I) return false;
    std::variant_alternative_t<I, EventBody> event;
    archive::Reader reader(open, personal);
    fields(reader, event);
    wrong = reader.wrong();
    body = std::move(event);
    return true;
}

template <std::size_t... I>
void read_any(std::size_t index, const json::Value& open, const json::Value& personal, EventBody& body, std::string& wrong,
              std::index_sequence<I...>) {
    (read_as<I>(index, open, personal, body, wrong) || ...);
}

template <std::size_t... I>
bool read_any(std::size_t index, archive::TextReader& reader, EventBody& body, std::index_sequence<I...>) {
    const auto read_as = [&]<std::size_t Kind>(std::integral_constant<std::size_t, Kind>) {
        if (index != Kind) return false;
        fields(reader, body.emplace<Kind>());
        return true;
    };
    return (read_as(std::integral_constant<std::size_t, I>{}) || ...) && reader.is_fine();
}

std::size_t index_of_kind(std::string_view kind) { return static_cast<std::size_t>(std::ranges::find(kKinds, kind) - kKinds.begin()); }

}  // namespace

std::string_view kind_of(const CaseEvent& event) { return kKinds[event.body.index()]; }

json::Value to_json(const CaseEvent& event) {
    archive::Writer writer;
    writer("at", event.at);
    writer("kind", std::string(kind_of(event)));
    std::visit([&](const auto& body) { fields(writer, const_cast<std::remove_cvref_t<decltype(body)>&>(body)); }, event.body);
    return writer.take();
}

Result<CaseEvent> event_from_json(const json::Value& value) { return event_from_parts(value, value); }

Result<CaseEvent> event_from_parts(const json::Value& open, const json::Value& personal) {
    const std::string& kind = open["kind"].as_string();
    const std::size_t index = index_of_kind(kind);
    if (index == kKinds.size())
        return fail("journal.unknown_event", ErrorKind::corrupt,
                    fmt::format("this version does not know the event \"{}\"; a newer one wrote it", kind.substr(0, 40)));
    CaseEvent event;
    std::string wrong;
    archive::Reader moment(open);
    moment("at", event.at);
    if (!moment.wrong().empty()) return fail("journal.unreadable", ErrorKind::corrupt, fmt::format("{}: \"at\" is no moment", kind));
    read_any(index, open, personal, event.body, wrong, std::make_index_sequence<std::variant_size_v<EventBody>>{});
    if (!wrong.empty())
        return fail("journal.unreadable", ErrorKind::corrupt, fmt::format("{}: member \"{}\" is of the wrong kind", kind, wrong));
    return event;
}

bool read_event(json::Cursor& open, json::Cursor* personal, CaseEvent& event) {
    std::string_view kind;
    if (open.take_name("at") && !archive::read_value(open, event.at)) return false;
    if (!open.take_name("kind") || !open.read_plain(kind)) return false;
    archive::TextReader reader(&open, personal);
    return read_any(index_of_kind(kind), reader, event.body, std::make_index_sequence<std::variant_size_v<EventBody>>{});
}

}  // namespace resolute::casework
