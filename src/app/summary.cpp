// SPDX-License-Identifier: Apache-2.0
#include "app/summary.h"

#include <fmt/format.h>

#include "app/standing.h"
#include "app/table.h"

namespace resolute::app {
namespace {

double ratio(std::size_t part, std::size_t whole) { return whole == 0 ? 0.0 : static_cast<double>(part) / static_cast<double>(whole); }

/// Four digits are enough for people and the same on every machine.
double rounded(double value) { return static_cast<double>(static_cast<std::int64_t>(value * 10'000 + 0.5)) / 10'000; }

std::string percent(double value) { return fmt::format("{:.1f} %", value * 100); }
std::string count(std::size_t number) { return grouped(static_cast<std::int64_t>(number)); }

std::string spell(std::string text) {
    for (char& c : text)
        if (c == '_') c = ' ';
    return text;
}

void add_cases(const std::vector<casework::CaseSummary>& cases, RunSummary& summary) {
    summary.cases = cases.size();
    for (const casework::CaseSummary& one : cases) {
        ++summary.by_status[one.status];
        if (one.resolution == "automatic") ++summary.resolved_automatically;
        if (one.resolution == "human") ++summary.resolved_by_people;
        if (one.is_escalated) ++summary.escalated;
        if (one.is_held) ++summary.held;
        // A case that a guard stopped and that was resolved automatically later on was eligible after all.
        if (!one.stopped_by_guard.empty() && one.resolution != "automatic") ++summary.policy_stops;
        for (const casework::Task& task : one.tasks)
            if (task.state == casework::TaskState::open) ++summary.open_tasks;
    }
}

Table headline(const RunSummary& summary) {
    Table table({{""}, {"", Table::Align::right}, {"", Table::Align::left, true}});
    std::string outcomes;
    for (const auto& [name, number] : summary.outcomes)
        if (number > 0) outcomes += fmt::format("{}{} {}", outcomes.empty() ? "" : ", ", count(number), spell(name));
    std::string statuses;
    for (const auto& [name, number] : summary.by_status)
        statuses += fmt::format("{}{} {}", statuses.empty() ? "" : ", ", count(number), spell(name));
    table.add({"mails", count(summary.mails), outcomes});
    table.add({"cases", count(summary.cases), statuses});
    table.add({"resolved automatically", {count(summary.resolved_automatically), Colour::green},
               fmt::format("{} of all cases, {} of the {} that policy leaves to the program", percent(summary.automation_rate()),
                           percent(summary.eligible_rate()), count(summary.eligible_cases()))});
    table.add({"resolved by people", count(summary.resolved_by_people)});
    table.add({"escalated", count(summary.escalated), fmt::format("{} of them by policy", count(summary.policy_stops))});
    table.add({"held", {count(summary.held), summary.held > 0 ? Colour::yellow : Colour::none},
               summary.held > 0 ? "a person must say what became of an effect: resolute task list" : ""});
    table.add({"open tasks", count(summary.open_tasks)});
    if (!summary.frozen.empty()) table.add({{"frozen", Colour::red}, "", {summary.frozen, Colour::red}});
    return table;
}

}  // namespace

double RunSummary::automation_rate() const { return ratio(resolved_automatically, cases); }
double RunSummary::eligible_rate() const { return ratio(resolved_automatically, eligible_cases()); }

Result<RunSummary> collect_summary(Runtime& runtime, double duration_s) {
    RunSummary summary;
    summary.duration_s = duration_s;
    for (const auto outcome : {ports::MailOutcome::pending, ports::MailOutcome::new_case, ports::MailOutcome::appended,
                               ports::MailOutcome::quarantined, ports::MailOutcome::ignored})
        summary.outcomes[std::string(to_string(outcome))] = 0;
    TRY(const auto mails, runtime.storage().intake().list({}));
    summary.mails = mails.size();
    for (const ports::MailRecord& mail : mails) ++summary.outcomes[std::string(to_string(mail.outcome))];
    TRY(const auto cases, runtime.cases().list_cases({}));
    add_cases(cases, summary);
    TRY(const auto effects, runtime.cases().count_effects());
    TRY(const auto freeze, runtime.storage().engine_store().last_freeze());
    if (freeze && !freeze->released_at) summary.frozen = describe_freeze(*freeze);
    for (const ports::EffectCount& effect : effects) summary.effects[effect.tool][effect.status] += effect.count;
    return summary;
}

json::Value to_json(const RunSummary& summary) {
    json::Object outcomes;
    for (const auto& [name, number] : summary.outcomes) outcomes.emplace(name, number);
    json::Object statuses;
    for (const auto& [name, number] : summary.by_status) statuses.emplace(name, number);
    json::Object effects;
    for (const auto& [tool, states] : summary.effects) {
        json::Object of_tool;
        for (const auto& [state, number] : states) of_tool.emplace(state, number);
        effects.emplace(tool, std::move(of_tool));
    }
    return json::Object{{"mails", summary.mails},
                        {"outcomes", std::move(outcomes)},
                        {"cases", summary.cases},
                        {"statuses", std::move(statuses)},
                        {"resolved_automatically", summary.resolved_automatically},
                        {"resolved_by_people", summary.resolved_by_people},
                        {"escalated", summary.escalated},
                        {"held", summary.held},
                        {"open_tasks", summary.open_tasks},
                        {"effects", std::move(effects)},
                        {"automation_rate", rounded(summary.automation_rate())},
                        {"eligible_rate", rounded(summary.eligible_rate())},
                        {"eligible", json::Object{{"cases", summary.eligible_cases()}, {"policy_stops", summary.policy_stops}}},
                        {"frozen", summary.frozen.empty() ? json::Value() : json::Value(summary.frozen)},
                        {"duration_s", rounded(summary.duration_s)}};
}

std::string render(const RunSummary& summary, const Screen& screen) {
    std::string out = headline(summary).render(screen);
    if (summary.effects.empty()) return out + fmt::format("\n{:.1f} s\n", summary.duration_s);
    Table effects({{"effect"}, {"done", Table::Align::right}, {"waiting", Table::Align::right}, {"refused", Table::Align::right},
                   {"failed", Table::Align::right}, {"unclear", Table::Align::right}, {"held", Table::Align::right}});
    for (const auto& [tool, states] : summary.effects) {
        std::map<std::string, std::int64_t> sums;
        for (const auto& [state, number] : states) {
            if (state == "confirmed") sums["done"] += number;
            else if (state == "refused" || state == "failed" || state == "held") sums[state] += number;
            else if (state == "unclear" || state == "reconciling") sums["unclear"] += number;
            else sums["waiting"] += number;
        }
        const auto cell = [&](const char* name, Colour colour) {
            const std::int64_t number = sums[name];
            return Table::Cell(number == 0 ? "·" : grouped(number), number == 0 ? Colour::dim : colour);
        };
        effects.add({tool, cell("done", Colour::none), cell("waiting", Colour::none), cell("refused", Colour::none),
                     cell("failed", Colour::yellow), cell("unclear", Colour::yellow), cell("held", Colour::red)});
    }
    return out + "\n" + effects.render(screen) + fmt::format("\n{:.1f} s\n", summary.duration_s);
}

}  // namespace resolute::app
