// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <filesystem>

#include "base/file.h"
#include "desk/agents_import.h"
#include "desk/csv.h"
#include "desk/customer_import.h"
#include "desk/desk_test_support.h"

namespace resolute::desk {
namespace {

std::string error_of(const std::string& json) {
    const auto customers = parse_customers_json(json, "customers.json");
    return customers ? "none" : describe(customers.error());
}

std::filesystem::path write_temporary(const std::string& name, const std::string& text) {
    const auto path = std::filesystem::path(testing::TempDir()) / name;
    EXPECT_TRUE(file::write_durably(path, text));
    return path;
}

TEST(ParseCustomersJson, ReadsEverythingARecordSays) {
    const auto customers =
        parse_customers_json(R"([{"id":"C-1","name":"Ann Müller","emails":["ann@example.com"],"tier":"vip","shoe_size":42,
        "orders":[{"id":"A-1","date":"2026-11-01","total":{"amount":"129.00","currency":"USD"},"status":"delivered",
                   "items":["Lamp",{"name":"Bulb","quantity":2}]}],
        "interactions":[{"at":"2026-10-02T09:00:00Z","kind":"call","summary":"Asked for a quote"},{"at":"2026-10-03"}]}])",
                             "customers.json");
    ASSERT_TRUE(customers) << describe(customers.error());
    const ports::Customer& ann = customers->front();
    EXPECT_EQ(ann.name, "Ann Müller");
    EXPECT_EQ(ann.tier, ports::Tier::vip);
    EXPECT_EQ(ann.orders.at(0).total, (Money{12900, "USD"}));
    EXPECT_EQ(ann.orders.at(0).items, (std::vector<std::string>{"Lamp", "Bulb"}));
    EXPECT_EQ(ann.orders.at(0).status, "delivered");
    EXPECT_EQ(ann.interactions.at(0).at, *parse_instant("2026-10-02T09:00:00Z"));
    EXPECT_EQ(ann.interactions.at(1).at, *parse_instant("2026-10-03T00:00:00Z"));
}

TEST(ParseCustomersJson, ErrorsNameFileRecordAndField) {
    EXPECT_EQ(error_of(R"([{"id":"C-1"},{"id":"C 2"}])"),
              "import.bad_customer: customers.json: record 2: id: must be 1 to 128 ASCII characters without spaces");
    EXPECT_EQ(error_of(R"([{"id":1,"emails":["a@b.example","nobody"]}])"),
              "import.bad_customer: customers.json: record 1: emails: number 2 is no e-mail address");
    EXPECT_EQ(error_of(R"([{"id":"C-1","tier":"gold"}])"),
              "import.bad_customer: customers.json: record 1: tier: must be \"vip\" or \"regular\"");
    EXPECT_EQ(error_of(R"([{"id":"C-1"},{"id":"C-1"}])"),
              "import.bad_customer: customers.json: record 2: id: 'C-1' stands in the file twice");
    EXPECT_NE(
        error_of(R"([{"id":"C-1","orders":[{"id":"A-1","total":{"amount":129.0,"currency":"USD"}}]}])").find("orders[0].total"),
        std::string::npos);
    EXPECT_NE(error_of(R"([{"id":"C-1","orders":[{"id":"A-1","total":{"amount":"-129.00","currency":"USD"}}]}])")
                  .find("orders[0].total"),
              std::string::npos);
    EXPECT_NE(error_of(R"([{"id":"C-1","interactions":[{"at":"yesterday"}]}])").find("interactions[0].at"), std::string::npos);
    EXPECT_NE(error_of(R"({"id":"C-1"})").find("must be a JSON array"), std::string::npos);
    EXPECT_TRUE(error_of("[").starts_with("json.syntax: customers.json: "));
}

TEST(ParseCustomersJson, AnAddressSharedByTwoCustomersIsImported) {
    EXPECT_EQ(error_of(R"([{"id":"C-1","emails":["a@b.example"]},{"id":"C-2","emails":["a@b.example"]}])"), "none");
}

TEST(ParseCsv, QuotesHoldCommasLinesAndQuotes) {
    const auto rows = parse_csv("a,\"b,\"\"c\"\"\nd\",e\r\n\r\nf,,\n");
    ASSERT_TRUE(rows);
    ASSERT_EQ(rows->size(), 2U);
    EXPECT_EQ((*rows)[0], (CsvRow{"a", "b,\"c\"\nd", "e"}));
    EXPECT_EQ((*rows)[1], (CsvRow{"f", "", ""}));
}

TEST(ParseCsv, AMisplacedQuoteIsNamedWithItsLine) {
    EXPECT_EQ(parse_csv("a\nb\"c\n").error().detail, "line 2: a quote stands inside a field that does not begin with one");
    EXPECT_EQ(parse_csv("a\n\"b\nc\n").error().detail, "line 2: a quote is opened and never closed");
    EXPECT_EQ(parse_csv("\"a\"b\n").error().detail, "line 1: text follows a closing quote");
}

TEST(ParseCustomersCsv, ColumnsAreFoundByNameAndAddressesAreSplit) {
    const auto customers = parse_customers_csv(
        "\xEF\xBB\xBFtier,id,emails,name,since\r\nVIP,C-1,a@b.example; c@d.example,\"Müller, Ann\",2020\r\n,C-2,,,\r\n", "c.csv");
    ASSERT_TRUE(customers) << describe(customers.error());
    EXPECT_EQ((*customers)[0].emails, (std::vector<std::string>{"a@b.example", "c@d.example"}));
    EXPECT_EQ((*customers)[0].name, "Müller, Ann");
    EXPECT_EQ((*customers)[0].tier, ports::Tier::vip);
    EXPECT_EQ((*customers)[1].tier, ports::Tier::regular);
    EXPECT_EQ(parse_customers_csv("name,tier\n", "c.csv").error().code, "import.bad_customer");
    EXPECT_NE(parse_customers_csv("id,emails\nC-1,nobody\n", "c.csv").error().detail.find("record 1: emails"), std::string::npos);
}

TEST(ImportCustomers, ACsvFileLeavesTheOrdersAlone) {
    FakeDeskStore store;
    const auto json = write_temporary("customers.json", R"([{"id":"C-1","name":"Ann","emails":["a@b.example"],
        "orders":[{"id":"A-1","total":{"amount":"5.00","currency":"USD"}}]}])");
    ASSERT_EQ(import_customers(store, json), std::size_t{1});
    const auto csv = write_temporary("customers.csv", "id,name,emails,tier\nC-1,Ann Lee,a@b.example,vip\n");
    ASSERT_EQ(import_customers(store, csv), std::size_t{1});
    const auto found = store.find_customers_by_email("a@b.example").value();
    ASSERT_EQ(found.size(), 1U);
    EXPECT_EQ(found[0].name, "Ann Lee");
    EXPECT_EQ(found[0].tier, ports::Tier::vip);
    EXPECT_EQ(found[0].orders.size(), 1U);
}

TEST(ImportCustomers, ABadRecordImportsNothing) {
    FakeDeskStore store;
    const auto path = write_temporary("bad.json", R"([{"id":"C-1","emails":["a@b.example"]},{"id":""}])");
    EXPECT_EQ(import_customers(store, path).error().code, "import.bad_customer");
    EXPECT_TRUE(store.find_customers_by_email("a@b.example")->empty());
    EXPECT_EQ(import_customers(store, "customers.xlsx").error().code, "import.unknown_format");
    EXPECT_EQ(import_customers(store, "/nowhere/customers.json").error().code, "file.not_found");
}

TEST(ParseAgents, DefaultsAreAvailableTwentyAndNoManager) {
    const auto agents = parse_agents(R"([{"id":"ada","skills":["billing","de"]},
        {"id":"bob","name":"Bob","email":"bob@example.com","available":false,"capacity":5,"manager":true}])",
                                     "agents.json");
    ASSERT_TRUE(agents) << describe(agents.error());
    EXPECT_EQ((*agents)[0].name, "ada");
    EXPECT_TRUE((*agents)[0].is_available);
    EXPECT_EQ((*agents)[0].capacity, 20);
    EXPECT_EQ((*agents)[0].skills, (std::vector<std::string>{"billing", "de"}));
    EXPECT_FALSE((*agents)[1].is_available);
    EXPECT_TRUE((*agents)[1].is_manager);
    EXPECT_EQ((*agents)[1].capacity, 5);
}

TEST(ParseAgents, ErrorsNameFileRecordAndField) {
    EXPECT_EQ(parse_agents(R"([{"id":"ada","capacity":-1}])", "agents.json").error().detail,
              "agents.json: record 1: capacity: must be a whole number from 0 to 10000");
    EXPECT_EQ(parse_agents(R"([{"id":"ada","available":"yes"}])", "agents.json").error().detail,
              "agents.json: record 1: available: must be true or false");
    EXPECT_EQ(parse_agents(R"([{"id":"ada"},{"id":"ada"}])", "agents.json").error().code, "import.bad_agent");
}

TEST(ImportAgents, TheFileReplacesThePeople) {
    FakeDeskStore store;
    ASSERT_EQ(import_agents(store, write_temporary("agents.json", R"([{"id":"ada"},{"id":"bob"}])")), std::size_t{2});
    ASSERT_EQ(import_agents(store, write_temporary("agents.json", R"([{"id":"cid"}])")), std::size_t{1});
    EXPECT_EQ(store.agents()->size(), 1U);
}

}  // namespace
}  // namespace resolute::desk
