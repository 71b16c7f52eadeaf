// SPDX-License-Identifier: Apache-2.0
// What the core costs without a store: sixteen-step cases are opened, decided, folded, written as JSON, hashed and summarised in
// memory, as the engine does it around its commits. case_core [CASES] prints CPU µs a step for a procedure without conditions (that
// of `resolute bench`), and for one whose facts grow and whose steps have guards and exit conditions.
#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>
#include <ctime>
#include <string>
#include <vector>

#include "base/hash.h"
#include "casework/casework.h"

namespace resolute {
namespace {

constexpr int kSteps = 16;
constexpr std::size_t kFactBytes = 300;
constexpr int kRounds = 10;

struct Load {
    const char* name;
    bool has_conditions;
};

std::string tool_name(int step) { return fmt::format("bench.step{}", step); }

procedure::ToolCatalogue catalogue_of(const Load& load) {
    procedure::ToolCatalogue catalogue;
    for (int step = 1; step <= kSteps; ++step) {
        const std::string fact = load.has_conditions ? fmt::format("result{}", step) : "result";
        catalogue[tool_name(step)] = {.name = tool_name(step), .purpose = "does nothing",
                                      .category = procedure::ToolCategory::integration, .action = procedure::ActionType::read,
                                      .effect = procedure::EffectClass::reads, .integration = "bench", .outcomes = {"done"},
                                      .produces = {{fact, "map"}}};
    }
    return catalogue;
}

std::string document_of(const Load& load) {
    std::string text = "---\nprocedure: bench\npolicy: { limit: 100, quiet: 2d }\n---\n# Sixteen steps\n\n## Steps\n";
    for (int step = 1; step <= kSteps; ++step) {
        text += fmt::format("\n### Step {0}: Number {0}\n**Tool**: `{1}`\n**Tool Category**: Integration\n**Action Type**: read\n"
                            "**Required Context**: `sender`\n**Timeout**: 30s\n**Branches**:\n",
                            step, tool_name(step));
        const std::string next = step == kSteps ? "closed" : fmt::format("Step {}", step + 1);
        if (load.has_conditions)
            text += fmt::format("- when `result{0}.count > policy.limit && sender.is_verified` → closed\n"
                                "- when `result{0}.kind in [\"late\", \"lost\"]` → closed\n",
                                step);
        text += fmt::format("- `done` → {}\n", next);
    }
    return text;
}

json::Value facts_of(const Load& load, int step) {
    const std::string text(kFactBytes, 'x');
    if (!load.has_conditions) return json::Value().set("result", text);
    return json::Value().set(fmt::format("result{}", step),
                             json::Value().set("count", step).set("kind", "early").set("text", text).set("items", json::Array{1, 2, 3}));
}

/// One case from its mail to its end, as the engine plays it; gives the bytes that it would have stored.
class Player {
public:
    Player(const procedure::Procedure& procedure, const Load& load) : procedure_(procedure) {
        for (int step = 1; step <= kSteps; ++step) facts_.push_back(facts_of(load, step));
    }

    /// Where all of the case's texts are put; their hash tells whether a change of the code changed one.
    std::string play_and_keep(int number) {
        std::string kept;
        keeps_ = &kept;
        const std::size_t bytes = play(number);
        keeps_ = nullptr;
        return bytes == 0 ? std::string() : kept;
    }

    std::size_t play(int number) {
        state_ = {};
        head_.clear();
        bytes_ = 0;
        const CaseId id(fmt::format("c{}", number));
        auto events = casework::admit(state_, procedure_,
                                      casework::CaseOpened{.id = id, .mail_id = MailId("m" + id.value()), .sender = "bench@example.test",
                                                           .subject = "Where is it?", .text = std::string(kFactBytes, 'y')},
                                      now_);
        if (!events) return 0;
        advance(*std::move(events));
        for (std::size_t step = 0; step < facts_.size() && !state_.effects.empty(); ++step) {
            std::vector<casework::EventBody> settled;
            settled.emplace_back(casework::EffectSucceeded{state_.effects.begin()->first, "done", facts_[step]});
            advance(std::move(settled));
        }
        return state_.phase == casework::Phase::closed ? bytes_ : 0;
    }

private:
    void advance(std::vector<casework::EventBody> bodies) {
        const casework::CaseState before = state_;  // The engine keeps it until the commit is done.
        std::vector<casework::CaseEvent> happened;
        const auto apply = [&](std::vector<casework::EventBody>&& more) {
            for (casework::EventBody& body : more) {
                happened.push_back({now_, std::move(body)});
                state_ = casework::evolve(std::move(state_), happened.back());
            }
        };
        apply(std::move(bodies));
        while (true) {
            casework::Decision decision = casework::decide(state_, procedure_, now_);
            if (decision.is_empty()) break;
            apply(std::move(decision.events));
            for (const casework::Effect& effect : decision.effects) add(effect.payload);
        }
        for (const casework::CaseEvent& event : happened) {
            const std::string text = json::dump(casework::to_json(event));
            head_ = sha256_hex(head_ + text);
            add(text);
        }
        add(json::dump(casework::to_json(casework::summarise(state_))));
        if (state_.effects.empty()) add(json::dump(casework::to_json(state_)));
    }

    void add(const std::string& text) {
        bytes_ += text.size();
        if (keeps_ != nullptr) *keeps_ += text + '\n';
    }

    const procedure::Procedure& procedure_;
    const Instant now_ = from_unix_ms(1'795'000'000'000);
    std::vector<json::Value> facts_;
    casework::CaseState state_;
    std::string head_;
    std::string* keeps_ = nullptr;
    std::size_t bytes_ = 0;
};

int measure(const Load& load, int cases) {
    const procedure::ToolCatalogue catalogue = catalogue_of(load);
    std::string document = document_of(load);
    if (load.has_conditions)
        document += "\n## Exit Conditions\n\n- **Too quiet**: when `case.quiet_for >= policy.quiet` → notify `agent` → closed\n"
                    "- **Unhappy**: when `satisfaction.score < 3` → notify `agent`\n- **Failing**: when `case.failed_attempts > 100 || case.reopened > 5` → notify `agent`\n";
    const procedure::ReadResult read = procedure::read(document, catalogue);
    if (!read.procedure) {
        for (const auto& finding : read.findings) fmt::print(stderr, "{}\n", procedure::describe(finding, "bench"));
        return 1;
    }
    Player player(*read.procedure, load);
    const std::string kept = player.play_and_keep(0);
    if (kept.empty()) {
        fmt::print(stderr, "{}: the case did not reach its end\n", load.name);
        return 1;
    }
    double best = 1e9;
    for (int round = 0; round < kRounds; ++round) {  // The best of some: others work on this machine too.
        const std::clock_t began = std::clock();
        for (int number = 0; number < cases; ++number) player.play(number);
        best = std::min(best, static_cast<double>(std::clock() - began) * 1e6 / CLOCKS_PER_SEC / cases);
    }
    fmt::print("{:<16} {:8.2f} µs a step, {:8.1f} µs a case, {} bytes that hash to {}\n", load.name, best / kSteps, best, kept.size(),
               sha256_hex(kept).substr(0, 12));
    return 0;
}

}  // namespace
}  // namespace resolute

int main(int count, char** arguments) {
    const int cases = count > 1 ? std::max(1, std::atoi(arguments[1])) : 200;
    for (const auto& load : {resolute::Load{"no conditions", false}, resolute::Load{"with conditions", true}})
        if (resolute::measure(load, cases) != 0) return 1;
    return 0;
}
