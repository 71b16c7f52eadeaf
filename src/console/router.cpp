// SPDX-License-Identifier: Apache-2.0
#include "console/router.h"

#include <algorithm>
#include <set>

#include "base/invariant.h"
#include "base/text.h"

namespace resolute::console {
namespace {

/// "/a/b" has two segments, "/" none; "/a/" has "a" and an empty one, which fits no name.
std::vector<std::string_view> segments_of(std::string_view path) {
    if (path.starts_with('/')) path.remove_prefix(1);
    if (path.empty()) return {};
    return text::split(path, '/');
}

bool parse_query(std::string_view query, Fields& fields) {
    if (query.empty()) return true;
    for (const std::string_view pair : text::split(query, '&')) {
        if (pair.empty()) continue;
        const std::size_t equals = pair.find('=');
        std::string name;
        std::string value;
        const std::string_view raw_value = equals == std::string_view::npos ? std::string_view() : pair.substr(equals + 1);
        if (!decode_component(pair.substr(0, equals), true, name) || !decode_component(raw_value, true, value)) return false;
        fields.emplace(std::move(name), std::move(value));
    }
    return true;
}

}  // namespace

void Router::add(std::string method, std::string_view pattern, Handler handler) {
    INVARIANT(pattern.starts_with('/'), "a pattern begins with a slash");
    Route route{.method = std::move(method), .segments = {}, .handler = std::move(handler)};
    for (const std::string_view part : segments_of(pattern)) {
        INVARIANT(route.segments.empty() || route.segments.back().kind != Segment::Kind::rest, "nothing follows the rest");
        if (!part.starts_with('{') || !part.ends_with('}')) {
            route.segments.push_back({Segment::Kind::literal, std::string(part)});
            continue;
        }
        std::string_view name = part.substr(1, part.size() - 2);
        const bool is_rest = name.ends_with("...");
        if (is_rest) name.remove_suffix(3);
        INVARIANT(!name.empty(), "a named segment has a name");
        route.segments.push_back({is_rest ? Segment::Kind::rest : Segment::Kind::named, std::string(name)});
    }
    for (const Route& other : routes_)
        INVARIANT(other.method != route.method || is_before(other, route) || is_before(route, other),
                  "one handler for a pattern");
    routes_.push_back(std::move(route));
    std::ranges::stable_sort(routes_, &Router::is_before);
}

/// Compares by precedence, segment by segment; a longer pattern stands before the shorter one that it begins with.
bool Router::is_before(const Route& a, const Route& b) {
    for (std::size_t i = 0; i < std::min(a.segments.size(), b.segments.size()); ++i) {
        const Segment& x = a.segments[i];
        const Segment& y = b.segments[i];
        if (x.kind != y.kind) return x.kind < y.kind;
        if (x.kind == Segment::Kind::literal && x.text != y.text) return x.text < y.text;
    }
    return a.segments.size() > b.segments.size();
}

bool Router::fits(const Route& route, const std::vector<std::string>& path) {
    for (std::size_t i = 0; i < route.segments.size(); ++i) {
        const Segment& segment = route.segments[i];
        if (segment.kind == Segment::Kind::rest) return true;
        if (i >= path.size()) return false;
        if (segment.kind == Segment::Kind::literal ? path[i] != segment.text : path[i].empty()) return false;
    }
    return path.size() == route.segments.size();
}

Response Router::call(const Route& route, Request& request, const std::vector<std::string>& path) {
    for (std::size_t i = 0; i < route.segments.size(); ++i) {
        const Segment& segment = route.segments[i];
        if (segment.kind == Segment::Kind::named) request.path_params[segment.text] = path[i];
        if (segment.kind == Segment::Kind::rest)
            request.path_params[segment.text] =
                text::join({path.begin() + static_cast<std::ptrdiff_t>(std::min(i, path.size())), path.end()}, "/");
    }
    Result<Response> response = route.handler(request);
    return response ? *std::move(response) : error_response(response.error());
}

Response Router::handle(Request request, std::string_view target) const {
    target = target.substr(0, target.find('#'));
    const std::size_t mark = target.find('?');
    std::vector<std::string> path;
    request.path.clear();
    for (const std::string_view raw : segments_of(target.substr(0, mark))) {
        std::string decoded;
        if (!decode_component(raw, false, decoded))
            return error_response(400, "console.bad_request", "the path is not correctly percent-encoded UTF-8");
        request.path += "/" + decoded;
        path.push_back(std::move(decoded));
    }
    if (request.path.empty()) request.path = "/";
    if (mark != std::string_view::npos && !parse_query(target.substr(mark + 1), request.query))
        return error_response(400, "console.bad_request", "the query is not correctly percent-encoded UTF-8");

    const std::string_view method = request.method == "HEAD" ? std::string_view("GET") : std::string_view(request.method);
    std::set<std::string> allowed;
    for (const Route& route : routes_) {
        if (!fits(route, path)) continue;
        if (route.method == method) return call(route, request, path);
        allowed.insert(route.method);
    }
    if (allowed.empty()) return error_response(404, "console.not_found", "there is nothing at this path");
    if (allowed.contains("GET")) allowed.insert("HEAD");
    Response response =
        error_response(405, "console.method_not_allowed", "this path does not take this method; see the header Allow");
    response.headers["Allow"] = text::join({allowed.begin(), allowed.end()}, ", ");
    return response;
}

}  // namespace resolute::console
