// SPDX-License-Identifier: Apache-2.0
#include "transport/http_client.h"

#include <charconv>
#include <memory>

#include <fmt/format.h>

#include "base/text.h"
#include "transport/curl.h"

namespace resolute::transport {
namespace {

constexpr std::size_t kHeadersMax = 200;
constexpr std::size_t kHeaderBytesMax = 8u << 10;
constexpr std::size_t kIdleMax = 4;
constexpr std::chrono::seconds kRetryAfterMax{24 * 3600};

using Handle = std::unique_ptr<CURL, void (*)(CURL*)>;

struct Collected {
    std::string body;
    std::vector<std::pair<std::string, std::string>> headers;
    std::size_t bytes_max = 0;
    std::size_t cut_after = 0;
    bool is_too_large = false;
    bool is_cut = false;
};

std::size_t collect(const char* bytes, std::size_t size, std::size_t count, void* into) {
    auto& collected = *static_cast<Collected*>(into);
    if (collected.cut_after > 0 && collected.body.size() + size * count >= collected.cut_after) {
        collected.body.append(bytes, collected.cut_after - collected.body.size());
        collected.is_cut = true;
        return 0;
    }
    if (collected.body.size() + size * count > collected.bytes_max) {
        collected.is_too_large = true;
        return 0;
    }
    collected.body.append(bytes, size * count);
    return size * count;
}

std::size_t collect_header(const char* bytes, std::size_t size, std::size_t count, void* into) {
    auto& headers = static_cast<Collected*>(into)->headers;
    const std::string_view line = text::trim(std::string_view(bytes, size * count));
    if (line.starts_with("HTTP/")) headers.clear();  // "100 Continue" had others.
    const std::size_t colon = line.find(':');
    if (colon != std::string_view::npos && line.size() <= kHeaderBytesMax && headers.size() < kHeadersMax)
        headers.emplace_back(line.substr(0, colon), text::trim(line.substr(colon + 1)));
    return size * count;
}

int is_stopped(void* stop, curl_off_t, curl_off_t, curl_off_t, curl_off_t) {
    return static_cast<const Interrupt*>(stop)->wait(Duration::zero()) ? 1 : 0;
}

/// Scheme and host of a URL as the library itself reads it.
Status check_url(const std::string& url) {
    const std::unique_ptr<CURLU, void (*)(CURLU*)> parsed(curl_url(), &curl_url_cleanup);
    const auto part = [&](CURLUPart which) -> std::string {
        char* text = nullptr;
        if (curl_url_get(parsed.get(), which, &text, 0) != CURLUE_OK) return {};
        std::string copy(text);
        curl_free(text);
        return copy;
    };
    const bool is_url = curl_url_set(parsed.get(), CURLUPART_URL, url.c_str(), 0) == CURLUE_OK;
    const std::string scheme = is_url ? part(CURLUPART_SCHEME) : "";
    const std::string host = is_url ? part(CURLUPART_HOST) : "";
    const bool is_here = host == "127.0.0.1" || host == "localhost" || host == "[::1]";
    if (!host.empty() && (scheme == "https" || (scheme == "http" && is_here))) return {};
    return fail("http.not_allowed", ErrorKind::invalid, fmt::format("\"{}\" is asked by https only", host.empty() ? "a URL without a host" : host));
}

std::unexpected<Error> failure(CURLcode outcome, const char* why, bool was_sent, const Collected& collected) {
    const EffectState effect = was_sent ? EffectState::unknown : EffectState::not_sent;
    if (collected.is_too_large)
        return fail("http.answer_too_large", ErrorKind::exhausted, fmt::format("the answer is larger than {} bytes", collected.bytes_max), effect);
    if (is_tls_failure(outcome)) return fail("http.tls", ErrorKind::refused, why);
    if (outcome == CURLE_OPERATION_TIMEDOUT) return fail("http.timed_out", ErrorKind::timed_out, "no whole answer within the time given", effect);
    if (was_sent) return fail("http.broken", ErrorKind::unavailable, "the connection ended before the answer was whole", effect);
    return fail("http.unreachable", ErrorKind::unavailable, why);
}

}  // namespace

/// Handles keep the connections that they used.
class HttpClient::Pool {
public:
    Handle take() {
        const std::lock_guard lock(mutex_);
        if (idle_.empty()) return {curl_easy_init(), &curl_easy_cleanup};
        Handle handle = std::move(idle_.back());
        idle_.pop_back();
        return handle;
    }
    void give_back(Handle handle) {
        curl_easy_reset(handle.get());
        const std::lock_guard lock(mutex_);
        if (idle_.size() < kIdleMax) idle_.push_back(std::move(handle));
    }

private:
    std::mutex mutex_;
    std::vector<Handle> idle_;
};

HttpClient::HttpClient(Options options) : options_(std::move(options)), pool_(std::make_shared<Pool>()) {}

Result<HttpAnswer> HttpClient::send(const HttpRequest& request, Deadline deadline) const {
    prepare_curl();
    TRY_STATUS(check_url(request.url));
    for (const auto& [name, value] : request.headers)
        if (name.find_first_of("\r\n:") != std::string::npos || value.find_first_of("\r\n") != std::string::npos)
            return fail("http.not_allowed", ErrorKind::invalid, "a header holds a line break");
    if (deadline.has_passed()) return fail("http.timed_out", ErrorKind::timed_out, "no time was left to send the request");

    Handle handle = pool_->take();
    if (!handle) return fail("http.unreachable", ErrorKind::internal, "the library of network connections does not start");
    const auto set = [&](CURLoption option, auto value) { curl_easy_setopt(handle.get(), option, value); };
    curl_slist* headers = nullptr;
    for (const auto& [name, value] : request.headers) headers = curl_slist_append(headers, fmt::format("{}: {}", name, value).c_str());
    headers = curl_slist_append(headers, "Expect:");  // It would wait for a word that few servers say.
    const std::unique_ptr<curl_slist, void (*)(curl_slist*)> owned(headers, &curl_slist_free_all);
    Collected collected{.body = {}, .headers = {}, .bytes_max = options_.answer_bytes_max, .cut_after = request.cut_after};
    std::string why(CURL_ERROR_SIZE, '\0');
    set(CURLOPT_URL, request.url.c_str());
    set(CURLOPT_CUSTOMREQUEST, request.method.c_str());
    if (!request.body.empty() || request.method == "POST") {
        set(CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(request.body.size()));
        set(CURLOPT_POSTFIELDS, request.body.c_str());
    }
    set(CURLOPT_HTTPHEADER, headers);
    set(CURLOPT_NOSIGNAL, 1L);
    set(CURLOPT_PROXY, "");
    set(CURLOPT_FOLLOWLOCATION, 0L);
    set(CURLOPT_PROTOCOLS_STR, "https,http");
    set(CURLOPT_SSLVERSION, static_cast<long>(CURL_SSLVERSION_TLSv1_2));
    // Of a stream that the server did not take, HTTP/2 would be sent again by the library itself.
    set(CURLOPT_HTTP_VERSION, static_cast<long>(CURL_HTTP_VERSION_1_1));
    const long is_writing = request.method == "GET" ? 0L : 1L;
    set(CURLOPT_FRESH_CONNECT, is_writing);
    set(CURLOPT_FORBID_REUSE, is_writing);
    if (options_.stop != nullptr) {
        set(CURLOPT_NOPROGRESS, 0L);
        set(CURLOPT_XFERINFOFUNCTION, &is_stopped);
        set(CURLOPT_XFERINFODATA, options_.stop);
    }
    set(CURLOPT_HEADERFUNCTION, &collect_header);
    set(CURLOPT_HEADERDATA, &collected);
    set(CURLOPT_TIMEOUT_MS, milliseconds_of(deadline.remaining()));
    set(CURLOPT_ERRORBUFFER, why.data());
    set(CURLOPT_WRITEFUNCTION, &collect);
    set(CURLOPT_WRITEDATA, &collected);
    if (!options_.ca_file.empty()) set(CURLOPT_CAINFO, options_.ca_file.c_str());
    const CURLcode outcome = curl_easy_perform(handle.get());
    if (outcome != CURLE_OK && !collected.is_cut) {
        long bytes = 0;
        curl_easy_getinfo(handle.get(), CURLINFO_REQUEST_SIZE, &bytes);
        return failure(outcome, why.front() != '\0' ? why.c_str() : curl_easy_strerror(outcome), bytes > 0, collected);
    }
    HttpAnswer answer{.status = 0, .content_type = {}, .body = std::move(collected.body), .headers = std::move(collected.headers), .is_cut = collected.is_cut};
    long status = 0;
    curl_easy_getinfo(handle.get(), CURLINFO_RESPONSE_CODE, &status);
    answer.status = static_cast<int>(status);
    answer.content_type = answer.header("Content-Type");
    pool_->give_back(std::move(handle));
    return answer;
}

std::string_view HttpAnswer::header(std::string_view name) const {
    for (const auto& [one, value] : headers)
        if (text::equals_ignore_case(one, name)) return value;
    return {};
}

std::optional<Duration> retry_after(const HttpAnswer& answer, Instant now) {
    const std::string value(answer.header("Retry-After"));
    if (value.empty()) return std::nullopt;
    std::int64_t seconds = 0;
    const auto [end, error] = std::from_chars(value.data(), value.data() + value.size(), seconds);
    if (error == std::errc() && end == value.data() + value.size() && seconds >= 0)
        return Duration(std::chrono::seconds(std::min<std::int64_t>(seconds, kRetryAfterMax.count())));
    const auto at = static_cast<std::int64_t>(curl_getdate(value.c_str(), nullptr));
    if (at < 0) return std::nullopt;
    return std::clamp<Duration>(from_unix_ms(at * 1000) - now, Duration::zero(), kRetryAfterMax);
}

std::string percent_encoded(std::string_view text) {
    std::string encoded;
    for (const char c : text) {
        const bool is_plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '.' || c == '_' || c == '~';
        if (is_plain) encoded += c;
        else encoded += fmt::format("%{:02X}", static_cast<unsigned char>(c));
    }
    return encoded;
}

std::string form(const std::vector<std::pair<std::string, std::string>>& fields) {
    std::string body;
    for (const auto& [name, value] : fields) body += (body.empty() ? "" : "&") + percent_encoded(name) + "=" + percent_encoded(value);
    return body;
}

}  // namespace resolute::transport
