// SPDX-License-Identifier: Apache-2.0
#include "app/narrate.h"

#include <fmt/format.h>

#include "app/commands/commands.h"
#include "app/table.h"
#include "base/text.h"

namespace resolute::app {
namespace {

constexpr std::size_t kMailBytesShown = 1'200;

std::string heading(const Screen& screen, std::string_view title) { return "\n" + paint(screen, Colour::bold, title) + "\n"; }

std::string head(const json::Value& summary, const Screen& screen) {
    Table table({{""}, {"", Table::Align::left, true}});
    const auto add = [&](const char* name, const json::Value& value, Colour colour = Colour::none) {
        if (!value.as_string().empty()) table.add({{name, Colour::dim}, {value.as_string(), colour}});
    };
    add("case", summary["id"]);
    add("ticket", summary["ticket"], Colour::bold);
    add("from", summary["from"]);
    add("subject", summary["subject"]);
    add("status", summary["status"], Colour::bold);
    add("resolution", summary["resolution"]);
    add("category", summary["category"]);
    add("priority", summary["priority"]);
    add("tier", summary["tier"]);
    add("stopped by", summary["stopped_by_guard"]);
    add("opened", summary["opened_at"]);
    add("closed", summary["closed_at"]);
    return table.render(screen);
}

std::string story(const json::Value& journal, const json::Value& steps, const Screen& screen) {
    std::string out;
    std::string day;
    for (const json::Value& row : journal.as_array()) {
        const auto event = casework::event_from_json(row["event"]);
        if (!event) {
            out += fmt::format("  event {} cannot be read: {}\n", row["number"].as_int(), event.error().detail);
            continue;
        }
        const auto line = narrate(*event, steps);
        if (!line) continue;
        const std::string at = format_instant(event->at);
        if (at.substr(0, 10) != day) {
            day = at.substr(0, 10);
            out += paint(screen, Colour::dim, day) + "\n";
        }
        const std::string words = without_controls(line->text);
        const std::size_t margin = line->is_step ? 12 : 14;
        const std::string text = screen.width > margin + 20 ? cut_to_width(words, screen.width - margin) : words;
        out += fmt::format("  {}  {}{}\n", paint(screen, Colour::dim, at.substr(11, 8)), line->is_step ? "" : "  ", paint(screen, line->colour, text));
    }
    return out;
}

/// What an answer rests on, for every text that the case wrote: a fact that has evidence sentence by sentence.
std::string evidence(const json::Value& facts, const Screen& screen) {
    std::string out;
    for (const auto& [name, fact] : facts.as_object()) {
        if (fact["evidence"].as_array().empty() || !fact["evidence"].as_array().front().is_object()) continue;
        out += heading(screen, fmt::format("What \"{}\" rests on", name));
        Table table({{"sentence", Table::Align::left, true}, {"source"}});
        for (const json::Value& line : fact["evidence"].as_array()) {
            const std::string source = line["source"].as_string();
            table.add({line["sentence"].as_string(), {source.empty() ? "nothing" : source, source.empty() ? Colour::red : Colour::green}});
        }
        out += table.render(screen);
    }
    return out;
}

std::string conversation(const json::Value& mails, const Screen& screen) {
    std::string out;
    for (const json::Value& mail : mails.as_array()) {
        const bool is_inbound = mail["direction"].as_string() == "in";
        out += paint(screen, is_inbound ? Colour::blue : Colour::green,
                     fmt::format("{} {} {}", short_time(mail["at"].as_string()), is_inbound ? "from" : "to", without_controls(mail["address"].as_string())));
        out += fmt::format("  {}\n", without_controls(mail["subject"].as_string()));
        out += wrap(text::shorten(text::trim(mail["text"].as_string()), kMailBytesShown), 4, screen.width);
    }
    return out;
}

std::string tasks(const json::Value& all, const Screen& screen) {
    Table table({{"task"}, {"kind"}, {"state"}, {"for"}, {"opened"}, {"due"}, {"reason", Table::Align::left, true}});
    for (const json::Value& task : all.as_array())
        table.add({task["id"].as_string(), task["kind"].as_string(),
                   {task["state"].as_string(), task["state"].as_string() == "open" ? Colour::yellow : Colour::none},
                   task["assignee"].as_string_or(task["role"].as_string()), short_time(task["opened_at"].as_string()), short_time(task["due"].as_string()),
                   task["reason"].as_string()});
    return table.render(screen);
}

}  // namespace

std::string narrate_case(const json::Value& described, const json::Value& journal, const Screen& screen) {
    std::string out = head(described["summary"], screen);
    out += heading(screen, "What happened");
    out += story(journal, described["steps"], screen);
    out += evidence(described["state"]["facts"], screen);
    if (!described["conversation"].as_array().empty()) out += heading(screen, "Conversation") + conversation(described["conversation"], screen);
    if (!described["tasks"].as_array().empty()) out += heading(screen, "Tasks") + tasks(described["tasks"], screen);
    return out;
}

}  // namespace resolute::app
