// SPDX-License-Identifier: Apache-2.0
#include "tests/sim/faults.h"

#include <algorithm>

#include <fmt/format.h>

namespace resolute::sim {
namespace {

constexpr std::array<std::string_view, kFaults> kFaultNames{"none", "crash_before", "crash_after", "paused_before", "paused_after",
                                                            "unavailable", "busy", "lost_request", "lost_reply", "late", "lie"};
constexpr std::array<std::string_view, kSites> kSiteNames{
    "reads", "computes", "idempotent", "mails", "look_up", "commit:open", "commit:signal", "commit:settle", "commit:mail_end",
    "commit:wake", "claim", "load", "intake:keep", "intake:count", "intake:conclude", "intake:read"};

/// Each of these must be seen in a run of some hundred seeds; else the run proves less than it says.
constexpr std::array kSights{
    "unclear", "looked up: sent", "looked up: absent", "held", "held: went out", "held: send again", "store.fenced",
    "store.version_conflict", "store.commit_unknown", "input known", "taken over", "approval granted", "approval denied",
    "approval expired", "second click refused", "promise refused", "frozen", "released", "case closed", "case reopened",
    "mail refused as duplicate", "automatic mail ignored", "poison set aside", "clock jumped", "procedure changed",
    "follow-up sent", "closed by silence", "refund granted by policy", "escalated"};

using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;
constexpr Duration kDay = hours(24);

bool is_commit(Site site) { return site >= Site::commit_open && site <= Site::commit_wake; }
bool is_outside(Site site) { return site <= Site::look_up; }

void draw_rates(Plan& plan, Random& random) {
    // Some lives are calm, some are storms; in each a few faults are frequent, so that their combinations are.
    const double level = random.chance(0.1) ? 0.0 : std::vector{0.002, 0.006, 0.015, 0.03}[static_cast<std::size_t>(random.below(4))];
    std::array<double, kFaults> weight{};
    for (double& w : weight) w = random.chance(0.5) ? 0.0 : random.chance(0.3) ? 3.0 : 1.0;
    for (std::size_t s = 0; s < kSites; ++s) {
        const auto site = static_cast<Site>(s);
        for (std::size_t f = 1; f < kFaults; ++f) {
            const auto fault = static_cast<Fault>(f);
            if (!is_possible(site, fault)) continue;
            double rate = level * weight[f];
            const bool is_heavy = fault == Fault::crash_before || fault == Fault::crash_after || fault == Fault::paused_before ||
                                  fault == Fault::paused_after;
            if (is_heavy) rate *= 0.3;  // They cost many steps each.
            if (site == Site::mails || site == Site::commit_mail_end) rate *= 4;  // Few, and what matters most.
            if (site == Site::look_up) rate *= 3;
            plan.rates[s][f] = std::min(rate, 0.3);
        }
    }
}

}  // namespace

std::string_view to_string(Fault fault) { return kFaultNames[static_cast<std::size_t>(fault)]; }
std::string_view to_string(Site site) { return kSiteNames[static_cast<std::size_t>(site)]; }

bool is_possible(Site site, Fault fault) {
    switch (fault) {
        case Fault::none:
        case Fault::crash_before:
        case Fault::crash_after:
        case Fault::unavailable: return true;
        case Fault::paused_before:
        case Fault::paused_after: return is_outside(site) || is_commit(site) || site == Site::claim;
        case Fault::busy: return site != Site::load;
        case Fault::lost_request:
        case Fault::lost_reply: return is_outside(site) || is_commit(site);
        case Fault::late: return site == Site::mails || site == Site::idempotent;
        case Fault::lie: return site == Site::mails || site == Site::idempotent;
    }
    return false;
}

Plan draw_plan(std::uint64_t seed) {
    Random random(seed * 0x9e3779b97f4a7c15ULL + 17);
    Plan plan;
    plan.seed = seed;
    plan.workers = random.between(1, 4);
    plan.conversations = random.between(10, 34);
    plan.arrivals_within = random.between(hours(6), 5 * kDay);
    plan.faults_until = random.between(2 * kDay, 16 * kDay);
    draw_rates(plan, random);
    plan.sent_folder_lag = random.between(Duration(0), minutes(5));
    plan.lateness_max = minutes(4);  // Both together are shorter than the quiet period: what providers keep to.
    plan.redelivered = random.chance(0.5) ? 0.1 : 0;
    plan.hidden = random.chance(0.5) ? 0.15 : 0;
    plan.shuffled = random.chance(0.5) ? 0.3 : 0;
    plan.double_click = random.chance(0.5) ? 0.4 : 0.05;
    plan.model_promises = random.chance(0.4) ? 0.15 : 0;
    plan.model_flips = random.chance(0.4) ? 0.2 : 0;
    const std::vector<std::string> integrations{"crm", "helpdesk", "mail", "chat", "knowledge", "language", "people", "files", "mailbox"};
    for (int i = random.chance(0.5) ? random.between(1, 3) : 0; i > 0; --i) {
        const Duration begin = random.between(Duration(0), plan.faults_until);
        plan.outages.push_back({random.pick(integrations), begin, std::min(begin + random.between(minutes(1), hours(30)), plan.faults_until)});
    }
    for (int i = random.chance(0.35) ? random.between(1, 4) : 0; i > 0; --i) {
        const Duration size = random.chance(0.6) ? random.between(seconds(1), hours(2)) : random.between(hours(2), 4 * kDay);
        plan.clock_jumps.push_back({random.between(Duration(0), plan.faults_until), random.chance(0.5) ? size : -size});
    }
    std::ranges::sort(plan.clock_jumps, {}, &Plan::Moment::at);
    for (int i = random.chance(0.5) ? random.between(1, 6) : 0; i > 0; --i) plan.kills.push_back(random.between(Duration(0), plan.faults_until));
    std::ranges::sort(plan.kills);
    for (int i = random.chance(0.3) ? random.between(1, 3) : 0; i > 0; --i)
        plan.lost_leases.push_back(random.between(Duration(0), plan.faults_until));
    std::ranges::sort(plan.lost_leases);
    if (random.chance(0.12)) {
        const Duration at = random.between(hours(3), plan.faults_until);
        plan.restore = Plan::Moment{at, random.between(minutes(1), std::min(Duration(hours(30)), at))};
    }
    if (random.chance(0.25)) plan.new_procedure = random.between(hours(1), plan.faults_until);
    if (random.chance(0.1)) plan.poison = random.between(Duration(0), plan.faults_until / 2);
    return plan;
}

void Coverage::add(const Coverage& other) {
    for (std::size_t s = 0; s < kSites; ++s)
        for (std::size_t f = 0; f < kFaults; ++f) cells[s][f] += other.cells[s][f];
    for (const auto& [what, times] : other.seen) seen[what] += times;
}

std::vector<std::string> Coverage::missing() const {
    std::vector<std::string> empty;
    for (std::size_t s = 0; s < kSites; ++s)
        for (std::size_t f = 0; f < kFaults; ++f)
            if (cells[s][f] == 0 && is_possible(static_cast<Site>(s), static_cast<Fault>(f)))
                empty.push_back(fmt::format("{} × {}", kSiteNames[s], kFaultNames[f]));
    for (const char* sight : kSights)
        if (!seen.contains(sight)) empty.push_back(fmt::format("never seen: {}", sight));
    return empty;
}

std::string Coverage::table() const {
    std::string text = fmt::format("{:<16}", "");
    for (const std::string_view name : kFaultNames) text += fmt::format("{:>14}", name);
    text += "\n";
    for (std::size_t s = 0; s < kSites; ++s) {
        text += fmt::format("{:<16}", kSiteNames[s]);
        for (std::size_t f = 0; f < kFaults; ++f)
            text += is_possible(static_cast<Site>(s), static_cast<Fault>(f)) ? fmt::format("{:>14}", cells[s][f]) : fmt::format("{:>14}", "·");
        text += "\n";
    }
    text += "\nseen:\n";
    for (const auto& [what, times] : seen) text += fmt::format("  {:<40}{:>12}\n", what, times);
    return text;
}

}  // namespace resolute::sim
