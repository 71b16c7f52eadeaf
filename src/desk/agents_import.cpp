// SPDX-License-Identifier: Apache-2.0
#include "desk/agents_import.h"

#include <set>

#include <fmt/format.h>

#include "base/file.h"
#include "desk/import_record.h"
#include "desk/limits.h"

namespace resolute::desk {
namespace {

Result<int> read_capacity(const json::Value& record, const ImportPlace& place) {
    const json::Value* value = record.find("capacity");
    if (value == nullptr || value->is_null()) return ports::Agent{}.capacity;
    const std::int64_t capacity = value->as_int(-1);
    if (!value->is_int() || capacity < 0 || capacity > kAgentCapacityMax) {
        return place.error("capacity", fmt::format("must be a whole number from 0 to {}", kAgentCapacityMax));
    }
    return static_cast<int>(capacity);
}

Result<ports::Agent> read_agent(const json::Value& record, const ImportPlace& place) {
    if (!record.is_object()) return place.error("record", "must be an object");
    TRY(std::string id, read_id(record, "id", place));
    ports::Agent agent;
    agent.id = AgentId(std::move(id));
    TRY(agent.name, read_text(record, "name", place));
    if (agent.name.empty()) agent.name = agent.id.value();
    TRY(agent.email, read_text(record, "email", place));
    if (!agent.email.empty() && !is_good_address(agent.email)) return place.error("email", "is no e-mail address");
    TRY(agent.skills, read_texts(record, "skills", place));
    TRY(agent.is_available, read_flag(record, "available", true, place));
    TRY(agent.is_manager, read_flag(record, "manager", false, place));
    TRY(agent.capacity, read_capacity(record, place));
    return agent;
}

}  // namespace

Result<std::vector<ports::Agent>> parse_agents(std::string_view text, const std::string& file) {
    ImportPlace place{"import.bad_agent", file, 0};
    TRY(const json::Array records, parse_records(text, place));
    std::vector<ports::Agent> agents;
    std::set<AgentId> known;
    for (const json::Value& record : records) {
        ++place.record;
        TRY(ports::Agent agent, read_agent(record, place));
        if (!known.insert(agent.id).second)
            return place.error("id", fmt::format("'{}' stands in the file twice", agent.id.value()));
        agents.push_back(std::move(agent));
    }
    return agents;
}

Result<std::size_t> import_agents(ports::DeskStore& store, const std::filesystem::path& path) {
    TRY(const std::string bytes, file::read(path, kImportBytesMax));
    TRY(const auto agents, parse_agents(bytes, path.string()));
    TRY_STATUS(store.replace_agents(agents));
    return agents.size();
}

}  // namespace resolute::desk
