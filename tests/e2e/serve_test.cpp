// SPDX-License-Identifier: Apache-2.0
#include <signal.h>

#include <gtest/gtest.h>

#include "tests/e2e/company.h"

namespace resolute::e2e {
namespace {

MailIn printer_mail(const std::string& name) {
    return {.name = name,
            .from = "Jo Lang <jo@lang.example>",
            .subject = "Printer " + name,
            .body = "Hello,\n\nmy printer " + name + " is offline and does not print.\n\nJo",
            .in_reply_to = {}};
}

class Serve : public testing::Test {
protected:
    [[nodiscard]] std::size_t cases() const { return company_.ask({"case", "list"}).as_array().size(); }
    Company company_;
};

TEST_F(Serve, ASecondRunOverTheSameInboxDoesNothing) {
    for (const char* name : {"a", "b", "c"}) company_.put(printer_mail(name));
    const json::Value first = company_.ask({"run", "--until-idle"});
    EXPECT_EQ(first["mails"].as_int(), 3);
    const json::Value mails = company_.ask({"mail", "list"});
    const json::Value cases = company_.ask({"case", "list"});
    const std::int64_t events = company_.ask({"verify"})["events"].as_int();
    json::Value second = company_.ask({"run", "--until-idle"});
    json::Value before = first;
    before.erase("duration_s");
    second.erase("duration_s");
    EXPECT_EQ(json::dump(second), json::dump(before));
    EXPECT_EQ(json::dump(company_.ask({"mail", "list"})), json::dump(mails));
    EXPECT_EQ(json::dump(company_.ask({"case", "list"})), json::dump(cases));
    EXPECT_EQ(company_.ask({"verify"})["events"].as_int(), events);
    EXPECT_EQ(read_sent(company_.sent()).size(), 6U);  // An acknowledgment and an answer each, once.
}

TEST_F(Serve, AMailThatComesWhileItServesIsTakenUpAndSigtermStopsItCleanly) {
    Process server = company_.serve();
    EXPECT_EQ(cases(), 0U);
    company_.put(printer_mail("late"));
    EXPECT_TRUE(eventually([&] { return company_.mails_to("jo@lang.example").size() == 2; })) << server.err();
    const Ended ended = server.stop();
    EXPECT_EQ(ended.exit_code, 0) << describe(ended);
    EXPECT_EQ(ended.signal, 0);
    EXPECT_NE(ended.out.find("stopped"), std::string::npos) << describe(ended);
    // And the commands work without it.
    EXPECT_EQ(cases(), 1U);
    company_.expect_sound();
}

TEST_F(Serve, AReplyToTheAnswerGoesToTheSameCase) {
    const Process server = company_.serve();
    company_.put(printer_mail("first"));
    ASSERT_TRUE(eventually([&] { return company_.mails_to("jo@lang.example").size() == 2; })) << server.err();
    MailIn reply = printer_mail("second");
    reply.subject = "Re: Printer first";
    reply.in_reply_to = company_.mails_to("jo@lang.example").front().message_id;
    reply.body = "It is still offline after these steps.";
    company_.put(reply);
    ASSERT_TRUE(eventually([&] {
        const json::Value all = company_.ask({"mail", "list"});
        for (const json::Value& mail : all.as_array())
            if (mail["outcome"].as_string() == "appended") return true;
        return false;
    }));
    EXPECT_EQ(cases(), 1U);
}

TEST_F(Serve, ASecondServeOnTheSameDataIsRefused) {
    const Process server = company_.serve();
    const Ended second = company_.run({"serve"});
    EXPECT_EQ(second.exit_code, 3) << describe(second);
    EXPECT_NE(second.err.find("store.locked"), std::string::npos) << describe(second);
    const Ended run = company_.run({"run", "--until-idle", "--json"});
    EXPECT_EQ(run.exit_code, 3) << describe(run);
    EXPECT_EQ(run.json()["error"]["code"].as_string(), "store.locked");
    EXPECT_EQ(cases(), 0U) << "the first one must not have suffered";
}

TEST_F(Serve, AfterAKillItStartsAgainOverTheOldSocketAndLock) {
    {
        Process server = company_.serve();
        server.signal(SIGKILL);
        ASSERT_TRUE(server.wait(std::chrono::seconds(30)).has_value());
    }
    EXPECT_TRUE(fs::exists(company_.path("state/resolute.sock")));
    EXPECT_EQ(cases(), 0U);
    Process again = company_.serve();
    EXPECT_EQ(cases(), 0U);
    EXPECT_EQ(again.stop().exit_code, 0);
}

TEST_F(Serve, SubmitHandsInAMailWithAndWithoutAServer) {
    const std::string bytes = to_bytes(printer_mail("handed-in"));
    write_file(company_.path("mail.eml"), bytes);
    const json::Value first = company_.ask({"submit", "mail.eml"});
    ASSERT_EQ(first.as_array().size(), 1U);
    EXPECT_EQ(first.as_array()[0]["outcome"].as_string(), "new_case");
    const Process server = company_.serve();
    const json::Value again = company_.ask({"submit", "mail.eml"});
    EXPECT_EQ(again.as_array()[0]["id"].as_string(), first.as_array()[0]["id"].as_string()) << "the same bytes are the same mail";
    const Ended piped =
        company_.run({"submit", "-", "--json"}, {.folder = {}, .file_bytes_max = {}, .input = to_bytes(printer_mail("piped"))});
    ASSERT_EQ(piped.exit_code, 0) << describe(piped);
    EXPECT_EQ(piped.json().as_array().at(0)["outcome"].as_string(), "new_case");
    EXPECT_EQ(cases(), 2U);
}

}  // namespace
}  // namespace resolute::e2e
