// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <string>
#include <vector>

#include "ports/case_queries.h"
#include "ports/desk_store.h"

namespace resolute::desk {

/// Who gets the work, as ports::People says; pure, so that it can be tested without a store. `open_tasks` is per agent id.
///
/// The roles: "manager" is everybody with is_manager. "agent" is everybody else but those who are there for technical support
/// alone; a company whose only people are managers has them as agents too. Any other role ("technical_support", "finance") is
/// everybody with the skill of that name, else the managers.
Result<ports::Route> choose_person(const std::vector<ports::Agent>& people, const std::map<std::string, int>& open_tasks,
                                   const ports::RouteRequest& request);

/// The people of the agents file, see agents_import.h. Threads: any.
class BuiltinPeople final : public ports::People {
public:
    BuiltinPeople(ports::DeskStore& store, ports::CaseQueries& cases) : store_(store), cases_(cases) {}

    Result<ports::Route> route(const ports::RouteRequest& request, Deadline deadline) override;
    Result<std::optional<ports::Agent>> find_agent(const AgentId& id) override;
    Result<std::vector<ports::Agent>> agents() override;

private:
    ports::DeskStore& store_;
    ports::CaseQueries& cases_;
};

}  // namespace resolute::desk
