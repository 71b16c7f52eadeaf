// SPDX-License-Identifier: Apache-2.0
// Whoever looks after the mailboxes: mails put away, counted, shown and read again.
#include <gmock/gmock.h>

#include <fstream>

#include "mail/parsed_email.h"
#include "tests/e2e/mailbox_company.h"

namespace resolute::e2e {
namespace {

using testing::HasSubstr;

class MailboxCare : public Mailbox {
protected:
    std::size_t in_folder(const std::string& name) {
        std::error_code none;
        std::size_t count = 0;
        const fs::path folder = name.empty() ? imap_.maildir("support") : imap_.maildir("support") / ("." + name);
        for (const char* part : {"new", "cur"})
            for (fs::directory_iterator entry(folder / part, none); !none && entry != fs::directory_iterator(); ++entry) ++count;
        return count;
    }
    void deliver_newsletter(const std::string& name) {
        ASSERT_TRUE(imap_.deliver("support", with_crlf(fmt::format("From: news@{0}.example\nTo: support@acme.example\nSubject: News\nMessage-ID: <{0}@x>\n"
                                                                   "List-Id: <{0}.example>\n\nNews\n", name))));
    }
    bool all_are_concluded(std::size_t count) {
        const json::Value all = mails();
        if (all.as_array().size() != count) return false;
        return std::ranges::none_of(all.as_array(), [](const json::Value& mail) { return mail["outcome"].as_string() == "pending"; });
    }
};

TEST_F(MailboxCare, WhatIsDoneIsMovedCountedAndNeverTakenInAgain) {
    ASSERT_TRUE(imap_.make_folder("support", "Orders"));
    configure("password_file: ./imap-password, folders: [INBOX, Orders], when_done: { flag: $Resolute, move_to: Done }");
    for (int i = 0; i < 3; ++i) deliver(printer_mail(fmt::format("p{}", i)));
    deliver_newsletter("shop");
    {
        Process server = company_.serve();
        ASSERT_TRUE(eventually([&] { return in_folder("Done") == 4; })) << server.err();
        EXPECT_EQ(in_folder(""), 0U);
        EXPECT_TRUE(all_are_concluded(4));
        const Ended inventory = company_.run({"mail", "inventory"});
        EXPECT_EQ(inventory.exit_code, 0) << describe(inventory);
        EXPECT_THAT(inventory.out, HasSubstr("0 unaccounted"));
        const json::Value status = company_.ask({"status"});
        EXPECT_EQ(status["inventory"]["unaccounted"].as_int(-1), 0);
        EXPECT_EQ(status["inventory"]["mailboxes"].as_array().size(), 2U);
        // Somebody moves one back: it is another mail at another place, and nothing new.
        deliver(printer_mail("p0"));
        ASSERT_TRUE(eventually([&] { return all_are_concluded(5) && in_folder("Done") == 5; })) << server.err();
        EXPECT_EQ(server.stop().exit_code, 0);
    }
    std::map<std::string, int> outcomes;
    const json::Value all = mails();
    for (const json::Value& mail : all.as_array()) ++outcomes[mail["outcome"].as_string()];
    EXPECT_EQ(outcomes, (std::map<std::string, int>{{"new_case", 3}, {"ignored", 2}}));
    company_.expect_sound();
}

TEST_F(MailboxCare, AProgramKilledWhileItPutsMailsAwayLeavesNoneBehind) {
    configure("password_file: ./imap-password, when_done: { move_to: Done }");
    constexpr std::size_t kMails = 60;
    for (std::size_t i = 0; i < kMails; ++i) deliver_newsletter(fmt::format("n{}", i));
    for (int life = 0; life < 3; ++life) {
        Process server = company_.serve();
        static_cast<void>(eventually([&] { return in_folder("Done") > 0; }));
        // Its end here is SIGKILL.
    }
    Process server = company_.serve();
    // What the server does not let be put away is tried again each minute.
    ASSERT_TRUE(eventually([&] { return in_folder("Done") == kMails && in_folder("") == 0; }, std::chrono::minutes(3))) << in_folder("Done") << " " << in_folder("");
    EXPECT_TRUE(all_are_concluded(kMails));
    EXPECT_EQ(server.stop().exit_code, 0);
}

TEST_F(MailboxCare, AMailboxThatMayNotBeChangedIsReadAllTheSameAndItIsSaid) {
    configure("password_file: ./imap-password, when_done: { move_to: \"bad//name\" }");
    deliver_newsletter("shop");
    Process server = company_.serve();
    ASSERT_TRUE(eventually([&] { return all_are_concluded(1) && company_.run({"status", "--json"}).out.find("imap.refused") != std::string::npos; }));
    EXPECT_EQ(company_.run({"status"}).exit_code, 1);
    EXPECT_EQ(in_folder(""), 1U);
    deliver_newsletter("other");
    EXPECT_TRUE(eventually([&] { return all_are_concluded(2); })) << "intake goes on";
    EXPECT_EQ(server.stop().exit_code, 0);
}

TEST_F(MailboxCare, AMailThatWasIgnoredIsReadAgainByTheRulesOfTodayOnceAndItIsKeptWhoWantedIt) {
    configure();
    const std::string own = "From: Ann <ann@reed.example>\nTo: support@acme.example\nSubject: My printer\nMessage-ID: <own@reed.example>\n\n"
                            "My printer is offline and does not print.\n";
    write_file(company_.path("own.eml"), own);
    write_file(company_.path("empty.eml"), "");
    company_.configure("organisation:", "organisation: { name: Acme, support_address: ann@reed.example, signature: \"The Acme support team\",");
    EXPECT_EQ(company_.ask({"submit", "own.eml"}).as_array()[0]["outcome"].as_string(), "ignored");
    EXPECT_EQ(company_.ask({"submit", "empty.eml"}).as_array()[0]["outcome"].as_string(), "quarantined");
    const json::Value listed = mails();
    std::string ignored;
    std::string empty;
    for (const json::Value& mail : listed.as_array()) (mail["outcome"].as_string() == "ignored" ? ignored : empty) = mail["id"].as_string();
    // The same rules say the same.
    EXPECT_EQ(company_.ask({"mail", "reprocess", ignored, "--by", "dana"}).as_array()[0]["outcome"].as_string(), "ignored");
    company_.configure("organisation:", "organisation: { name: Acme, support_address: support@acme.example, signature: \"The Acme support team\",");
    const json::Value again = company_.ask({"mail", "reprocess", ignored, "--by", "mara"});
    EXPECT_EQ(again.as_array()[0]["outcome"].as_string(), "new_case") << json::dump(again);
    EXPECT_EQ(company_.run({"mail", "reprocess", ignored, "--by", "mara"}).exit_code, 1);
    EXPECT_THAT(company_.run({"mail", "reprocess", ignored, "--by", "mara"}).err, HasSubstr("mail.not_reopened"));
    const json::Value shown = company_.ask({"mail", "show", ignored});
    ASSERT_EQ(shown["reprocessed"].as_array().size(), 2U);
    EXPECT_EQ(shown["reprocessed"].as_array()[1]["by"].as_string(), "mara");
    EXPECT_EQ(shown["reprocessed"].as_array()[1]["reason"].as_string(), "mail.own");
    EXPECT_THAT(shown["parsed"]["visible_text"].as_string(), HasSubstr("does not print"));
    // All that are quarantined.
    const json::Value all = company_.ask({"mail", "reprocess", "--quarantined", "--by", "mara"});
    ASSERT_EQ(all.as_array().size(), 1U);
    EXPECT_EQ(all.as_array()[0]["id"].as_string(), empty);
    EXPECT_EQ(all.as_array()[0]["outcome"].as_string(), "quarantined") << "it is still empty";
    EXPECT_EQ(company_.ask({"case", "list"}).as_array().size(), 1U);
    EXPECT_EQ(company_.run({"mail", "show", "mnone"}).exit_code, 2);
    company_.expect_sound();
}

TEST_F(MailboxCare, WhatCameBeforeTheDayIsLeftOut) {
    configure("password_file: ./imap-password, since: 2099-01-01");
    deliver_newsletter("shop");
    Process server = company_.serve();
    ASSERT_TRUE(eventually([&] {
        const json::Value taken = company_.ask({"mail", "inventory"});
        return taken.as_array()[0]["left_out"].as_int() == 1 && taken.as_array()[0]["problem"].is_null();
    }));
    EXPECT_TRUE(mails().as_array().empty());
    EXPECT_EQ(server.stop().exit_code, 0);
}

}  // namespace
}  // namespace resolute::e2e
