// SPDX-License-Identifier: Apache-2.0
#include "testkit/gmail_service.h"

#include <fmt/format.h>

#include "base/base64.h"

namespace resolute::testkit {

Result<GmailService> GmailService::start(const std::string& user, const std::optional<std::filesystem::path>& record) {
    NodeScript script{.path = "gmail/server.mjs", .arguments = {"--user=" + user}};
    if (record) script.arguments.push_back("--record=" + record->string());
    TRY(NodeService node, NodeService::start(std::move(script)));
    return GmailService(std::move(node));
}

Status GmailService::order(const std::string& what, const json::Value& orders) const {
    TRY_STATUS(node_.control(what, json::dump(orders)));
    return {};
}

Result<std::string> GmailService::deliver(std::string_view raw, const std::vector<std::string>& labels, std::optional<Instant> at) const {
    json::Value orders = json::Object{{"raw", to_base64(raw)}, {"labels", json::from_strings(labels)}};
    if (at) orders.set("internalDate", to_unix_ms(*at));
    TRY(const std::string answer, node_.control("deliver", json::dump(orders)));
    TRY(const json::Value read, json::parse(answer));
    return read["id"].as_string();
}

Status GmailService::faults(const std::string& list, std::uint32_t seed) const {
    TRY_STATUS(node_.control("faults", fmt::format(R"({{"list":{},"seed":{}}})", list, seed)));
    return {};
}

Result<json::Value> GmailService::state() const {
    TRY(const std::string answer, node_.control("state"));
    return json::parse(answer);
}

}  // namespace resolute::testkit
