// SPDX-License-Identifier: Apache-2.0
#include "connectors/oauth/access_tokens.h"

#include <fmt/format.h>

#include "base/file.h"
#include "base/log.h"
#include "base/text.h"
#include "json/json.h"

namespace resolute::connectors {
namespace {

constexpr std::uint64_t kSecretBytesMax = 16u << 10;
constexpr Duration kSpare = std::chrono::minutes(5);             ///< a token is not used in its last minutes
constexpr Duration kLifetimeUnknown = std::chrono::minutes(10);  ///< where the service does not say
constexpr Duration kAskAgain = std::chrono::minutes(5);
constexpr std::size_t kReasonMax = 200;

Result<std::string> secret(const std::filesystem::path& path) {
    TRY(const std::string text, file::read(path, kSecretBytesMax));
    return std::string(text::trim(text));
}

}  // namespace

AccessTokens::AccessTokens(OAuthClient client, transport::HttpClient http, const Clock& clock)
    : client_(std::move(client)), http_(std::move(http)), clock_(clock) {}

Result<std::string> AccessTokens::token(Deadline deadline) {
    const std::lock_guard lock(mutex_);
    const Duration now = clock_.monotonic();
    if (!token_.empty() && now < good_until_) return token_;
    if (refused_ && now < refused_until_) return std::unexpected(*refused_);
    auto asked = ask(deadline);
    refused_.reset();
    if (!asked && asked.error().kind == ErrorKind::refused) {
        refused_ = asked.error();
        refused_until_ = now + kAskAgain;
    }
    return asked;
}

void AccessTokens::forget() {
    const std::lock_guard lock(mutex_);
    token_.clear();
}

Result<std::string> AccessTokens::ask(Deadline deadline) {
    std::vector<std::pair<std::string, std::string>> fields;
    if (client_.refresh_token_file.empty()) {
        fields.emplace_back("grant_type", "client_credentials");
    } else {
        TRY(const std::string refresh, secret(client_.refresh_token_file));
        fields.emplace_back("grant_type", "refresh_token");
        fields.emplace_back("refresh_token", refresh);
    }
    fields.emplace_back("client_id", client_.client_id);
    if (!client_.client_secret_file.empty()) {
        TRY(const std::string client_secret, secret(client_.client_secret_file));
        fields.emplace_back("client_secret", client_secret);
    }
    if (!client_.scope.empty()) fields.emplace_back("scope", client_.scope);
    const transport::HttpRequest request{.method = "POST",
                                         .url = client_.token_url,
                                         .headers = {{"Content-Type", "application/x-www-form-urlencoded"}, {"Accept", "application/json"}},
                                         .body = transport::form(fields)};
    TRY(const transport::HttpAnswer answer, http_.send(request, deadline));
    return read_answer(answer);
}

/// RFC 6749 §5.1 and §5.2.
Result<std::string> AccessTokens::read_answer(const transport::HttpAnswer& answer) {
    const auto read = json::parse(answer.body);
    if (answer.status >= 500 || answer.status == 429)
        return fail("oauth.unavailable", ErrorKind::unavailable, fmt::format("{} answers {}", client_.token_url, answer.status));
    if (answer.status != 200) {
        const std::string why = read ? (*read)["error"].as_string() : "";
        const std::string more = read ? (*read)["error_description"].as_string() : "";
        return fail("oauth.refused", ErrorKind::refused,
                    fmt::format("{} gives no token ({} {}): connect the account again; {}", client_.token_url, answer.status,
                                text::shorten(why, kReasonMax), text::shorten(more, kReasonMax)));
    }
    const std::string access = read ? (*read)["access_token"].as_string() : "";
    if (access.empty()) return fail("oauth.malformed", ErrorKind::unavailable, fmt::format("the answer of {} holds no access_token", client_.token_url));
    if (const std::string& refresh = (*read)["refresh_token"].as_string(); !refresh.empty() && !client_.refresh_token_file.empty())
        TRY_STATUS(file::write_durably(client_.refresh_token_file, refresh + "\n"));
    const std::int64_t seconds = (*read)["expires_in"].as_int();
    const Duration lasts = seconds > 0 ? std::chrono::seconds(seconds) : kLifetimeUnknown;
    token_ = access;
    // Of a very short one half is used.
    good_until_ = clock_.monotonic() + std::max(lasts - kSpare, lasts / 2);
    return access;
}

}  // namespace resolute::connectors
