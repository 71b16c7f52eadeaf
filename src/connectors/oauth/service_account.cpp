// SPDX-License-Identifier: Apache-2.0
#include "connectors/oauth/service_account.h"

#include "connectors/oauth/jwt.h"

namespace resolute::connectors {
namespace {

constexpr std::int64_t kBackdatedSeconds = 60;
constexpr std::int64_t kLifetimeSeconds = 3600;  ///< developers.google.com/identity/protocols/oauth2/service-account: at most

}  // namespace

Result<ServiceAccountKey> read_service_account(std::string_view text) {
    const auto bad = [](std::string why) { return fail("oauth.bad_key", ErrorKind::invalid, "the key file of the service account " + std::move(why)); };
    const auto read = json::parse(text);
    if (!read || !read->is_object()) return bad("is no JSON: download it again from the service's console");
    if ((*read)["type"].as_string() != "service_account") return bad(R"(does not say "type": "service_account": it is the key of something else)");
    ServiceAccountKey key{.client_email = (*read)["client_email"].as_string(),
                          .private_key = (*read)["private_key"].as_string(),
                          .key_id = (*read)["private_key_id"].as_string(),
                          .token_url = (*read)["token_uri"].as_string()};
    if (key.client_email.empty() || key.private_key.empty() || key.token_url.empty()) return bad("lacks client_email, private_key or token_uri");
    return key;
}

Result<std::string> assertion(const ServiceAccountKey& key, std::string_view subject, std::string_view scope, Instant now) {
    const std::int64_t issued_at = to_unix_ms(now) / 1000 - kBackdatedSeconds;
    json::Object header{{"alg", "RS256"}, {"typ", "JWT"}};
    if (!key.key_id.empty()) header.insert_or_assign("kid", key.key_id);
    json::Object claims{{"iss", key.client_email}, {"scope", scope}, {"aud", key.token_url}, {"iat", issued_at}, {"exp", issued_at + kLifetimeSeconds}};
    if (!subject.empty()) claims.insert_or_assign("sub", subject);
    return sign_jwt(header, claims, key.private_key);
}

}  // namespace resolute::connectors
