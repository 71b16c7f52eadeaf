// SPDX-License-Identifier: Apache-2.0
#include "connectors/oauth/access_tokens.h"

#include <fmt/format.h>

#include "base/file.h"
#include "base/log.h"
#include "base/text.h"
#include "connectors/oauth/service_account.h"
#include "connectors/oauth/token_file.h"
#include "json/json.h"

namespace resolute::connectors {
namespace {

constexpr std::uint64_t kSecretBytesMax = 16u << 10;
constexpr Duration kSpare = std::chrono::minutes(5);             ///< a token is not used in its last minutes
constexpr Duration kLifetimeUnknown = std::chrono::minutes(10);  ///< where the service does not say
constexpr Duration kAskAgain = std::chrono::minutes(5);
constexpr Duration kTellBefore = std::chrono::hours(5 * 24);  ///< that a consent ends: over a weekend too
constexpr std::int64_t kSecondsMax = 100LL * 366 * 24 * 3600;
constexpr std::size_t kReasonMax = 200;

Result<std::string> secret(const std::filesystem::path& path) {
    TRY(const std::string text, file::read(path, kSecretBytesMax));
    return std::string(text::trim(text));
}

}  // namespace

AccessTokens::AccessTokens(OAuthClient client, transport::HttpClient http, const Clock& clock)
    : client_(std::move(client)), http_(std::move(http)), clock_(clock) {}

Result<std::string> AccessTokens::token(Deadline deadline) {
    const std::lock_guard turn(turn_);
    write_again();
    const Duration now = clock_.monotonic();
    if (!token_.empty() && now < good_until_) return token_;
    if (refused_ && now < refused_until_) return std::unexpected(*refused_);
    auto asked = ask(deadline);
    refused_.reset();
    if (!asked && asked.error().kind == ErrorKind::refused) {
        refused_ = asked.error();
        refused_until_ = now + kAskAgain;
    }
    note_state();
    return asked;
}

void AccessTokens::forget() {
    const std::lock_guard turn(turn_);
    token_.clear();
}

ConsentState AccessTokens::state() const {
    const std::lock_guard lock(mutex_);
    return state_;
}

/// Under the turn.
void AccessTokens::note_state() {
    const std::lock_guard lock(mutex_);
    state_.trouble.clear();
    state_.warning.clear();
    if (!unwritten_.empty())
        state_.trouble = fmt::format("{} cannot be written, and the consent in it is used up: the new one is in memory only. Make room or give the right to "
                            "write there before this program ends, else the account must be connected again",
                            client_.refresh_token_file.string());
    if (state_.ends_at && *state_.ends_at - clock_.now() < kTellBefore)
        state_.warning = fmt::format("the consent of {} ends at {}: connect the account again before", client_.refresh_token_file.string(),
                                     format_instant(*state_.ends_at));
}

// --- Asking ------------------------------------------------------------------------------------------------------------------

Result<std::string> AccessTokens::ask(Deadline deadline) {
    if (!client_.service_account_file.empty()) return ask_as_service_account(deadline);
    if (!client_.refresh_token_file.empty()) return ask_with_consent(deadline);
    Fields fields{{"grant_type", "client_credentials"}};
    TRY_STATUS(add_client(fields));
    return exchange(client_.token_url, fields, deadline);
}

Result<std::string> AccessTokens::ask_as_service_account(Deadline deadline) {
    TRY(const std::string text, file::read(client_.service_account_file, kSecretBytesMax));
    TRY(const ServiceAccountKey key, read_service_account(text));
    TRY(const std::string signed_claims, assertion(key, client_.subject, client_.scope, clock_.now()));
    const Fields fields{{"grant_type", "urn:ietf:params:oauth:grant-type:jwt-bearer"}, {"assertion", signed_claims}};
    return exchange(client_.token_url.empty() ? key.token_url : client_.token_url, fields, deadline);
}

Result<std::string> AccessTokens::ask_with_consent(Deadline deadline) {
    TRY(const auto lock, TokenFileLock::take(client_.refresh_token_file, deadline));
    TRY(const std::string refresh, refresh_token());
    Fields fields{{"grant_type", "refresh_token"}, {"refresh_token", refresh}};
    TRY_STATUS(add_client(fields));
    return exchange(client_.token_url, fields, deadline);
}

/// A newer one that could not be written counts, unless a person has put another one there since.
Result<std::string> AccessTokens::refresh_token() {
    auto written = secret(client_.refresh_token_file);
    if (unwritten_.empty()) return written;
    if (!written || *written == in_file_then_) return unwritten_;
    unwritten_.clear();
    return written;
}

Status AccessTokens::add_client(Fields& fields) const {
    fields.emplace_back("client_id", client_.client_id);
    if (!client_.client_secret_file.empty()) {
        TRY(const std::string client_secret, secret(client_.client_secret_file));
        fields.emplace_back("client_secret", client_secret);
    }
    if (!client_.scope.empty()) fields.emplace_back("scope", client_.scope);
    return {};
}

Result<std::string> AccessTokens::exchange(const std::string& url, const Fields& fields, Deadline deadline) {
    const transport::HttpRequest request{.method = "POST",
                                         .url = url,
                                         .headers = {{"Content-Type", "application/x-www-form-urlencoded"}, {"Accept", "application/json"}},
                                         .body = transport::form(fields)};
    TRY(const transport::HttpAnswer answer, http_.send(request, deadline));
    return read_answer(url, answer);
}

/// RFC 6749 §5.1 and §5.2.
Result<std::string> AccessTokens::read_answer(const std::string& url, const transport::HttpAnswer& answer) {
    const auto read = json::parse(answer.body);
    if (answer.status >= 500 || answer.status == 429) {
        auto error = fail("oauth.unavailable", ErrorKind::unavailable, fmt::format("{} answers {}", url, answer.status));
        error.error().retry_after = transport::retry_after(answer, clock_.now());
        return error;
    }
    if (answer.status != 200) {
        const std::string why = read ? (*read)["error"].as_string() : "";
        const std::string more = read ? (*read)["error_description"].as_string() : "";
        const std::string_view what = client_.service_account_file.empty() ? "connect the account again" : "the right must be delegated to the service account";
        return fail("oauth.refused", ErrorKind::refused,
                    fmt::format("{} gives no token ({} {}): {}; {}", url, answer.status, text::shorten(why, kReasonMax), what, text::shorten(more, kReasonMax)));
    }
    const std::string access = read ? (*read)["access_token"].as_string() : "";
    if (access.empty()) return fail("oauth.malformed", ErrorKind::unavailable, fmt::format("the answer of {} holds no access_token", url));
    if (const std::string& refresh = (*read)["refresh_token"].as_string(); !refresh.empty() && !client_.refresh_token_file.empty()) keep_refresh_token(refresh);
    const std::int64_t seconds = std::min((*read)["expires_in"].as_int(), kSecondsMax);
    const std::int64_t consent_seconds = std::min((*read)["refresh_token_expires_in"].as_int(), kSecondsMax);
    const Duration lasts = seconds > 0 ? std::chrono::seconds(seconds) : kLifetimeUnknown;
    token_ = access;
    // Of a very short one half is used.
    good_until_ = clock_.monotonic() + std::max(lasts - kSpare, lasts / 2);
    const std::lock_guard lock(mutex_);
    state_.scope = (*read)["scope"].as_string();
    state_.ends_at.reset();
    if (consent_seconds > 0) state_.ends_at = clock_.now() + std::chrono::seconds(consent_seconds);
    return access;
}

// --- The consent's file ------------------------------------------------------------------------------------------------------

/// Under the file's lock.
void AccessTokens::keep_refresh_token(std::string token) {
    const Status written = file::write_durably(client_.refresh_token_file, token + "\n");
    if (written) {
        unwritten_.clear();
        return;
    }
    in_file_then_ = secret(client_.refresh_token_file).value_or("");
    unwritten_ = std::move(token);
    LOG(error, "a new refresh token cannot be written: it is in memory only", kv("file", client_.refresh_token_file.string()),
        kv("error", written.error().code));
}

void AccessTokens::write_again() {
    if (unwritten_.empty()) return;
    const auto lock = TokenFileLock::take(client_.refresh_token_file, Deadline::in(Duration::zero()));
    if (!lock) return;
    if (secret(client_.refresh_token_file).value_or(in_file_then_) != in_file_then_) {
        unwritten_.clear();  // A person connected the account again.
        token_.clear();
    } else if (file::write_durably(client_.refresh_token_file, unwritten_ + "\n")) {
        unwritten_.clear();
        LOG(info, "the refresh token is written now", kv("file", client_.refresh_token_file.string()));
    }
    note_state();
}

}  // namespace resolute::connectors
