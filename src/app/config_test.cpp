// SPDX-License-Identifier: Apache-2.0
#include "app/config.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <fstream>

namespace resolute::app {
namespace {

using testing::HasSubstr;

class ConfigFile : public testing::Test {
protected:
    void SetUp() override {
        folder_ = std::filesystem::temp_directory_path() / ("resolute-config-" + std::to_string(getpid()));
        std::filesystem::create_directories(folder_);
    }
    void TearDown() override { std::filesystem::remove_all(folder_); }

    Result<Config> read(const std::string& text) {
        std::ofstream(folder_ / "resolute.yaml") << text;
        return read_config(folder_ / "resolute.yaml");
    }
    std::filesystem::path folder_;
};

/// The one of the issue, word for word.
constexpr const char* kWhole = R"(organisation: { name: Acme Supplies, support_address: support@acme.example, signature: "The Acme support team",
                voice: { tone: friendly, closing: "Kind regards", disclaimer: "" }, rates: { EUR: "1.08" } }   # to USD
data: ./state                      # everything the program keeps
procedure: ./customer-support.md
mail:      { intake: { maildir: ./inbox, authserv_id: mx.acme.example }, outgoing: { maildir: ./sent } }
crm:       { builtin: { import: ./customers.json } }
agents:    ./agents.json
knowledge: { folders: [./knowledge] }
language:  embedded
)";

TEST_F(ConfigFile, PathsAreRelativeToTheFile) {
    const auto config = read(kWhole);
    ASSERT_TRUE(config) << config.error().detail;
    EXPECT_EQ(config->data, folder_ / "state");
    EXPECT_EQ(config->procedure, folder_ / "customer-support.md");
    EXPECT_EQ(config->intake, std::vector{folder_ / "inbox"});
    EXPECT_EQ(config->outgoing, folder_ / "sent");
    EXPECT_EQ(config->customers, folder_ / "customers.json");
    EXPECT_EQ(config->knowledge, std::vector{folder_ / "knowledge"});
    EXPECT_EQ(config->voice.organisation, "Acme Supplies");
    EXPECT_EQ(config->authserv_id, "mx.acme.example");
    const auto euros = config->rates.to_base(Money{10'000, "EUR"});
    ASSERT_TRUE(euros);
    EXPECT_EQ(euros->minor, 10'800);
}

TEST_F(ConfigFile, TheExampleOfInitIsValid) {
    const auto config = read(example_config());
    EXPECT_TRUE(config) << config.error().detail;
}

struct Fault {
    const char* find;
    const char* replace;
    const char* code;
    const char* place;  ///< line:column as a person finds it in an editor
    const char* words;
};

TEST_F(ConfigFile, EachFaultIsNamedWithLineAndColumn) {
    const Fault faults[] = {
        {"data: ./state", "dta: ./state ", "config.unknown_key", ":3:1:", "did you mean \"data\""},
        {"authserv_id", "authserv-id", "config.unknown_key", ":5:42:", "did you mean \"authserv_id\""},
        {"tone: friendly", "tone: shouting", "config.bad_value", ":2:32:", "\"friendly\" or \"formal\""},
        {"support@acme.example", "support at acme", "config.bad_value", ":1:55:", "is no e-mail address"},
        {"EUR: \"1.08\"", "EUR: \"1,08\"", "config.bad_value", ":2:99:", "1,08"},
        {"language:  embedded", "language:  oracle", "config.bad_value", ":9:12:", "\"oracle\" is not known"},
        {"procedure: ./customer-support.md\n", "", "config.missing", ":1:1:", "\"procedure\" is missing"},
        {", outgoing: { maildir: ./sent }", "", "config.missing", ":5:12:", "\"outgoing\" is missing"},
        {"knowledge: {", "knowledge: [", "config.syntax", ":8:", ""},
        {"maildir: ./inbox", "maildir: { a: b }", "config.bad_value", ":5:33:", "must be a path"},
    };
    for (const Fault& fault : faults) {
        std::string text = kWhole;
        const std::size_t at = text.find(fault.find);
        ASSERT_NE(at, std::string::npos) << fault.find;
        text.replace(at, std::string_view(fault.find).size(), fault.replace);
        const auto config = read(text);
        ASSERT_FALSE(config) << fault.replace;
        EXPECT_EQ(config.error().code, fault.code) << config.error().detail;
        EXPECT_THAT(config.error().detail, HasSubstr(std::string("resolute.yaml") + fault.place)) << fault.replace;
        EXPECT_THAT(config.error().detail, HasSubstr(fault.words));
    }
}

TEST_F(ConfigFile, AMissingFileSaysHowToWriteOne) {
    const auto config = read_config(folder_ / "nothing.yaml");
    ASSERT_FALSE(config);
    EXPECT_EQ(config.error().code, "config.not_found");
    EXPECT_THAT(config.error().detail, HasSubstr("resolute init"));
}

}  // namespace
}  // namespace resolute::app
