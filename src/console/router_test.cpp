// SPDX-License-Identifier: Apache-2.0
#include "console/router.h"

#include <gtest/gtest.h>

namespace resolute::console {
namespace {

Handler says(std::string text) {
    return [text](const Request&) -> Result<Response> {
        return Response{.status = 200, .content_type = "text/plain", .body = text, .headers = {}};
    };
}

class RouteRequest : public testing::Test {
protected:
    RouteRequest() {
        router.add("GET", "/api/cases", says("list"));
        router.add("POST", "/api/cases", says("make"));
        router.add("GET", "/api/cases/{id}", [](const Request& request) -> Result<Response> {
            return Response{.status = 200,
                            .content_type = "text/plain",
                            .body = "case " + std::string(request.path_param("id")),
                            .headers = {}};
        });
        router.add("GET", "/api/cases/new", says("literal"));
        router.add("GET", "/{path...}", [](const Request& request) -> Result<Response> {
            return Response{.status = 200,
                            .content_type = "text/plain",
                            .body = "file " + std::string(request.path_param("path")),
                            .headers = {}};
        });
        router.add("DELETE", "/api/cases/{id}", says("gone"));
    }
    Response get(std::string_view target, std::string method = "GET") {
        Request request;
        request.method = std::move(method);
        return router.handle(std::move(request), target);
    }
    static std::string code_of(const Response& response) {
        const auto value = json::parse(response.body);
        return value ? (*value)["error"]["code"].as_string() : "no JSON";
    }

    Router router;
};

TEST_F(RouteRequest, ALiteralPathIsFound) {
    EXPECT_EQ(get("/api/cases").body, "list");
}
TEST_F(RouteRequest, TheMethodChoosesTheHandler) {
    EXPECT_EQ(get("/api/cases", "POST").body, "make");
}
TEST_F(RouteRequest, ANamedSegmentIsHandedOver) {
    EXPECT_EQ(get("/api/cases/c123").body, "case c123");
}
TEST_F(RouteRequest, ALiteralSegmentWinsOverANamedOne) {
    EXPECT_EQ(get("/api/cases/new").body, "literal");
}
TEST_F(RouteRequest, TheRestTakesWhatIsLeftAlsoNothing) {
    EXPECT_EQ(get("/css/main.css").body, "file css/main.css");
    EXPECT_EQ(get("/").body, "file ");
}
TEST_F(RouteRequest, ANamedSegmentIsDecodedAndKeepsItsSlash) {
    EXPECT_EQ(get("/api/cases/a%2Fb%20c").body, "case a/b c");
}
TEST_F(RouteRequest, ANamedSegmentIsNeverEmpty) {
    EXPECT_EQ(get("/api/cases/").body, "file api/cases/");
}
TEST_F(RouteRequest, HeadIsAnsweredAsGet) {
    EXPECT_EQ(get("/api/cases", "HEAD").body, "list");
}

TEST_F(RouteRequest, AnotherMethodIs405AndSaysWhichAreAllowed) {
    const Response response = get("/api/cases/c1", "PUT");
    EXPECT_EQ(response.status, 405);
    EXPECT_EQ(code_of(response), "console.method_not_allowed");
    EXPECT_EQ(response.headers.at("Allow"), "DELETE, GET, HEAD");
}

TEST_F(RouteRequest, AnUnknownPathIs404) {
    Router few;
    few.add("GET", "/api/cases", says("x"));
    for (const char* target :
         {"/", "/api", "/api/cases/x", "/api/casesx", "//api/cases", "/API/cases", "", "/api/../api/cases"}) {
        const Response response =
            few.handle({.method = "GET", .path = {}, .path_params = {}, .query = {}, .headers = {}, .body = {}}, target);
        EXPECT_EQ(response.status, 404) << target;
        EXPECT_EQ(code_of(response), "console.not_found");
    }
}

TEST_F(RouteRequest, WhatCannotBeDecodedIs400) {
    for (const char* target : {"/a%", "/a%2", "/a%zz", "/%ff", "/a%00b", "/a%0Ab", "/x?a=%", "/x?%ff=1"}) {
        const Response response = get(target);
        EXPECT_EQ(response.status, 400) << target;
        EXPECT_EQ(code_of(response), "console.bad_request") << target;
    }
}

TEST_F(RouteRequest, TheQueryIsDecodedAndTheFirstOfANameCounts) {
    Router one;
    one.add("GET", "/q", [](const Request& request) -> Result<Response> {
        return json_response(
            json::Object{{"a", request.query_param("a")}, {"b", request.query_param("b")}, {"none", request.query_param("c")}});
    });
    const Response response = one.handle({.method = "GET", .path = {}, .path_params = {}, .query = {}, .headers = {}, .body = {}},
                                         "/q?a=1%262+3&a=other&b&&=x#c=9");
    EXPECT_EQ(response.body, R"({"a":"1&2 3","b":"","none":""})");
}

TEST_F(RouteRequest, AnErrorOfAHandlerHasTheStatusOfItsKind) {
    const std::pair<ErrorKind, int> kinds[] = {
        {ErrorKind::invalid, 400},      {ErrorKind::not_found, 404},   {ErrorKind::refused, 403},   {ErrorKind::conflict, 409},
        {ErrorKind::rate_limited, 429}, {ErrorKind::unavailable, 503}, {ErrorKind::timed_out, 504}, {ErrorKind::exhausted, 507},
        {ErrorKind::corrupt, 500},      {ErrorKind::internal, 500}};
    for (const auto& [kind, status] : kinds) {
        Router failing;
        failing.add("GET", "/x",
                    [kind = kind](const Request&) -> Result<Response> { return fail("task.not_open", kind, "it is \"done\""); });
        const Response response =
            failing.handle({.method = "GET", .path = {}, .path_params = {}, .query = {}, .headers = {}, .body = {}}, "/x");
        EXPECT_EQ(response.status, status);
        EXPECT_EQ(response.body, R"({"error":{"code":"task.not_open","detail":"it is \"done\""}})");
    }
}

TEST_F(RouteRequest, AnErrorThatKnowsWhenToComeBackSaysSoInWholeSeconds) {
    const Error error{.code = "x", .kind = ErrorKind::rate_limited, .retry_after = Duration(1500)};
    EXPECT_EQ(error_response(error).headers.at("Retry-After"), "2");
}

TEST(RouterDeathTest, TheSamePatternTwiceIsAFaultOfOurs) {
    Router router;
    router.add("GET", "/a/{id}", says("1"));
    EXPECT_DEATH(router.add("GET", "/a/{name}", says("2")), "one handler");
}

}  // namespace
}  // namespace resolute::console
