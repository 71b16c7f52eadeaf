// SPDX-License-Identifier: Apache-2.0
#include "mail/calendar.h"

#include <map>

#include "base/text.h"
#include "mail/charset.h"

namespace resolute::mail {
namespace {

constexpr std::size_t kCalendarBytesMax = 256u << 10;
constexpr std::size_t kValueBytesMax = 200;

/// RFC 5545 §3.3.11.
std::string unescaped(std::string_view value) {
    std::string out;
    for (std::size_t i = 0; i < value.size(); ++i) {
        if (value[i] != '\\' || i + 1 == value.size()) {
            out += value[i];
            continue;
        }
        ++i;
        out += value[i] == 'n' || value[i] == 'N' ? ' ' : value[i];
    }
    return std::string(cut_utf8(clean_line(out), kValueBytesMax));
}

bool are_digits(std::string_view text) {
    return !text.empty() && text.find_first_not_of("0123456789") == std::string_view::npos;
}

/// "20261130T100000Z" → "2026-11-30 10:00 UTC"; with a TZID its name, as it stands: it is the sender's word for a zone.
std::string readable_time(std::string_view value, std::string_view zone) {
    if (value.size() < 8 || !are_digits(value.substr(0, 8))) return {};
    std::string out =
        std::string(value.substr(0, 4)) + "-" + std::string(value.substr(4, 2)) + "-" + std::string(value.substr(6, 2));
    if (value.size() < 13 || value[8] != 'T' || !are_digits(value.substr(9, 4))) return out;
    out += " " + std::string(value.substr(9, 2)) + ":" + std::string(value.substr(11, 2));
    if (value.ends_with('Z')) return out + " UTC";
    return zone.empty() ? out : out + " (" + unescaped(zone) + ")";
}

struct Property {
    std::string name;
    std::string_view parameters;
    std::string_view value;
};

/// "DTSTART;TZID=\"Europe/Berlin\":2026…": the first colon outside of quotes ends the parameters.
Property property_of(std::string_view line) {
    bool is_quoted = false;
    for (std::size_t i = 0; i < line.size(); ++i) {
        if (line[i] == '"') is_quoted = !is_quoted;
        if (line[i] != ':' || is_quoted) continue;
        const std::size_t end = std::min(line.find(';'), i);
        return {
            .name = text::to_lower(line.substr(0, end)), .parameters = line.substr(end, i - end), .value = line.substr(i + 1)};
    }
    return {};
}

std::string zone_of(std::string_view parameters) {
    const std::size_t begin = text::to_lower(parameters).find(";tzid=");
    if (begin == std::string::npos) return {};
    std::string_view zone = parameters.substr(begin + 6);
    zone = zone.substr(0, zone.find(';'));
    if (zone.starts_with('"')) zone = zone.substr(1, zone.find('"', 1) - 1);
    return std::string(zone);
}

std::string_view word_for(std::string_view method) {
    if (method == "request") return "Invitation: ";
    if (method == "cancel") return "Cancelled event: ";
    if (method == "reply") return "Answer to an invitation: ";
    return method == "counter" ? "Other time proposed: " : "Event: ";
}

std::string unfolded(std::string_view utf8) {
    std::string out;
    for (const std::string_view raw : text::split_lines(utf8.substr(0, kCalendarBytesMax))) {
        std::string_view line = raw;
        if (line.ends_with('\r')) line.remove_suffix(1);
        if (line.starts_with(' ') || line.starts_with('\t'))
            line.remove_prefix(1);
        else
            out += '\n';
        out += line;
    }
    return out;
}

}  // namespace

std::string calendar_line(std::string_view utf8) {
    const std::string lines = unfolded(utf8);
    std::map<std::string, Property> event;
    std::string method;
    bool is_event = false;
    for (const std::string_view line : text::split_lines(lines)) {
        Property property = property_of(line);
        if (property.name == "method") method = text::to_lower(unescaped(property.value));
        const bool names_event = property.value == "VEVENT";
        if (property.name == "begin" && names_event) is_event = true;
        if (property.name == "end" && names_event) break;
        if (!is_event || property.name.empty()) continue;
        const std::string name = property.name;
        event.try_emplace(name, std::move(property));
    }
    if (!is_event) return {};
    std::string out(word_for(method));
    out += unescaped(event["summary"].value);
    const std::string begin = readable_time(event["dtstart"].value, zone_of(event["dtstart"].parameters));
    if (!begin.empty()) out += (out.ends_with(": ") ? "" : ", ") + begin;
    const std::string place = unescaped(event["location"].value);
    if (!place.empty()) out += ", " + place;
    if (method == "reply") {
        const std::string parameters = text::to_lower(event["attendee"].parameters);
        for (const std::string_view answer : {"accepted", "declined", "tentative"})
            if (parameters.find("partstat=" + std::string(answer)) != std::string::npos) out += ", " + std::string(answer);
    }
    return out;
}

}  // namespace resolute::mail
