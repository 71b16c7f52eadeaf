// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>

#include "base/time.h"

namespace resolute::storage::postgres {

struct Settings {
    std::string url;                ///< postgresql://… or "host=… dbname=…", as libpq reads it
    std::size_t committers = 2;     ///< connections that only `commit` uses
    std::size_t connections = 6;    ///< for all the rest
    Duration lease = std::chrono::seconds(15);
    Duration connect_timeout = std::chrono::seconds(5);
    Duration patience = std::chrono::seconds(30);  ///< for one call, waiting for a connection included
    bool accept_volatile = false;   ///< for tests: a server that may lose what it said it kept
};

}  // namespace resolute::storage::postgres
