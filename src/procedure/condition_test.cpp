// SPDX-License-Identifier: Apache-2.0
#include "procedure/condition.h"

#include <random>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace resolute::procedure {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

json::Value context() {
    const auto usd = [](std::int64_t cents) { return json::from_money(Money{cents, "USD"}); };
    const auto hours = [](int n) { return json::from_duration(std::chrono::hours(n)); };
    return json::Object{
        {"refund", json::Object{{"requested", true}, {"amount", usd(50001)}, {"order", "A-17"}, {"reason", nullptr}}},
        {"claim", json::Object{{"amount", json::from_money(Money{48000, "EUR"})}, {"unknown", nullptr}}},
        {"customer", json::Object{{"tier", "vip"}, {"name", "Zoë"}, {"orders", json::Array{"A-17", "A-18"}}, {"years", 3}}},
        {"issue", json::Object{{"category", "complaint"}, {"confidence", 0.75}, {"is_sensitive", false}}},
        {"case", json::Object{{"quiet_for", hours(200)},
                              {"now", json::from_instant(*parse_instant("2026-11-22T18:05:00Z"))},
                              {"opened", json::from_instant(*parse_instant("2026-11-20T18:05:00Z"))},
                              {"reopened", 0},
                              {"max", std::numeric_limits<std::int64_t>::max()},
                              {"min", std::numeric_limits<std::int64_t>::min()}}},
        {"policy", json::Object{{"limit", usd(50000)},
                                {"close_after_quiet", hours(168)},
                                {"share", 0.8},
                                {"autonomy", json::Object{{"complaint", "off"}, {"billing", "auto"}}}}},
    };
}

Evaluation evaluate(std::string_view text, const json::Value& facts = context()) {
    const auto condition = Condition::parse(text);
    EXPECT_TRUE(condition) << text << ": " << condition.error().detail;
    return condition ? condition->evaluate(facts) : Evaluation{};
}

struct Case {
    std::string_view text;
    Verdict verdict;
};
void PrintTo(const Case& c, std::ostream* out) {
    *out << c.text;
}

constexpr Verdict yes = Verdict::yes;
constexpr Verdict no = Verdict::no;
constexpr Verdict unknown = Verdict::unknown;

class ConditionVerdict : public testing::TestWithParam<Case> {};

TEST_P(ConditionVerdict, IsThatOfCel) {
    const Evaluation evaluation = evaluate(GetParam().text);
    EXPECT_EQ(evaluation.verdict, GetParam().verdict) << evaluation.why;
    EXPECT_EQ(evaluation.why.empty(), evaluation.verdict != Verdict::unknown);
}

INSTANTIATE_TEST_SUITE_P(Literals, ConditionVerdict,
                         testing::ValuesIn(std::vector<Case>{
                             {"true", yes},
                             {"false", no},
                             {"!false", yes},
                             {"!!true", yes},
                             {"null == null", yes},
                             {"null", unknown},
                             {"1", unknown},
                             {"\"true\"", unknown},
                             {"'a' == \"a\"", yes},
                             {"\"a\\\"b\" == 'a\"b'", yes},
                             {"'\\u00eb' == 'ë'", yes},
                             {"0x10 == 16", yes},
                             {"1.5e1 == 15", yes},
                             {".5 == 0.5", yes},
                             {"-9223372036854775808 == case.min", yes},
                             {"9223372036854775807 == case.max", yes},
                             {"[1, 2] == [1, 2]", yes},
                             {"[1, 2] == [2, 1]", no},
                             {"[1] == [1, 2]", no},
                             {"[] == []", yes},
                             {"duration(\"48h\") == duration(\"2 days\")", yes},
                             {"money(\"5\", \"USD\") == money(\"5.00\", \"USD\")", yes},
                         }));

INSTANTIATE_TEST_SUITE_P(Precedence, ConditionVerdict,
                         testing::ValuesIn(std::vector<Case>{
                             {"true || false && false", yes},
                             {"(true || false) && false", no},
                             {"!true || true", yes},
                             {"!(true || true)", no},
                             {"1 + 2 * 3 == 7", yes},
                             {"(1 + 2) * 3 == 9", yes},
                             {"10 - 4 - 3 == 3", yes},
                             {"20 / 2 / 5 == 2", yes},
                             {"7 % 4 * 2 == 6", yes},
                             {"-2 + 3 == 1", yes},
                             {"- -2 == 2", yes},
                             {"1 < 2 == true", yes},
                             {"1 + 1 in [2, 3]", yes},
                             {"false ? true : true ? false : true", no},
                             {"true ? 1 < 2 : 1 > 2", yes},
                             {"true || true ? false : true", no},
                             {"!case.is_gone || true", yes},
                             {"-customer.years == -3", yes},
                         }));

INSTANTIATE_TEST_SUITE_P(Comparisons, ConditionVerdict,
                         testing::ValuesIn(std::vector<Case>{
                             {"refund.amount > policy.limit", yes},
                             {"refund.amount >= policy.limit", yes},
                             {"refund.amount < policy.limit", no},
                             {"refund.amount == policy.limit", no},
                             {"refund.amount != policy.limit", yes},
                             {"refund.amount == money(\"500.01\", \"USD\")", yes},
                             {"refund.amount - money(\"0.01\", \"USD\") > policy.limit", no},
                             {"claim.amount > policy.limit", unknown},  // another currency
                             {"claim.amount == policy.limit", unknown},
                             {"claim.amount != policy.limit", unknown},
                             {"claim.unknown > policy.limit", unknown},  // null has no order
                             {"claim.unknown == policy.limit", no},
                             {"claim.unknown != policy.limit", yes},
                             {"claim.unknown == null", yes},
                             {"refund.amount == null", no},
                             {"refund.amount != null", yes},
                             {"null < null", unknown},
                             {"case.quiet_for >= policy.close_after_quiet", yes},
                             {"case.quiet_for < duration(\"8d\")", no},
                             {"case.now - case.opened == duration(\"48h\")", yes},
                             {"case.opened + duration(\"48h\") == case.now", yes},
                             {"duration(\"48h\") + case.opened <= case.now", yes},
                             {"case.now - duration(\"1h\") > case.opened", yes},
                             {"case.now > case.opened", yes},
                             {"case.now > duration(\"1h\")", unknown},
                             {"customer.tier == \"vip\"", yes},
                             {"customer.tier == \"VIP\"", no},
                             {"customer.tier < \"w\"", yes},
                             {"customer.tier == 1", unknown},
                             {"customer.tier == true", unknown},
                             {"1 == 1.0", yes},
                             {"1 < 1.5", yes},
                             {"2.0 > 1", yes},
                             {"issue.confidence >= 0.75", yes},
                             {"issue.confidence < policy.share", yes},
                             {"false < true", yes},
                             {"9223372036854775807 < 9223372036854775808.0", yes},  // exact, not through double
                             {"9223372036854775807 == 9223372036854775808.0", no},
                             {"9007199254740993 == 9007199254740992.0", no},
                             {"-9223372036854775808 > -1e300", yes},
                             {"[1] < [2]", unknown},
                             {"policy.autonomy == policy.autonomy", yes},
                             {"policy.autonomy < policy.autonomy", unknown},
                             {"refund.amount > 500", unknown},
                             {"1 < 2 < 3", unknown},
                         }));

INSTANTIATE_TEST_SUITE_P(Absorption, ConditionVerdict,
                         testing::ValuesIn(std::vector<Case>{
                             {"false && absent.x", no},
                             {"absent.x && false", no},
                             {"true || absent.x", yes},
                             {"absent.x || true", yes},
                             {"true && absent.x", unknown},
                             {"absent.x && true", unknown},
                             {"false || absent.x", unknown},
                             {"absent.x || false", unknown},
                             {"absent.x && absent.y", unknown},
                             {"absent.x || absent.y", unknown},
                             {"1 / 0 == 1 || true", yes},
                             {"1 / 0 == 1 && false", no},
                             {"(absent.x && false) || true", yes},
                             {"!(absent.x && false)", yes},
                             {"!absent.x", unknown},
                             {"1 && false", no},  // a value that is no bool is an error, absorbed as well
                             {"\"x\" || true", yes},
                             {"1 && true", unknown},
                             {"null || false", unknown},
                             {"absent.x ? true : true", unknown},
                             {"true ? true : absent.x", yes},
                             {"false ? absent.x : false", no},
                             {"1 ? true : false", unknown},
                             {"absent == absent", unknown},
                             {"absent.x == null", unknown},
                         }));

INSTANTIATE_TEST_SUITE_P(Arithmetic, ConditionVerdict,
                         testing::ValuesIn(std::vector<Case>{
                             {"case.max + 1 > 0", unknown},
                             {"case.min - 1 < 0", unknown},
                             {"case.max * 2 > 0", unknown},
                             {"case.min / -1 > 0", unknown},
                             {"case.min % -1 == 0", yes},
                             {"-case.min > 0", unknown},
                             {"1 / 0 == 1", unknown},
                             {"1 % 0 == 1", unknown},
                             {"-7 / 2 == -3", yes},
                             {"-7 % 2 == -1", yes},
                             {"7.0 / 2.0 == 3.5", yes},
                             {"1 + 1.0 == 2", unknown},
                             {"\"a\" + \"b\" == \"ab\"", yes},
                             {"\"a\" + 1 == \"a1\"", unknown},
                             {"[1] + [2] == [1, 2]", yes},
                             {"policy.limit * 2 == money(\"1000.00\", \"USD\")", yes},
                             {"2 * policy.limit > refund.amount", yes},
                             {"policy.limit * 1.5 > refund.amount", unknown},
                             {"policy.limit * case.max > refund.amount", unknown},
                             {"policy.limit + claim.amount > policy.limit", unknown},
                             {"policy.limit + policy.limit == policy.limit * 2", yes},
                             {"policy.close_after_quiet * 2 == duration(\"14d\")", yes},
                             {"-policy.close_after_quiet < duration(\"1h\")", yes},
                             {"case.now + case.now == case.now", unknown},
                             {"-customer.tier == \"\"", unknown},
                             {"!customer.years", unknown},
                         }));

INSTANTIATE_TEST_SUITE_P(Collections, ConditionVerdict,
                         testing::ValuesIn(std::vector<Case>{
                             {"\"A-17\" in customer.orders", yes},
                             {"\"A-19\" in customer.orders", no},
                             {"refund.order in customer.orders", yes},
                             {"customer.tier in [\"vip\", \"gold\"]", yes},
                             {"1 in [\"a\", 1]", yes},
                             {"1 in [\"a\", \"b\"]", unknown},
                             {"1 in []", no},
                             {"1.0 in [1]", yes},
                             {"null in [1, null]", yes},
                             {"\"billing\" in policy.autonomy", yes},
                             {"\"x\" in policy.autonomy", no},
                             {"1 in policy.autonomy", unknown},
                             {"1 in 1", unknown},
                             {"customer.orders[0] == \"A-17\"", yes},
                             {"customer.orders[1] == \"A-17\"", no},
                             {"customer.orders[2] == \"A-17\"", unknown},
                             {"customer.orders[-1] == \"A-17\"", unknown},
                             {"customer.orders[\"a\"] == \"A-17\"", unknown},
                             {"[1, 2, 3][1] == 2", yes},
                             {"policy.autonomy[\"complaint\"] == \"off\"", yes},
                             {"policy.autonomy[issue.category] == \"off\"", yes},
                             {"policy.autonomy[customer.tier] == \"off\"", unknown},
                             {"policy[\"autonomy\"].billing == \"auto\"", yes},
                             {"customer.tier[0] == \"v\"", unknown},
                             {"size(customer.orders) == 2", yes},
                             {"customer.orders.size() == 2", yes},
                             {"size(customer.name) == 3", yes},  // characters, not bytes
                             {"size(policy.autonomy) == 2", yes},
                             {"size(3) == 1", unknown},
                             {"customer.name.startsWith(\"Zo\")", yes},
                             {"customer.name.endsWith(\"ë\")", yes},
                             {"customer.name.contains(\"x\")", no},
                             {"customer.name.contains(\"\")", yes},
                             {"customer.years.contains(\"\")", unknown},
                             {"customer.name.contains(3)", unknown},
                             {"has(refund.amount)", yes},
                             {"has(refund.nothing)", no},
                             {"has(refund.reason)", yes},  // it is there, though null
                             {"has(refund.reason.text)", unknown},
                             {"has(absent.x)", unknown},
                             {"has(customer.tier.x)", unknown},
                             {"has(policy.autonomy.billing) && policy.autonomy.billing == \"auto\"", yes},
                             {"has(refund.nothing) && refund.nothing > 1", no},
                             {"refund.nothing == 1", unknown},
                             {"refund.amount.currency == \"USD\"", unknown},
                         }));

TEST(Condition, IsTooEarlyOnlyWhereATopLevelFactIsMissing) {
    EXPECT_TRUE(evaluate("satisfaction.score < 3").is_too_early);
    EXPECT_TRUE(evaluate("has(satisfaction.score)").is_too_early);
    EXPECT_TRUE(evaluate("satisfaction.score < 3 || refund.reason > 1").is_too_early);
    EXPECT_TRUE(evaluate("refund.reason > 1 || satisfaction.score < 3").is_too_early);
    EXPECT_TRUE(evaluate("refund.reason > satisfaction.score").is_too_early);
    EXPECT_FALSE(evaluate("refund.nothing == 1").is_too_early);
    EXPECT_FALSE(evaluate("refund.reason > policy.limit").is_too_early);
    EXPECT_FALSE(evaluate("satisfaction.score < 3 || true").is_too_early);
    EXPECT_FALSE(evaluate("policy.autonomy[customer.tier] == \"off\"").is_too_early);
    EXPECT_TRUE(evaluate("policy.autonomy[topic.name] == \"off\"").is_too_early);
}

TEST(Condition, KeepsEveryFactItLookedAtAsPeopleWriteIt) {
    EXPECT_THAT(evaluate("refund.requested && refund.amount > policy.limit").facts,
                ElementsAre(FactSeen{"refund.requested", "true"}, FactSeen{"refund.amount", "$500.01"},
                            FactSeen{"policy.limit", "$500.00"}));
    EXPECT_THAT(evaluate("policy.autonomy[issue.category] == 'off'").facts,
                ElementsAre(FactSeen{"issue.category", "\"complaint\""}, FactSeen{"policy.autonomy.complaint", "\"off\""}));
    EXPECT_THAT(evaluate("claim.unknown > claim.amount && refund.nothing == 1").facts,
                ElementsAre(FactSeen{"claim.unknown", "(unknown)"}, FactSeen{"claim.amount", "€480.00"},
                            FactSeen{"refund.nothing", "(absent)"}));
    EXPECT_THAT(evaluate("satisfaction.score < 3").facts, ElementsAre(FactSeen{"satisfaction.score", "(absent)"}));
    EXPECT_THAT(evaluate("case.now - case.opened < policy.close_after_quiet").facts,
                ElementsAre(FactSeen{"case.now", "2026-11-22T18:05:00Z"}, FactSeen{"case.opened", "2026-11-20T18:05:00Z"},
                            FactSeen{"policy.close_after_quiet", "7d"}));
    EXPECT_THAT(evaluate("customer.orders[0] == customer.orders[0]").facts,
                ElementsAre(FactSeen{"customer.orders[0]", "\"A-17\""}));
    EXPECT_THAT(evaluate("has(refund.reason) && size(customer.orders) > 1").facts,
                ElementsAre(FactSeen{"refund.reason", "(unknown)"}, FactSeen{"customer.orders", "(a list of 2)"}));
}

TEST(Condition, DoesNotLookAtWhatCannotMatterAnyMore) {
    EXPECT_THAT(evaluate("customer.tier == \"regular\" && refund.amount > policy.limit").facts,
                ElementsAre(FactSeen{"customer.tier", "\"vip\""}));
}

TEST(Condition, ShowsDurationsInHoursAsPoliciesDo) {
    json::Value facts = json::Object{{"a", json::Object{{"b", json::from_duration(std::chrono::hours(48))}}}};
    EXPECT_THAT(evaluate("a.b == duration(\"48h\")", facts).facts, ElementsAre(FactSeen{"a.b", "48h"}));
}

TEST(Condition, NamesEveryFactPathSorted) {
    EXPECT_THAT(Condition::parse("refund.amount > policy.limit && has(refund.order)")->fact_paths(),
                ElementsAre("policy.limit", "refund.amount", "refund.order"));
    EXPECT_THAT(
        Condition::parse("policy.autonomy[issue.category] == \"off\" || policy.autonomy[\"complaint\"] == \"off\"")->fact_paths(),
        ElementsAre("issue.category", "policy.autonomy", "policy.autonomy.complaint"));
    EXPECT_TRUE(Condition::parse("1 < 2")->fact_paths().empty());
}

TEST(Condition, FindsTheDurationsAGrowingFactIsComparedWith) {
    const auto condition = Condition::parse(
        "case.quiet_for >= policy.close_after_quiet || (case.quiet_for > duration(\"24h\") && duration(\"1h\") * 2 < "
        "case.quiet_for)"
        " || case.quiet_for == absent.x");
    ASSERT_TRUE(condition);
    EXPECT_THAT(condition->duration_thresholds("case.quiet_for", context()),
                ElementsAre(std::chrono::hours(2), std::chrono::hours(24), std::chrono::hours(168)));
    EXPECT_TRUE(condition->duration_thresholds("case.now", context()).empty());
}

struct Broken {
    std::string_view text;
    std::string_view place;
    std::string_view says;
};
class BrokenCondition : public testing::TestWithParam<Broken> {};

TEST_P(BrokenCondition, IsRefusedWithPlaceFoundAndMeant) {
    const auto condition = Condition::parse(GetParam().text, {12, 9});
    ASSERT_FALSE(condition);
    EXPECT_EQ(condition.error().code, "procedure.condition_syntax");
    EXPECT_THAT(condition.error().detail, testing::StartsWith(std::string(GetParam().place) + ": "));
    EXPECT_THAT(condition.error().detail, HasSubstr(std::string(GetParam().says)));
}

INSTANTIATE_TEST_SUITE_P(Syntax, BrokenCondition,
                         testing::ValuesIn(std::vector<Broken>{
                             {"", "12:9", "found nothing"},
                             {"  ", "12:9", "found nothing"},
                             {"a.b = 1", "12:13", "did you mean `==`?"},
                             {"a.b & c", "12:13", "did you mean `&&`?"},
                             {"a.b | c", "12:13", "did you mean `||`?"},
                             {"a.b <> 1", "12:13", "did you mean `!=`?"},
                             {"a.b => 1", "12:13", "did you mean `>=`?"},
                             {"a.b ≥ 1", "12:13", "did you mean `>=`?"},
                             {"a.b and c.d", "12:13", "did you mean `&&`?"},
                             {"not a.b", "12:9", "did you mean `!`?"},
                             {"a.b is true", "12:13", "did you mean `==`?"},
                             {"a.b >", "12:14", "the end of the condition"},
                             {"a.b > > 1", "12:15", "found `>`, meant a value"},
                             {"(a.b", "12:13", "to close the bracket"},
                             {"a.b)", "12:12", "without its `(`"},
                             {"a.", "12:11", "meant the name of a field"},
                             {"a.1", "12:10", "meant an operator"},
                             {"a[1", "12:12", "behind the index"},
                             {"\"abc", "12:9", "without its closing"},
                             {"'a\\x'", "12:11", "unknown escape"},
                             {"'\\u12'", "12:10", "four hexadecimal digits"},
                             {"48h", "12:9", "duration(\"48h\")"},
                             {"a.b > $500", "12:15", "money(\"500.00\", \"USD\")"},
                             {"duration(\"5 parsecs\") > a.b", "12:18", "meant a duration"},
                             {"duration(5) > a.b", "12:9", "duration() takes one text"},
                             {"money(\"5\") > a.b", "12:9", "money() takes two texts"},
                             {"money(\"5.001\", \"USD\") > a.b", "12:15", "more than 2 digits"},
                             {"money(\"5\", \"XXX\") > a.b", "12:15", "currency"},
                             {"sise(a.b) > 1", "12:9", "did you mean `size`?"},
                             {"a.b.startswith(\"x\")", "12:13", "did you mean `startsWith`?"},
                             {"matches(a.b)", "12:9", "known are has"},
                             {"has(a)", "12:9", "has() takes one field"},
                             {"has(a[\"b\"])", "12:9", "has() takes one field"},
                             {"a ? b", "12:14", "between the two values of `?`"},
                             {"for", "12:9", "reserved word"},
                             {"99999999999999999999", "12:9", "out of range"},
                             {"9223372036854775808", "12:9", "out of range"},
                             {"1e999", "12:9", "out of range"},
                             {"{\"a\": 1}", "12:9", "meant a value"},
                             {"a #", "12:11", "means nothing"},
                             {"true &&\n  ?", "13:3", "found `?`, meant a value"},
                         }));

TEST(Condition, IsLimitedInLengthAndDepth) {
    EXPECT_TRUE(Condition::parse(std::string(4092, ' ') + "true"));
    EXPECT_THAT(Condition::parse(std::string(4093, ' ') + "true").error().detail, HasSubstr("longer than 4096 bytes"));
    const auto nested = [](int n) {
        return std::string(static_cast<std::size_t>(n), '(') + "true" + std::string(static_cast<std::size_t>(n), ')');
    };
    EXPECT_TRUE(Condition::parse(nested(63)));
    EXPECT_THAT(Condition::parse(nested(64)).error().detail, HasSubstr("nested deeper than 64"));
    EXPECT_FALSE(Condition::parse(nested(2000)));
    EXPECT_FALSE(Condition::parse(std::string(4000, '!') + "true"));
    std::string chain = "true";
    for (int i = 0; i < 63; ++i) chain += " || true";
    EXPECT_TRUE(Condition::parse(chain));
    EXPECT_THAT(Condition::parse(chain + " || true").error().detail, HasSubstr("nested deeper"));
}

std::map<std::string, std::string> schema() {
    return {{"refund", "map"},
            {"refund.amount", "money"},
            {"refund.requested", "bool"},
            {"customer", "map"},
            {"customer.tier", "string"},
            {"customer.years", "int"},
            {"case.quiet_for", "duration"},
            {"case.now", "instant"},
            {"articles", "list"},
            {"ticket", "map"},
            {"policy", "map"},
            {"policy.limit", "money"},
            {"policy.autonomy", "map"},
            {"policy.autonomy.a", "string"},
            {"policy.autonomy.b", "string"}};
}

struct Typed {
    std::string_view text;
    std::string_view code;  ///< empty: fine
    std::string_view says;
};
class ConditionTypes : public testing::TestWithParam<Typed> {};

TEST_P(ConditionTypes, AreCheckedAgainstTheSchema) {
    const auto condition = Condition::parse(GetParam().text);
    ASSERT_TRUE(condition) << condition.error().detail;
    const Status status = condition->check_types(schema());
    EXPECT_EQ(status ? "" : status.error().code, GetParam().code) << (status ? "" : status.error().detail);
    EXPECT_THAT(status ? std::string() : status.error().detail, HasSubstr(std::string(GetParam().says)));
}

INSTANTIATE_TEST_SUITE_P(
    Schema, ConditionTypes,
    testing::ValuesIn(std::vector<Typed>{
        {"refund.requested && refund.amount > policy.limit", "", ""},
        {"refund.amount > policy.limit * 2", "", ""},
        {"refund.amount == null || refund.amount > policy.limit", "", ""},
        {"policy.autonomy[customer.tier] == \"off\"", "", ""},
        {"ticket.anything.at.all == 1", "", ""},
        {"articles[0].title.contains(\"x\")", "", ""},
        {"case.now - case.now > duration(\"1h\")", "", ""},
        {"has(refund.amount) && size(articles) > 0", "", ""},
        {"customer.years > 1.5 && customer.years in [1, 2]", "", ""},
        {"(refund.requested ? customer.years : 1) > 0", "", ""},
        {"refund.ammount > policy.limit", "procedure.unknown_fact", "did you mean `refund.amount`?"},
        {"customer.amount > policy.limit", "procedure.unknown_fact", "did you mean `refund.amount`?"},
        {"refunds.amount > policy.limit", "procedure.unknown_fact", "did you mean `refund.amount`?"},
        {"refund.amount > policy.limt", "procedure.unknown_fact", "1:17: found `policy.limt`"},
        {"has(refund.amout)", "procedure.unknown_fact", "did you mean `refund.amount`?"},
        {"policy.autonomy[\"c\"] == \"off\"", "procedure.unknown_fact", "did you mean"},
        {"nothing", "procedure.unknown_fact", "which nothing produces"},
        {"refund.amount > 500", "procedure.condition_type", "1:15: found `>` between money and int; an amount is written money("},
        {"refund.amount == \"500\"", "procedure.condition_type", "between money and string"},
        {"case.quiet_for > 48", "procedure.condition_type", "duration(\"48h\")"},
        {"customer.tier == true", "procedure.condition_type", "between string and bool"},
        {"policy.autonomy[customer.tier] == 1", "procedure.condition_type", "between string and int"},
        {"policy.autonomy[customer.years] == \"off\"", "procedure.condition_type", "keys of a map are strings"},
        {"refund.amount", "procedure.condition_type", "the condition is money, meant a bool"},
        {"customer.tier && true", "procedure.condition_type", "joins bools"},
        {"!customer.tier", "procedure.condition_type", "`!` does not take"},
        {"refund.amount < null", "procedure.condition_type", "null has none"},
        {"refund < refund", "procedure.condition_type", "map has none"},
        {"customer.years + 1.5 > 2.0", "procedure.condition_type", "`+` between int and double"},
        {"customer.years.contains(\"x\")", "procedure.condition_type", "takes strings"},
        {"customer.tier.name == 1", "procedure.condition_type", "found a field of `customer.tier`"},
        {"customer.tier in \"vip\"", "procedure.condition_type", "looks into a list or a map"},
        {"customer.tier in [1, 2]", "procedure.condition_type", "`in` between string and int"},
        {"case.now + case.now > case.now", "procedure.condition_type", "`+` between instant and instant"},
        {"customer.tier ? true : false", "procedure.condition_type", "asks for a bool"},
        {"(refund.requested ? 1 : \"x\") == 1", "procedure.condition_type", "two values of `?`"},
        {"size(customer.years) > 1", "procedure.condition_type", "`size()` does not take"},
    }));

TEST(Condition, SurvivesTwoThousandMutations) {
    constexpr std::string_view kSeeds[] = {"refund.requested && refund.amount > policy.limit",
                                           "policy.autonomy[issue.category] == \"off\" || (has(refund.order) && !false)",
                                           "size(customer.orders) in [1, 2, 3] ? case.now - case.opened > duration(\"48h\") : "
                                           "money(\"5.00\", \"USD\") * 2 < refund.amount"};
    constexpr std::string_view kAlphabet = "()[].,!&|=<>+-*/%?:\"'\\ anr19€$_\n";
    std::mt19937 random(20261122);
    const auto pick = [&](std::size_t n) { return static_cast<std::size_t>(random() % n); };
    int parsed = 0;
    for (int i = 0; i < 2000; ++i) {
        std::string text(kSeeds[pick(3)]);
        for (std::size_t edits = 1 + pick(3); edits > 0 && !text.empty(); --edits) {
            const std::size_t at = pick(text.size());
            const std::size_t kind = pick(3);
            if (kind == 0) text.erase(at, 1 + pick(4));
            if (kind == 1) text[at] = kAlphabet[pick(kAlphabet.size())];
            if (kind == 2) text.insert(at, 1, kAlphabet[pick(kAlphabet.size())]);
        }
        const auto condition = Condition::parse(text);
        if (!condition) {
            EXPECT_EQ(condition.error().code, "procedure.condition_syntax");
            continue;
        }
        ++parsed;
        const Evaluation evaluation = condition->evaluate(context());
        EXPECT_EQ(evaluation.why.empty(), evaluation.verdict != Verdict::unknown) << text;
        ignore_error(condition->check_types(schema()), "only that it ends matters here");
        EXPECT_EQ(Condition::parse(condition->text())->evaluate(context()).verdict, evaluation.verdict) << text;
    }
    EXPECT_GT(parsed, 100);
}

}  // namespace
}  // namespace resolute::procedure
