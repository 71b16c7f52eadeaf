// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "console/http.h"

namespace resolute::console {

/// An error becomes its JSON form with the status of its kind.
using Handler = std::function<Result<Response>(const Request&)>;

/// Which handler answers a request. Filled before the server starts, then only read. Threads: any, once filled.
class Router {
public:
    /// `pattern`: segments that are literal, "{name}" for exactly one segment that is not empty, and as the last one
    /// "{name...}" for whatever is left (static files), also nothing. Where several fit, the literal segment wins over the
    /// named one, and that over the rest. The same pattern and method twice is a fault of ours.
    void add(std::string method, std::string_view pattern, Handler handler);

    /// `target` is the path and query as they came over the wire. Unknown paths are 404, known ones with another method 405
    /// with Allow, undecodable ones 400. HEAD is answered as GET; who writes the answer leaves out the body.
    [[nodiscard]] Response handle(Request request, std::string_view target) const;

private:
    struct Segment {
        enum class Kind { literal, named, rest } kind;  // In the order of precedence.
        std::string text;
    };
    struct Route {
        std::string method;
        std::vector<Segment> segments;
        Handler handler;
    };
    static bool fits(const Route& route, const std::vector<std::string>& path);
    static bool is_before(const Route& a, const Route& b);
    static Response call(const Route& route, Request& request, const std::vector<std::string>& path);

    std::vector<Route> routes_;
};

}  // namespace resolute::console
