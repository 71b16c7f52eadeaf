// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include <fmt/format.h>

#include "app/api_parts.h"
#include "app/backup.h"
#include "app/erasure.h"
#include "app/retention.h"
#include "app/standing.h"

namespace resolute::app {
namespace {

using console::json_response;
using console::Request;
using console::Response;

Result<std::string> need(const json::Value& body, const char* name) {
    std::string value = body[name].as_string();
    if (value.empty()) return fail("api.bad_value", ErrorKind::invalid, fmt::format("\"{}\" is missing: it is kept for ever who did this, and why", name));
    return value;
}

Result<Response> freeze(Runtime& runtime, const Request& request) {
    TRY(const json::Value body, json::parse(request.body));
    TRY(const std::string why, need(body, "why"));
    TRY(const std::string by, need(body, "by"));
    TRY_STATUS(runtime.engine().freeze(why, by, runtime.clock().now()));
    TRY(const auto standing, runtime.storage().engine_store().last_freeze());
    return json_response(standing ? to_json(*standing) : json::Value());
}

Result<Response> release(Runtime& runtime, const Request& request) {
    TRY(const json::Value body, json::parse(request.body));
    TRY(const std::string by, need(body, "by"));
    const auto look_first = parse_duration(body["look_first"].as_string_or("30d"));
    if (!look_first || *look_first < Duration::zero())
        return fail("api.bad_value", ErrorKind::invalid, "look_first is a time: 30d, 12h");
    const Instant now = runtime.clock().now();
    TRY_STATUS(runtime.engine().release_freeze(by, now, now + *look_first));
    TRY(const auto standing, runtime.storage().engine_store().last_freeze());
    return json_response(standing ? to_json(*standing) : json::Value());
}

Result<Response> show_person(Runtime& runtime, const Request& request) {
    TRY(const Person person, find_person(runtime, std::string(request.path_param("name"))));
    TRY(json::Value plan, plan_erasure(runtime, person));
    return json_response(plan);
}

Result<Response> export_all(Runtime& runtime, const Request& request) {
    TRY(const Person person, find_person(runtime, std::string(request.path_param("name"))));
    TRY(json::Value all, export_person(runtime, person));
    return json_response(all);
}

Result<Response> erase(Runtime& runtime, const Request& request) {
    TRY(const json::Value body, json::parse(request.body));
    TRY(const std::string by, need(body, "by"));
    TRY(Person person, find_person(runtime, std::string(request.path_param("name"))));
    TRY(json::Value report, erase_person(runtime, std::move(person), {.by = by, .compacts = body["compact"].as_bool(true)}));
    return json_response(report);
}

json::Value to_json(const storage::Hold& hold, const std::vector<std::string>& addresses) {
    return json::Object{{"person", hold.blind_name},
                        {"addresses", json::from_strings(addresses)},
                        {"why", hold.why},
                        {"by", hold.by},
                        {"since", format_instant(hold.since)},
                        {"released_at", hold.released_at ? json::Value(format_instant(*hold.released_at)) : json::Value()},
                        {"released_by", hold.released_by}};
}

Result<Response> list_holds(Runtime& runtime, const Request&) {
    TRY(const auto holds, runtime.storage().maintenance().holds());
    TRY(const auto addresses, runtime.storage().maintenance().addresses());
    json::Array all;
    for (const storage::Hold& hold : holds) {
        std::vector<std::string> theirs;
        for (const std::string& address : addresses)
            if (runtime.vault().blind_name(address) == hold.blind_name) theirs.push_back(address);
        all.push_back(to_json(hold, theirs));
    }
    return json_response(std::move(all));
}

Result<Response> hold(Runtime& runtime, const Request& request) {
    TRY(const json::Value body, json::parse(request.body));
    TRY(const std::string why, need(body, "why"));
    TRY(const std::string by, need(body, "by"));
    TRY(const Person person, find_person(runtime, std::string(request.path_param("name"))));
    std::size_t made = 0;
    for (const std::string& name : person.blind_names()) {
        const Status held = runtime.storage().maintenance().hold(
            {.blind_name = name, .why = why, .by = by, .since = runtime.clock().now(), .released_at = {}, .released_by = {}});
        if (held)
            ++made;
        else if (held.error().code != "care.held_already" || person.identities.size() == 1)
            return std::unexpected(held.error());
    }
    return json_response(json::Object{{"addresses", made}}, 201);
}

Result<Response> release_hold(Runtime& runtime, const Request& request) {
    TRY(const json::Value body, json::parse(request.body));
    TRY(const std::string by, need(body, "by"));
    TRY(const Person person, find_person(runtime, std::string(request.path_param("name"))));
    std::size_t ended = 0;
    for (const std::string& name : person.blind_names()) {
        const Status released = runtime.storage().maintenance().release_hold(name, by, runtime.clock().now());
        if (released)
            ++ended;
        else if (released.error().code != "care.not_held" || person.identities.size() == 1)
            return std::unexpected(released.error());
    }
    return json_response(json::Object{{"addresses", ended}});
}

Result<Response> retain(Runtime& runtime, const Request& request) {
    TRY(const json::Value body, json::parse(request.body));
    TRY(const Overdue overdue, find_overdue(runtime));
    if (!body["dry_run"].as_bool(false)) {
        TRY_STATUS(drop_overdue(runtime, overdue, std::max(overdue.mails.size(), overdue.cases.size())));
        if (body["compact"].as_bool(false)) TRY_STATUS(runtime.storage().maintenance().compact());
    }
    json::Array cases;
    for (const CaseId& id : overdue.cases) cases.push_back(id.value());
    return json_response(json::Object{{"raw_mails", overdue.mails.size()}, {"cases", std::move(cases)}, {"held", overdue.held}});
}

Result<Response> back_up(Runtime& runtime, const Request& request) {
    TRY(const json::Value body, json::parse(request.body));
    const std::filesystem::path file = body["file"].as_string();
    if (!file.is_absolute()) return fail("api.bad_value", ErrorKind::invalid, "\"file\" is an absolute path");
    TRY(json::Value manifest, make_backup(runtime, file, {}));
    return json_response(manifest, 201);
}

}  // namespace

void add_care_routes(console::Router& router, Runtime& runtime) {
    const auto add = [&](const char* method, const char* pattern, Result<Response> (*handler)(Runtime&, const Request&)) {
        router.add(method, pattern, [&runtime, handler](const Request& request) { return handler(runtime, request); });
    };
    add("POST", "/api/freeze", freeze);
    add("POST", "/api/release", release);
    add("GET", "/api/people/{name}", show_person);
    add("GET", "/api/people/{name}/export", export_all);
    add("POST", "/api/people/{name}/erase", erase);
    add("POST", "/api/people/{name}/hold", hold);
    add("POST", "/api/people/{name}/release", release_hold);
    add("GET", "/api/holds", list_holds);
    add("POST", "/api/retention", retain);
    add("POST", "/api/backup", back_up);
    add_mail_routes(router, runtime);
}

}  // namespace resolute::app
