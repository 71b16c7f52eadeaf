// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"
#include "base/time.h"

namespace resolute::connectors {

/// The key of a program's own account, as Google hands it out: a file of JSON.
struct ServiceAccountKey {
    std::string client_email;
    std::string private_key;  ///< PEM
    std::string key_id;
    std::string token_url;
};

/// `oauth.bad_key` where something is missing; nothing of the key stands in the error. Pure.
Result<ServiceAccountKey> read_service_account(std::string_view json);

/// The statement that is exchanged for a token (RFC 7523): the account acts as `subject`, whose mailbox it is, within `scope`.
/// Good for an hour, the most that Google takes, from a minute before `now`: clocks differ.
Result<std::string> assertion(const ServiceAccountKey& key, std::string_view subject, std::string_view scope, Instant now);

}  // namespace resolute::connectors
