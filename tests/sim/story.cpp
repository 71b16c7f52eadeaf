// SPDX-License-Identifier: Apache-2.0
#include "tests/sim/story.h"

#include <algorithm>
#include <set>

#include <fmt/format.h>

#include "engine/rows.h"
#include "sim_version.h"

namespace resolute::sim {
namespace {

std::string words_of(const casework::CaseEvent& event) {
    json::Value value = casework::to_json(event);
    value.erase("at");
    value.erase("kind");
    std::string rest = json::dump(value);
    if (rest.size() > 300) rest.resize(300);
    return fmt::format("{} {:<22} {}", format_instant(event.at), casework::kind_of(event), rest);
}

}  // namespace

std::string_view built_from() { return RESOLUTE_SIM_VERSION; }

std::string tell(const Plan& plan, const World& world, engine::Store& store, engine::Vault& vault) {
    std::string text = fmt::format("seed {}, built from {}\nreplay: resolute_sim --seeds 1 --first {}\n\n", plan.seed, built_from(), plan.seed);
    std::set<CaseId> concerned;
    for (const Violation& violation : world.violations) {
        text += fmt::format("VIOLATED {}: {} {}\n", violation.invariant, violation.detail, violation.case_id.value());
        if (!violation.case_id.is_empty() && concerned.size() < 3) concerned.insert(violation.case_id);
    }
    text += fmt::format("\n{} workers, {} conversations, faults until {}\n", plan.workers, plan.conversations, format_duration(plan.faults_until));
    for (const CaseId& id : concerned) {
        text += fmt::format("\n=== case {}\n", id.value());
        if (const auto events = engine::read_journal(store, vault, id)) {
            int number = 0;
            for (const casework::CaseEvent& event : *events) text += fmt::format("{:>4} {}\n", ++number, words_of(event));
        }
        text += "--- its attempts outside (true time)\n";
        for (const Attempt& attempt : world.ledger.attempts)
            if (attempt.case_id == id)
                text += fmt::format("  {} worker {} {} {} attempt {}: {}{} {}\n", format_instant(attempt.at), attempt.worker,
                                    attempt.is_lookup ? "look up" : "run", attempt.tool, attempt.attempt, attempt.answer,
                                    attempt.may_have_happened ? " (may have happened)" : "", attempt.key.value());
        for (const Delivered& mail : world.ledger.delivered)
            if (mail.case_id == id)
                text += fmt::format("  {} DELIVERED {} {} by worker {}\n", format_instant(mail.at), mail.tool, mail.key.value(), mail.worker);
    }
    text += "\n=== what befell the machine (true time)\n";
    for (const std::string& note : world.notes) text += note + "\n";
    return text;
}

}  // namespace resolute::sim
