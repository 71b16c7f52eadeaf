// SPDX-License-Identifier: Apache-2.0
#include "app/graph_check.h"

#include <algorithm>

#include <fmt/format.h>

#include "base/base64.h"
#include "base/text.h"
#include "connectors/graph/graph_source.h"
#include "json/json.h"

namespace resolute::app {

std::vector<std::string> roles_in_token(std::string_view token) {
    const auto parts = text::split(token, '.');
    if (parts.size() != 3) return {};
    const auto claims = from_base64(parts[1]);
    if (!claims) return {};
    const auto read = json::parse(*claims);
    return read ? json::to_strings((*read)["roles"]) : std::vector<std::string>{};
}

std::string missing_graph_roles(const std::vector<std::string>& roles, bool sends) {
    if (roles.empty()) return {};
    const auto has = [&](std::string_view role) { return std::ranges::find(roles, role) != roles.end(); };
    std::string missing;
    const auto need = [&](bool is_there, std::string_view role) {
        if (!is_there) missing += (missing.empty() ? "" : ", ") + std::string(role);
    };
    if (sends) {
        need(has("Mail.ReadWrite"), "Mail.ReadWrite");
        need(has("Mail.Send"), "Mail.Send");
    } else {
        need(has("Mail.Read") || has("Mail.ReadWrite"), "Mail.Read");
    }
    return missing;
}

Result<std::string> check_graph(const GraphAccess& access, const std::vector<std::string>& folders, bool sends, Mailboxes& mailboxes, const Clock& clock, Deadline deadline) {
    TRY(const std::string token, mailboxes.tokens(access.oauth, clock)->token(deadline));
    const std::vector<std::string> roles = roles_in_token(token);
    if (const std::string missing = missing_graph_roles(roles, sends); !missing.empty())
        return fail("graph.forbidden", ErrorKind::refused,
                    fmt::format("{}: the application has the permissions {}, and {} takes {} too, of the kind Application, with an administrator's consent", access.user,
                                text::join(roles, ", "), sends ? "sending" : "reading", missing));
    const connectors::GraphClient client = mailboxes.graph(access, sends, clock);
    for (const std::string& folder : folders) TRY_STATUS(connectors::find_graph_folder(client, folder, deadline));
    // Also where nothing is read: it tells that the mailbox is there.
    TRY_STATUS(connectors::find_graph_folder(client, "inbox", deadline));
    return fmt::format("{}: Microsoft Graph lets us in{}. These permissions open every mailbox of the organisation, unless RBAC for Applications restricts them to this one",
                       access.user, roles.empty() ? std::string() : " (" + text::join(roles, ", ") + ")");
}

}  // namespace resolute::app
