// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "app/mailboxes.h"

namespace resolute::app {

/// Whether Microsoft Graph lets us into a mailbox, with the rights that reading or sending takes, as far as the token tells them, and whether the folders
/// are there. Asks for a token and looks; changes nothing. In words for people; `graph.forbidden` where a right is missing, and the errors of
/// GraphClient and find_graph_folder.
Result<std::string> check_graph(const GraphAccess& access, const std::vector<std::string>& folders, bool sends, Mailboxes& mailboxes, const Clock& clock, Deadline deadline);

/// The rights that a token of Entra names (the claim `roles`); empty where it is none that can be read: it is the service's to read, and only a
/// help to people here. Pure.
std::vector<std::string> roles_in_token(std::string_view token);
/// Which of the rights are missing, with a comma between; empty: none, or nothing is known. Pure.
std::string missing_graph_roles(const std::vector<std::string>& roles, bool sends);

}  // namespace resolute::app
