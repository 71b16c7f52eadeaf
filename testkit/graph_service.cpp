// SPDX-License-Identifier: Apache-2.0
#include "testkit/graph_service.h"

#include <fmt/format.h>

#include "base/base64.h"

namespace resolute::testkit {

Result<GraphService> GraphService::start(const std::string& user, const std::optional<std::filesystem::path>& record) {
    NodeScript script{.path = "graph/server.mjs", .arguments = {"--user=" + user}};
    if (record) script.arguments.push_back("--record=" + record->string());
    TRY(NodeService node, NodeService::start(std::move(script)));
    return GraphService(std::move(node));
}

Result<json::Value> GraphService::order(const std::string& what, const json::Value& orders) const {
    TRY(const std::string answer, node_.control(what, json::dump(orders)));
    return json::parse(answer);
}

Result<std::string> GraphService::deliver(std::string_view raw, const std::string& folder, std::optional<Instant> at) const {
    json::Value orders = json::Object{{"raw", to_base64(raw)}, {"folder", folder}};
    if (at) orders.set("receivedAt", to_unix_ms(*at));
    TRY(const json::Value answer, order("deliver", orders));
    return answer["id"].as_string();
}

Status GraphService::faults(const std::string& list, std::uint32_t seed) const {
    TRY_STATUS(node_.control("faults", fmt::format(R"({{"list":{},"seed":{}}})", list, seed)));
    return {};
}

Result<json::Value> GraphService::state() const {
    TRY(const std::string answer, node_.control("state"));
    return json::parse(answer);
}

}  // namespace resolute::testkit
