// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/id.h"
#include "base/result.h"

namespace resolute::ports {

struct Agent {
    AgentId id;
    std::string name;
    std::string email;
    std::vector<std::string> skills;  ///< categories ("billing"), "vip", "technical_support", languages ("de")
    bool is_available = true;
    int capacity = 20;  ///< open tasks at once
    bool is_manager = false;
    friend bool operator==(const Agent&, const Agent&) = default;
};

struct RouteRequest {
    std::string role;      ///< "agent", "manager", "technical_support"
    std::string category;  ///< skill wanted, may be empty
    bool is_vip = false;   ///< agents with the skill "vip" first
    std::string language;  ///< ISO 639-1, may be empty
    std::string avoid;     ///< agent id that must not be chosen (requester is not approver), may be empty
};

struct Route {
    Agent agent;
    std::string why;  ///< "billing, least loaded (2 of 20)": shown in the case
};

/// Who works here. Threads: any.
class People {
public:
    virtual ~People() = default;
    /// The available, skilled, least loaded person with room (load is open tasks ÷ capacity; ties by id); without anybody skilled,
    /// anybody of the role; with everybody full or away, the least loaded of the role all the same: a case always has a name on it.
    /// `people.nobody` only where the role has no one at all. "technical_support" falls back to managers.
    virtual Result<Route> route(const RouteRequest& request, Deadline deadline) = 0;
    virtual Result<std::optional<Agent>> find_agent(const AgentId& id) = 0;
    virtual Result<std::vector<Agent>> agents() = 0;
};

}  // namespace resolute::ports
