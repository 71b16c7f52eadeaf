// SPDX-License-Identifier: Apache-2.0
#include "casework/journal.h"

#include <fmt/format.h>

#include "casework/event_fields.h"
#include "casework/text_archive.h"
#include "casework/text_reader.h"

namespace resolute::casework {
namespace {

std::unexpected<Error> unreadable(std::string detail) {
    return fail("journal.unreadable", ErrorKind::corrupt, std::move(detail));
}

Result<json::Value> parse_part(std::string_view text, std::string_view part) {
    Result<json::Value> value = json::parse(text);
    if (!value) return unreadable(fmt::format("the {} part of a row is no JSON", part));  // The parser's words could quote it.
    return value;
}

bool take(json::Cursor& open, json::Cursor* personal, char wanted) { return open.take(wanted) && (personal == nullptr || personal->take(wanted)); }

/// As write_events wrote them. Nothing where anything is otherwise.
std::optional<std::vector<CaseEvent>> read_as_written(std::string_view open_text, std::string_view personal_text) {
    json::Cursor open(open_text);
    json::Cursor personal_part(personal_text);
    json::Cursor* const personal = personal_text.empty() ? nullptr : &personal_part;
    std::vector<CaseEvent> events;
    if (!take(open, personal, '[')) return std::nullopt;
    do {
        if (personal != nullptr && !events.empty() && !personal->take(',')) return std::nullopt;
        json::Cursor* const its = personal != nullptr && !personal->take_word("null") ? personal : nullptr;
        const bool is_read = take(open, its, '{') && read_event(open, its, events.emplace_back()) && take(open, its, '}');
        if (!is_read) return std::nullopt;
    } while (open.take(','));
    const bool is_all = take(open, personal, ']') && open.is_at_end() && personal_part.is_at_end();
    return is_all ? std::optional(std::move(events)) : std::nullopt;
}

}  // namespace

EventsText write_events(const std::vector<CaseEvent>& events) {
    EventsText text{.open = "[", .personal = "["};
    bool has_personal = false;
    for (const CaseEvent& event : events) {
        if (text.open.size() > 1) {
            text.open += ',';
            text.personal += ',';
        }
        const std::size_t before = text.personal.size();
        text.open += '{';
        text.personal += '{';
        archive::SplitWriter writer(text.open, text.personal);
        writer("at", event.at);
        archive::append_name(text.open, "kind");
        text.open += '"';
        text.open += kind_of(event);
        text.open += '"';
        std::visit([&](const auto& body) { fields(writer, const_cast<std::remove_cvref_t<decltype(body)>&>(body)); }, event.body);
        text.open += '}';
        if (text.personal.back() == '{') {
            text.personal.resize(before);
            text.personal += "null";
        } else {
            text.personal += '}';
            has_personal = true;
        }
    }
    text.open += ']';
    text.personal += ']';
    if (!has_personal) text.personal.clear();
    return text;
}

Result<std::vector<CaseEvent>> read_events(std::string_view open_text, std::string_view personal_text) {
    if (auto events = read_as_written(open_text, personal_text)) return *std::move(events);
    TRY(const json::Value open, parse_part(open_text, "open"));
    if (open.is_object()) {
        TRY(CaseEvent event, event_from_json(open));
        return std::vector<CaseEvent>{std::move(event)};
    }
    json::Value personal;
    if (!personal_text.empty()) {
        TRY(personal, parse_part(personal_text, "personal"));
    }
    if (!open.is_array() || !(personal.is_null() || personal.is_array()))
        return unreadable("a row of the journal is no list of events");
    const json::Array& all = open.as_array();
    const json::Array& sealed = personal.as_array();
    if (personal.is_array() && sealed.size() != all.size())
        return unreadable(fmt::format("a row holds {} events, and what is personal in {}", all.size(), sealed.size()));
    const json::Value nothing;
    std::vector<CaseEvent> events;
    events.reserve(all.size());
    for (std::size_t i = 0; i < all.size(); ++i) {
        if (personal.is_array() && !sealed[i].is_null() && !sealed[i].is_object())
            return unreadable(fmt::format("what is personal in event {} of a row is no object", i + 1));
        TRY(CaseEvent event, event_from_parts(all[i], personal.is_array() ? sealed[i] : nothing));
        events.push_back(std::move(event));
    }
    return events;
}

}  // namespace resolute::casework
