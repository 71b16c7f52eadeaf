// SPDX-License-Identifier: Apache-2.0
#include "desk/builtin_people.h"

#include <gtest/gtest.h>

#include "desk/desk_test_support.h"

namespace resolute::desk {
namespace {

ports::Agent agent(const std::string& id, std::vector<std::string> skills) {
    ports::Agent made;
    made.id = AgentId(id);
    made.name = id;
    made.skills = std::move(skills);
    return made;
}

ports::Agent manager(const std::string& id) {
    ports::Agent made = agent(id, {});
    made.is_manager = true;
    return made;
}

ports::RouteRequest ask(const std::string& role, const std::string& category = "") {
    ports::RouteRequest request;
    request.role = role;
    request.category = category;
    return request;
}

std::string chosen(const std::vector<ports::Agent>& people, const std::map<std::string, int>& load,
                   const ports::RouteRequest& request) {
    const auto route = choose_person(people, load, request);
    return route ? route->agent.id.value() : route.error().code;
}

TEST(ChoosePerson, TheSkilledPersonComesBeforeTheLessLoadedOne) {
    const std::vector people{agent("ada", {"billing"}), agent("bob", {"technical"})};
    EXPECT_EQ(chosen(people, {{"ada", 19}}, ask("agent", "billing")), "ada");
    EXPECT_EQ(choose_person(people, {{"ada", 19}}, ask("agent", "billing"))->why, "billing, least loaded (19 of 20)");
}

TEST(ChoosePerson, LoadIsTasksByCapacityAndNotTasksAlone) {
    auto half_time = agent("ada", {"billing"});
    half_time.capacity = 5;
    const std::vector people{half_time, agent("bob", {"billing"})};
    EXPECT_EQ(chosen(people, {{"ada", 3}, {"bob", 10}}, ask("agent", "billing")), "bob");
}

TEST(ChoosePerson, EqualLoadsGoToTheFirstId) {
    auto small = agent("bob", {"billing"});
    small.capacity = 10;
    const std::vector people{agent("cid", {"billing"}), small};
    EXPECT_EQ(chosen(people, {{"bob", 1}, {"cid", 2}}, ask("agent", "billing")), "bob");
}

TEST(ChoosePerson, AVipGoesToThoseForVipsBeforeThoseWithTheCategory) {
    const std::vector people{agent("ada", {"billing"}), agent("bob", {"vip"}), agent("cid", {"vip", "billing"})};
    auto request = ask("agent", "billing");
    request.is_vip = true;
    EXPECT_EQ(chosen(people, {{"cid", 10}}, request), "cid");
    EXPECT_EQ(chosen(people, {{"cid", 20}}, request), "bob");
}

TEST(ChoosePerson, AmongEquallySkilledTheLanguageDecidesBeforeTheLoad) {
    const std::vector people{agent("ada", {"billing"}), agent("bob", {"billing", "de"})};
    auto request = ask("agent", "billing");
    request.language = "de";
    EXPECT_EQ(chosen(people, {{"bob", 12}}, request), "bob");
    EXPECT_EQ(choose_person(people, {{"bob", 12}}, request)->why, "billing, de, least loaded (12 of 20)");
}

TEST(ChoosePerson, ASkilledPersonWhoIsAwayOrFullIsPassedOver) {
    auto away = agent("ada", {"billing"});
    away.is_available = false;
    const std::vector people{away, agent("bob", {"billing"}), agent("cid", {})};
    EXPECT_EQ(chosen(people, {{"bob", 20}}, ask("agent", "billing")), "cid");
}

TEST(ChoosePerson, WhereEverybodyIsFullTheLeastLoadedGetsItAllTheSame) {
    const std::vector people{agent("ada", {"billing"}), agent("bob", {})};
    const auto route = choose_person(people, {{"ada", 25}, {"bob", 21}}, ask("agent", "billing"));
    ASSERT_TRUE(route);
    EXPECT_EQ(route->agent.id.value(), "bob");
    EXPECT_EQ(route->why, "everybody full or away, least loaded (21 of 20)");
}

TEST(ChoosePerson, SomebodyWithoutCapacityIsFullerThanAnybody) {
    auto none = agent("ada", {});
    none.capacity = 0;
    EXPECT_EQ(chosen({none, agent("bob", {})}, {{"bob", 100}}, ask("agent")), "bob");
}

TEST(ChoosePerson, AManagerIsNoAgentUnlessThereIsNobodyElse) {
    EXPECT_EQ(chosen({manager("boss"), agent("zoe", {})}, {{"zoe", 19}}, ask("agent")), "zoe");
    EXPECT_EQ(chosen({manager("boss")}, {}, ask("agent")), "boss");
}

TEST(ChoosePerson, SomebodyForTechnicalSupportAloneTakesNoCustomersCase) {
    const std::vector people{agent("it", {"technical_support"}), agent("zoe", {"billing"})};
    EXPECT_EQ(chosen(people, {{"zoe", 20}}, ask("agent", "technical")), "zoe");
    EXPECT_EQ(chosen(people, {}, ask("technical_support")), "it");
}

TEST(ChoosePerson, TechnicalSupportFallsBackToManagers) {
    EXPECT_EQ(chosen({manager("boss"), agent("ada", {"technical"})}, {}, ask("technical_support")), "boss");
}

TEST(ChoosePerson, ThePersonToAvoidIsNeverChosenEvenAsTheLastOne) {
    auto request = ask("manager");
    request.avoid = "boss";
    EXPECT_EQ(chosen({manager("boss"), manager("deputy")}, {{"deputy", 99}}, request), "deputy");
    EXPECT_EQ(chosen({manager("boss")}, {}, request), "people.nobody");
}

TEST(ChoosePerson, NobodyIsAnErrorOnlyWhereTheRoleIsEmpty) {
    EXPECT_EQ(chosen({agent("ada", {})}, {}, ask("manager")), "people.nobody");
    EXPECT_EQ(chosen({}, {}, ask("agent")), "people.nobody");
}

TEST(BuiltinPeople, RoutesByTheLoadOfTheCases) {
    FakeDeskStore store;
    FakeCaseQueries cases;
    ASSERT_TRUE(store.replace_agents({agent("ada", {"billing"}), agent("bob", {"billing"})}));
    cases.open_tasks = {{"ada", 2}, {"bob", 1}};
    BuiltinPeople people(store, cases);
    EXPECT_EQ(people.route(ask("agent", "billing"), Deadline::never())->agent.id.value(), "bob");
    EXPECT_EQ(people.find_agent(AgentId("ada")).value()->name, "ada");
    EXPECT_FALSE(people.find_agent(AgentId("eve")).value());
    EXPECT_EQ(people.agents()->size(), 2U);
}

}  // namespace
}  // namespace resolute::desk
