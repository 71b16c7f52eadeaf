// SPDX-License-Identifier: Apache-2.0
#include "transport/http_client.h"

#include <memory>

#include <fmt/format.h>

#include "base/text.h"
#include "transport/curl.h"

namespace resolute::transport {
namespace {

struct Collected {
    std::string body;
    std::size_t bytes_max = 0;
    bool is_too_large = false;
};

std::size_t collect(const char* bytes, std::size_t size, std::size_t count, void* into) {
    auto& collected = *static_cast<Collected*>(into);
    if (collected.body.size() + size * count > collected.bytes_max) {
        collected.is_too_large = true;
        return 0;
    }
    collected.body.append(bytes, size * count);
    return size * count;
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

Result<HttpAnswer> HttpClient::send(const HttpRequest& request, Deadline deadline) const {
    prepare_curl();
    TRY_STATUS(check_url(request.url));
    for (const auto& [name, value] : request.headers)
        if (name.find_first_of("\r\n:") != std::string::npos || value.find_first_of("\r\n") != std::string::npos)
            return fail("http.not_allowed", ErrorKind::invalid, "a header holds a line break");
    if (deadline.has_passed()) return fail("http.timed_out", ErrorKind::timed_out, "no time was left to send the request");

    const std::unique_ptr<CURL, void (*)(CURL*)> handle(curl_easy_init(), &curl_easy_cleanup);
    if (!handle) return fail("http.unreachable", ErrorKind::internal, "the library of network connections does not start");
    const auto set = [&](CURLoption option, auto value) { curl_easy_setopt(handle.get(), option, value); };
    curl_slist* headers = nullptr;
    for (const auto& [name, value] : request.headers) headers = curl_slist_append(headers, fmt::format("{}: {}", name, value).c_str());
    headers = curl_slist_append(headers, "Expect:");  // It would wait for a word that few servers say.
    const std::unique_ptr<curl_slist, void (*)(curl_slist*)> owned(headers, &curl_slist_free_all);
    Collected collected{.body = {}, .bytes_max = options_.answer_bytes_max};
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
    set(CURLOPT_TIMEOUT_MS, milliseconds_of(deadline.remaining()));
    set(CURLOPT_ERRORBUFFER, why.data());
    set(CURLOPT_WRITEFUNCTION, &collect);
    set(CURLOPT_WRITEDATA, &collected);
    if (!options_.ca_file.empty()) set(CURLOPT_CAINFO, options_.ca_file.c_str());
    const CURLcode outcome = curl_easy_perform(handle.get());
    if (outcome != CURLE_OK) {
        long bytes = 0;
        curl_easy_getinfo(handle.get(), CURLINFO_REQUEST_SIZE, &bytes);
        return failure(outcome, why.front() != '\0' ? why.c_str() : curl_easy_strerror(outcome), bytes > 0, collected);
    }
    HttpAnswer answer{.status = 0, .content_type = {}, .body = std::move(collected.body)};
    long status = 0;
    curl_easy_getinfo(handle.get(), CURLINFO_RESPONSE_CODE, &status);
    answer.status = static_cast<int>(status);
    const char* type = nullptr;
    curl_easy_getinfo(handle.get(), CURLINFO_CONTENT_TYPE, &type);
    if (type != nullptr) answer.content_type = type;
    return answer;
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
