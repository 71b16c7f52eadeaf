// SPDX-License-Identifier: Apache-2.0
#include "desk/builtin_people.h"

#include <algorithm>
#include <cstdint>

#include <fmt/format.h>

#include "base/text.h"

namespace resolute::desk {
namespace {

constexpr std::string_view kVipSkill = "vip";
constexpr std::string_view kTechnicalSupport = "technical_support";

bool has_skill(const ports::Agent& agent, std::string_view skill) {
    return std::ranges::any_of(agent.skills, [&](const std::string& own) { return text::equals_ignore_case(own, skill); });
}

/// Somebody who repairs integrations and takes no customer's case.
bool is_technical_only(const ports::Agent& agent) {
    return agent.skills.size() == 1 && has_skill(agent, kTechnicalSupport);
}

std::vector<const ports::Agent*> everybody_who(const std::vector<const ports::Agent*>& people, auto&& holds) {
    std::vector<const ports::Agent*> chosen;
    std::ranges::copy_if(people, std::back_inserter(chosen), [&](const ports::Agent* agent) { return holds(*agent); });
    return chosen;
}

std::vector<const ports::Agent*> of_role(const std::vector<const ports::Agent*>& people, const std::string& role) {
    const auto managers = [&] { return everybody_who(people, [](const ports::Agent& a) { return a.is_manager; }); };
    if (role == "manager") return managers();
    if (role == "agent" || role.empty()) {
        auto agents = everybody_who(people, [](const ports::Agent& a) { return !a.is_manager && !is_technical_only(a); });
        return agents.empty() ? people : agents;
    }
    auto skilled = everybody_who(people, [&](const ports::Agent& a) { return has_skill(a, role); });
    return skilled.empty() ? managers() : skilled;
}

/// One person, seen with their work and with how well they fit.
struct Candidate {
    const ports::Agent* agent = nullptr;
    std::int64_t tasks = 0;
    std::int64_t capacity = 0;
    bool is_for_vip = false;
    bool is_skilled = false;
    bool speaks_language = false;

    [[nodiscard]] bool has_room() const { return agent->is_available && tasks < capacity; }
};

/// Exact, so that equal loads are a tie: 1 of 3 and 2 of 6. Somebody without any capacity is fuller than everybody else.
std::strong_ordering compare_load(const Candidate& a, const Candidate& b) {
    if (a.capacity <= 0 || b.capacity <= 0) {
        if ((a.capacity <= 0) != (b.capacity <= 0))
            return b.capacity <= 0 ? std::strong_ordering::less : std::strong_ordering::greater;
        return a.tasks <=> b.tasks;
    }
    return a.tasks * b.capacity <=> b.tasks * a.capacity;
}

bool is_less_loaded(const Candidate& a, const Candidate& b) {
    const auto order = compare_load(a, b);
    return order != 0 ? order < 0 : a.agent->id < b.agent->id;
}

bool is_better(const Candidate& a, const Candidate& b) {
    if (a.is_for_vip != b.is_for_vip) return a.is_for_vip;
    if (a.is_skilled != b.is_skilled) return a.is_skilled;
    if (a.speaks_language != b.speaks_language) return a.speaks_language;
    return is_less_loaded(a, b);
}

std::string explain(const Candidate& chosen, const ports::RouteRequest& request, bool anybody_has_room) {
    std::vector<std::string> words;
    if (!anybody_has_room) words.emplace_back("everybody full or away");
    if (anybody_has_room && request.is_vip) words.emplace_back(chosen.is_for_vip ? "vip" : "nobody with room for VIPs");
    if (anybody_has_room && !request.category.empty()) {
        words.push_back(chosen.is_skilled ? request.category : fmt::format("nobody with room skilled in {}", request.category));
    }
    if (anybody_has_room && chosen.speaks_language) words.push_back(request.language);
    words.push_back(fmt::format("least loaded ({} of {})", chosen.tasks, chosen.capacity));
    return text::join(words, ", ");
}

}  // namespace

Result<ports::Route> choose_person(const std::vector<ports::Agent>& people, const std::map<std::string, int>& open_tasks,
                                   const ports::RouteRequest& request) {
    std::vector<const ports::Agent*> allowed;
    for (const ports::Agent& agent : people) {
        if (request.avoid.empty() || agent.id.value() != request.avoid) allowed.push_back(&agent);
    }
    std::vector<Candidate> candidates;
    for (const ports::Agent* agent : of_role(allowed, request.role)) {
        const auto tasks = open_tasks.find(agent->id.value());
        candidates.push_back({.agent = agent,
                              .tasks = tasks == open_tasks.end() ? 0 : tasks->second,
                              .capacity = agent->capacity,
                              .is_for_vip = request.is_vip && has_skill(*agent, kVipSkill),
                              .is_skilled = !request.category.empty() && has_skill(*agent, request.category),
                              .speaks_language = !request.language.empty() && has_skill(*agent, request.language)});
    }
    if (candidates.empty()) {
        return fail("people.nobody", ErrorKind::not_found,
                    fmt::format("nobody has the role '{}'{}: add a person to the agents file", request.role,
                                request.avoid.empty() ? "" : fmt::format(" but '{}', who must not decide this", request.avoid)));
    }
    std::vector<Candidate> with_room;
    std::ranges::copy_if(candidates, std::back_inserter(with_room), [](const Candidate& c) { return c.has_room(); });
    const Candidate& chosen = with_room.empty() ? *std::ranges::min_element(candidates, is_less_loaded)
                                                : *std::ranges::min_element(with_room, is_better);
    return ports::Route{.agent = *chosen.agent, .why = explain(chosen, request, !with_room.empty())};
}

Result<ports::Route> BuiltinPeople::route(const ports::RouteRequest& request, Deadline) {
    TRY(const auto people, store_.agents());
    TRY(const auto open_tasks, cases_.open_tasks_by_assignee());
    return choose_person(people, open_tasks, request);
}

Result<std::optional<ports::Agent>> BuiltinPeople::find_agent(const AgentId& id) {
    TRY(auto people, store_.agents());
    const auto found = std::ranges::find(people, id, &ports::Agent::id);
    if (found == people.end()) return std::optional<ports::Agent>{};
    return std::optional<ports::Agent>(std::move(*found));
}

Result<std::vector<ports::Agent>> BuiltinPeople::agents() {
    return store_.agents();
}

}  // namespace resolute::desk
