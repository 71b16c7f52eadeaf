// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"
#include "json/json.h"

namespace resolute::connectors {

/// A signed statement (RFC 7515 §3.1, RFC 7519): RS256 by a private key in PEM, PKCS #8 or #1. `oauth.bad_key` where it is no RSA key.
/// Pure; the key is in memory only during the call.
Result<std::string> sign_jwt(const json::Object& header, const json::Object& claims, std::string_view private_key_pem);

}  // namespace resolute::connectors
