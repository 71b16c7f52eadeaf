// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <curl/curl.h>

#include <algorithm>
#include <chrono>

#include "base/time.h"

/// What the folder's users of libcurl share.
namespace resolute::transport {

/// Once for the program, before any thread uses the library.
inline void prepare_curl() {
    static const CURLcode prepared = curl_global_init(CURL_GLOBAL_DEFAULT);
    static_cast<void>(prepared);
}

/// For the library and for poll(2), which know no "never".
inline long milliseconds_of(Duration left) {
    return static_cast<long>(std::clamp<Duration>(left, Duration(1), std::chrono::hours(24)).count());
}

/// The connection could not be protected, or the other side is not who it should be.
inline bool is_tls_failure(CURLcode outcome) {
    switch (outcome) {
        case CURLE_USE_SSL_FAILED:
        case CURLE_SSL_CONNECT_ERROR:
        case CURLE_PEER_FAILED_VERIFICATION:
        case CURLE_SSL_CERTPROBLEM:
        case CURLE_SSL_CIPHER:
        case CURLE_SSL_CACERT_BADFILE:
        case CURLE_SSL_ISSUER_ERROR: return true;
        default: return false;
    }
}

}  // namespace resolute::transport
