// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include "base/text.h"
#include "tests/e2e/company.h"

namespace resolute::e2e {
namespace {

class CommandLine : public testing::Test {
protected:
    void expect_error(const Arguments& arguments, int exit_code, const std::string& words) const {
        const Ended ended = company_.run(arguments);
        EXPECT_EQ(ended.exit_code, exit_code) << text::join(arguments, " ") << "\n" << describe(ended);
        EXPECT_NE(ended.err.find(words), std::string::npos) << text::join(arguments, " ") << "\n" << describe(ended);
    }
    Company company_;
};

TEST_F(CommandLine, AnUnknownKeyIsNamedWithLineAndColumn) {
    company_.configure("agents:", "agent:     ./agents.json");
    expect_error({"case", "list"}, 2, "resolute.yaml:7:1: unknown key \"agent\"");
    expect_error({"case", "list"}, 2, "did you mean \"agents\"?");
    const Ended as_json = company_.run({"case", "list", "--json"});
    EXPECT_EQ(as_json.json()["error"]["code"].as_string(), "config.unknown_key");
}

TEST_F(CommandLine, AMissingConfigurationIsTheEnvironmentsFault) {
    expect_error({"case", "list", "--config", "nowhere.yaml"}, 3, "config.not_found");
}

TEST_F(CommandLine, WrongUseIsTwo) {
    expect_error({}, 2, "usage.arguments");
    expect_error({"fly"}, 2, "usage.arguments");
    expect_error({"case"}, 2, "usage.arguments");
    expect_error({"case", "show"}, 2, "usage.arguments");
    expect_error({"run", "--clock", "broken"}, 2, "usage.arguments");
    expect_error({"task", "approve", "t1"}, 2, "--by");
    expect_error({"case", "show", "T-9999"}, 2, "case.not_found");
    expect_error({"mail", "parse", "nowhere.eml"}, 2, "nowhere.eml");
    expect_error({"explain", "store.lokced"}, 2, "store.locked");
}

TEST_F(CommandLine, MailParseShowsWhatWasWrittenWhatWasCutAndWhy) {
    const std::string corpus = RESOLUTE_SOURCE_DIR "/tests/corpus/mail/";
    const Ended answer = company_.run({"mail", "parse", corpus + "clients/gmail/reply_en.eml"});
    EXPECT_EQ(answer.exit_code, 0) << describe(answer);
    const std::size_t cut = answer.out.find("What was cut");
    ASSERT_NE(cut, std::string::npos) << answer.out;
    EXPECT_LT(answer.out.find("The lamp you sent arrived broken."), cut);
    EXPECT_GT(answer.out.find("did the new lamp reach you?"), cut);
    const Ended bounce = company_.run({"mail", "parse", corpus + "bounces/postfix/user_unknown.eml"});
    EXPECT_NE(bounce.out.find("report-type=delivery-status"), std::string::npos) << bounce.out;
    EXPECT_NE(bounce.out.find("ann@customer.example: failed 5.1.1"), std::string::npos) << bounce.out;
    EXPECT_EQ(company_.ask({"mail", "parse", corpus + "bounces/postfix/user_unknown.eml"})["delivery_report"]["original_envelope_id"].as_string(),
              "case-77.send.1");
}

TEST_F(CommandLine, ExplainKnowsItsCodes) {
    const Ended ended = company_.run({"explain", "store.locked"});
    EXPECT_EQ(ended.exit_code, 0);
    EXPECT_NE(ended.out.find("What to do"), std::string::npos) << ended.out;
    EXPECT_GE(company_.ask({"explain"}).as_array().size(), 50U);
}

TEST_F(CommandLine, EveryCommandHasHelpWithItsOptions) {
    const std::vector<Arguments> commands = {{},
                                             {"demo"},
                                             {"init"},
                                             {"run"},
                                             {"serve"},
                                             {"submit"},
                                             {"case"},
                                             {"case", "list"},
                                             {"case", "show"},
                                             {"case", "journal"},
                                             {"case", "export"},
                                             {"case", "rate"},
                                             {"task"},
                                             {"task", "list"},
                                             {"task", "approve"},
                                             {"task", "deny"},
                                             {"task", "resolve"},
                                             {"task", "assign"},
                                             {"mail"},
                                             {"mail", "list"},
                                             {"mail", "parse"},
                                             {"mail", "show"},
                                             {"kb"},
                                             {"kb", "add"},
                                             {"kb", "search"},
                                             {"kb", "stats"},
                                             {"understand"},
                                             {"procedure"},
                                             {"procedure", "check"},
                                             {"procedure", "show"},
                                             {"procedure", "graph"},
                                             {"tool"},
                                             {"tool", "list"},
                                             {"tool", "show"},
                                             {"doctor"},
                                             {"verify"},
                                             {"explain"},
                                             {"version"}};
    for (Arguments arguments : commands) {
        arguments.emplace_back("--help");
        const Ended ended = company_.run(arguments);
        EXPECT_EQ(ended.exit_code, 0) << text::join(arguments, " ") << "\n" << describe(ended);
        EXPECT_NE(ended.out.find("--json"), std::string::npos) << text::join(arguments, " ") << "\n" << describe(ended);
    }
}

TEST_F(CommandLine, EveryListAnswersAsJson) {
    company_.put({.name = "one",
                  .from = "Jo Lang <jo@lang.example>",
                  .subject = "Printer",
                  .body = "Hello,\n\nmy printer is offline and does not print.\n\nJo",
                  .in_reply_to = {}});
    const json::Value summary = company_.ask({"run", "--until-idle"});
    for (const char* key : {"mails", "outcomes", "cases", "resolved_automatically", "escalated", "held", "effects",
                            "automation_rate", "eligible_rate", "duration_s"})
        EXPECT_TRUE(summary.contains(key)) << key;
    const json::Value cases = company_.ask({"case", "list"});
    ASSERT_EQ(cases.as_array().size(), 1U);
    for (const char* key : {"id", "ticket", "from", "subject", "category", "priority", "tier", "status", "resolution", "articles",
                            "tasks", "opened_at", "closed_at"})
        EXPECT_TRUE(cases.as_array()[0].contains(key)) << key;
    const json::Value mails = company_.ask({"mail", "list"});
    ASSERT_EQ(mails.as_array().size(), 1U);
    for (const char* key : {"outcome", "reason", "case"}) EXPECT_TRUE(mails.as_array()[0].contains(key)) << key;
    EXPECT_TRUE(company_.ask({"task", "list"}).is_array());
    EXPECT_TRUE(company_.ask({"task", "list", "--all"}).is_array());
    EXPECT_FALSE(company_.ask({"tool", "list"}).as_array().empty());
    EXPECT_FALSE(company_.ask({"kb", "search", "printer offline"}).as_array().empty());
    EXPECT_TRUE(company_.ask({"kb", "stats"}).is_object());
    EXPECT_TRUE(company_.ask({"procedure", "show"}).is_object());
    EXPECT_TRUE(company_.ask({"version"}).is_object());
    const std::string id = cases.as_array()[0]["id"].as_string();
    EXPECT_TRUE(company_.ask({"case", "show", id}).is_object());
    EXPECT_FALSE(company_.ask({"case", "journal", cases.as_array()[0]["ticket"].as_string()}).as_array().empty());
    EXPECT_TRUE(company_.ask({"case", "export", id}).is_object());
    EXPECT_TRUE(company_.ask({"understand", "--text", "I want my 40 euros back"}).is_object());
}

TEST_F(CommandLine, TheShippedProcedureHasNoFindings) {
    const Ended ended = company_.run({"procedure", "check", RESOLUTE_SOURCE_DIR "/procedures/customer-support.md"});
    EXPECT_EQ(ended.exit_code, 0) << describe(ended);
}

TEST_F(CommandLine, AProcedureThatCannotRunIsRefusedWithLineAndColumn) {
    std::string procedure = read_file(company_.path("customer-support.md"));
    const std::size_t at = procedure.find("`crm.find_customer`");
    ASSERT_NE(at, std::string::npos);
    procedure.replace(at, std::string("`crm.find_customer`").size(), "`crm.find_custmer`");
    write_file(company_.path("customer-support.md"), procedure);
    const Ended ended = company_.run({"run", "--until-idle"});
    EXPECT_EQ(ended.exit_code, 1) << describe(ended);
    EXPECT_NE(ended.err.find("customer-support.md:"), std::string::npos) << describe(ended);
}

TEST_F(CommandLine, InitWritesWhatDoctorAccepts) {
    ASSERT_EQ(company_.run({"init", "support"}).exit_code, 0);
    const Ended doctor = company_.run({"doctor", "--config", "support/resolute.yaml"});
    EXPECT_EQ(doctor.exit_code, 0) << describe(doctor);
    const Ended run = company_.run({"run", "--until-idle", "--json", "--config", "support/resolute.yaml"});
    EXPECT_EQ(run.exit_code, 0) << describe(run);
}

}  // namespace
}  // namespace resolute::e2e
