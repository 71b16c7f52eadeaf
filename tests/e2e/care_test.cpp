// SPDX-License-Identifier: Apache-2.0
// What the person on call and the data protection officer rely on, with the real program.
#include <signal.h>

#include <set>

#include <gtest/gtest.h>

#include "tests/e2e/company.h"

namespace resolute::e2e {
namespace {

constexpr const char* kAddress = "Zelda.Quimby@quimby.example";
constexpr const char* kMarker = "xylophone-4711";

class Care : public testing::Test {
protected:
    MailIn printer(const std::string& name, const std::string& from = "Zelda Quimby <Zelda.Quimby@quimby.example>") {
        return {.name = name, .from = from, .subject = "Printer " + name, .body = "Hello,\n\nmy printer " + name + " is offline and does not print.\n\nBye",
                .in_reply_to = {}};
    }
    MailIn marked(const std::string& name) {
        MailIn mail = printer(name);
        mail.subject = std::string("Order of a ") + kMarker;
        mail.body = std::string("Hello,\n\nwhat about my ") + kMarker + " from last year? Please tell me who plays it.\n\nZelda";
        return mail;
    }
    /// Files of the data folder that hold one of the texts, whatever its case.
    std::string remains(const std::vector<std::string>& texts, const fs::path& folder) {
        const auto lower = [](std::string text) {
            for (char& c : text) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
            return text;
        };
        std::string found;
        for (const auto& entry : fs::recursive_directory_iterator(folder)) {
            if (!entry.is_regular_file()) continue;
            const std::string bytes = lower(read_file(entry.path()));
            for (const std::string& text : texts)
                if (bytes.find(lower(text)) != std::string::npos) found += entry.path().string() + ": " + text + "\n";
        }
        return found;
    }
    std::size_t sent() { return read_sent(company_.sent()).size(); }
    std::set<std::string> sent_effects() {
        std::set<std::string> all;
        for (const MailOut& mail : read_sent(company_.sent())) EXPECT_TRUE(all.insert(mail.effect).second) << "twice: " << mail.subject;
        return all;
    }
    json::Value status() { return company_.run({"status", "--json"}).json(); }
    void copy_database(const std::string& from, const std::string& to) {
        for (const char* end : {"", "-wal", "-shm"}) {
            fs::remove(company_.path(to + end));
            if (fs::exists(company_.path(from + end))) fs::copy_file(company_.path(from + end), company_.path(to + end));
        }
    }
    Company company_;
};

TEST_F(Care, WhoIsErasedIsNowhereInTheDataFolderAnyMore) {
    company_.add_customer("Zelda Quimby", kAddress, {{"1001", "40.00"}});
    company_.put(printer("a"));
    company_.put(marked("b"));
    company_.put(printer("c", "Jo Lang <jo@lang.example>"));
    company_.configure("archive:", "archive: { folder: ./state/archive }");
    const Ended ran = company_.run({"run", "--until-idle", "--json", "--log", "debug"});
    ASSERT_EQ(ran.exit_code, 0) << describe(ran);
    const std::vector<std::string> texts{"zelda", "quimby", kMarker};
    ASSERT_NE(remains(texts, company_.path("state")), "") << "the test looks for nothing otherwise";
    const std::string id = company_.find_case(std::string("Order of a ") + kMarker)["id"].as_string();
    const std::size_t sent_before = sent();

    const json::Value exported = company_.ask({"export", kAddress});
    EXPECT_EQ(exported["cases"].as_array().size(), 2U);
    EXPECT_EQ(exported["mails"].as_array().size(), 2U);
    EXPECT_NE(json::dump(exported).find(kMarker), std::string::npos);
    EXPECT_EQ(json::dump(exported).find("lang.example"), std::string::npos) << "nothing of others";

    const json::Value plan = company_.ask({"erase", kAddress, "--dry-run"});
    EXPECT_EQ(plan["cases"].as_array().size(), 2U);
    EXPECT_EQ(company_.run({"erase", kAddress}).exit_code, 2) << "without a terminal nobody can confirm";
    ASSERT_NE(remains(texts, company_.path("state")), "") << "a look changes nothing";

    const Ended erased = company_.run({"erase", "zelda.quimby@QUIMBY.example", "--yes", "--by", "dana", "--json", "--log", "debug"});
    ASSERT_EQ(erased.exit_code, 0) << describe(erased);
    EXPECT_EQ(erased.json()["cases"].as_int(), 2);
    EXPECT_EQ(erased.json()["crm_records"].as_int(), 1);
    EXPECT_EQ(erased.json()["out_of_reach"]["intake_mails"].as_array().size(), 2U);
    EXPECT_FALSE(erased.json()["out_of_reach"]["outgoing_mails"].as_array().empty());
    EXPECT_EQ(remains(texts, company_.path("state")), "");
    EXPECT_EQ(ran.err.find("quimby"), std::string::npos) << "logs hold no addresses";
    EXPECT_EQ(erased.err.find("quimby"), std::string::npos);

    write_file(company_.path("customers.json"), "[]");
    company_.expect_sound();
    EXPECT_EQ(company_.run({"run", "--until-idle"}).exit_code, 0);
    EXPECT_EQ(sent(), sent_before) << "their mails still lie in the inbox, and are known";
    EXPECT_EQ(remains(texts, company_.path("state")), "");
    EXPECT_NE(json::dump(company_.ask({"case", "journal", id})).find("CaseErased"), std::string::npos);
    EXPECT_EQ(company_.ask({"case", "list"}).as_array().size(), 3U);
    EXPECT_FALSE(company_.find_case("Printer c")["from"].as_string().empty());
}

TEST_F(Care, AnErasedCaseThatWasRunningSendsNothingMoreAndANewMailBeginsAnew) {
    company_.add_customer("Zelda Quimby", kAddress, {{"1001", "620.00"}});
    Process server = company_.serve();
    MailIn refund = marked("a");
    refund.body = std::string("Hello,\n\nplease refund my order 1001, I no longer want it. It is a ") + kMarker + ". The amount is $620.00.\n\nZelda";
    company_.put(refund);
    ASSERT_TRUE(eventually([&] { return !company_.ask({"task", "list"}).as_array().empty(); })) << "it waits for a person";
    const std::string task = company_.ask({"task", "list"}).as_array().front()["id"].as_string();
    const std::size_t sent_before = sent();
    ASSERT_EQ(company_.run({"erase", kAddress, "--yes", "--by", "dana"}).exit_code, 0);
    const Ended decided = company_.run({"task", "approve", task, "--by", "mara", "--json"});
    EXPECT_NE(decided.exit_code, 0) << describe(decided);
    EXPECT_EQ(sent(), sent_before);
    company_.put(printer("again"));
    ASSERT_TRUE(eventually([&] { return sent() > sent_before; })) << server.err();
    ASSERT_TRUE(eventually([&] { return company_.ask({"case", "list"}).as_array().size() == 2; }));
    EXPECT_EQ(company_.find_case("Printer again")["from"].as_string(), kAddress);
    const json::Value exported = company_.ask({"export", kAddress});
    EXPECT_EQ(json::dump(exported).find(kMarker), std::string::npos) << "what was erased does not come back with the person";
    company_.expect_sound();
    sent_effects();
}

TEST_F(Care, ALegalHoldIsStrongerThanAnErasure) {
    company_.put(printer("a"));
    ASSERT_EQ(company_.run({"run", "--until-idle"}).exit_code, 0);
    ASSERT_EQ(company_.run({"hold", kAddress, "--why", "court file 12", "--by", "erik"}).exit_code, 0);
    const Ended refused = company_.run({"erase", kAddress, "--yes", "--json"});
    EXPECT_EQ(refused.exit_code, 1) << describe(refused);
    EXPECT_EQ(refused.json()["error"]["code"].as_string(), "care.legal_hold");
    EXPECT_EQ(company_.ask({"hold"}).as_array().front()["why"].as_string(), "court file 12");
    ASSERT_EQ(company_.run({"hold", kAddress, "--release", "--by", "erik"}).exit_code, 0);
    EXPECT_EQ(company_.run({"erase", kAddress, "--yes"}).exit_code, 0);
    EXPECT_EQ(remains({"quimby"}, company_.path("state")), "");
}

TEST_F(Care, AFrozenStoreTakesMailInAndSendsNothingUntilItIsReleased) {
    Process server = company_.serve();
    EXPECT_EQ(company_.run({"status"}).exit_code, 0);
    ASSERT_EQ(company_.run({"freeze", "--why", "a wrong article", "--by", "dana"}).exit_code, 0);
    company_.put(printer("a"));
    ASSERT_TRUE(eventually([&] { return company_.ask({"case", "list"}).as_array().size() == 1; })) << server.err();
    EXPECT_TRUE(eventually([&] { return server.err().find("store.frozen") != std::string::npos; })) << server.err();
    const Ended said = company_.run({"status", "--json"});
    EXPECT_EQ(said.exit_code, 1);
    EXPECT_TRUE(said.json()["is_frozen"].as_bool());
    EXPECT_EQ(said.json()["freeze"]["why"].as_string(), "a wrong article");
    EXPECT_EQ(company_.run({"doctor"}).exit_code, 1);
    EXPECT_EQ(sent(), 0U);
    ASSERT_EQ(company_.run({"release", "--by", "dana"}).exit_code, 0);
    EXPECT_TRUE(eventually([&] { return sent() == 2; })) << server.err();
    EXPECT_FALSE(status()["is_frozen"].as_bool());
    EXPECT_EQ(status()["workers"].as_array().size(), 1U);
    sent_effects();
    EXPECT_EQ(server.stop().exit_code, 0);
    company_.expect_sound();
}

TEST_F(Care, ADatabaseThatWasPutBackSendsNothingUntilReleasedAndThenNothingTwice) {
    company_.put(printer("a"));
    ASSERT_EQ(company_.run({"run", "--until-idle"}).exit_code, 0);
    copy_database("state/resolute.db", "old.db");
    company_.put(printer("b"));
    ASSERT_EQ(company_.run({"run", "--until-idle"}).exit_code, 0);
    const std::set<std::string> before = sent_effects();
    ASSERT_EQ(before.size(), 4U);
    copy_database("old.db", "state/resolute.db");
    company_.put(printer("c"));
    {
        const Process server = company_.serve();
        EXPECT_TRUE(status()["is_frozen"].as_bool()) << json::dump(status());
        ASSERT_TRUE(eventually([&] { return company_.ask({"case", "list"}).as_array().size() == 3; })) << "work goes on";
        EXPECT_EQ(sent_effects(), before) << "nothing leaves";
    }
    EXPECT_EQ(company_.run({"run", "--until-idle"}).exit_code, 1) << "a new start does not thaw it";
    EXPECT_EQ(sent_effects(), before);
    ASSERT_EQ(company_.run({"release", "--by", "dana"}).exit_code, 0);
    ASSERT_EQ(company_.run({"run", "--until-idle"}).exit_code, 0);
    const std::set<std::string> after = sent_effects();
    EXPECT_EQ(after.size(), 6U) << "the forgotten mail was worked again, and what had gone out was found";
    EXPECT_TRUE(std::ranges::includes(after, before));
    expect_nothing_lost_or_doubled(company_, 3);
}

TEST_F(Care, ABackupIsSealedOpensWithItsKeyAndComesBackFrozenWithErasuresDoneAgain) {
    company_.put(marked("a"));
    company_.put(printer("b", "Jo Lang <jo@lang.example>"));
    {
        Process server = company_.serve();
        ASSERT_TRUE(eventually([&] { return company_.ask({"case", "list"}).as_array().size() == 2 && status()["is_idle"].as_bool(); }));
        const Ended saved = company_.run({"backup", "save.sealed", "--json"});
        ASSERT_EQ(saved.exit_code, 0) << describe(saved);
        EXPECT_GT(saved.json()["bytes"].as_int(), 0);
        EXPECT_EQ(company_.run({"backup", "save.sealed"}).exit_code, 1) << "a backup replaces nothing";
        ASSERT_EQ(company_.run({"erase", kAddress, "--yes", "--by", "dana"}).exit_code, 0);
    }
    fs::create_directories(company_.path("vault"));
    fs::copy_file(company_.path("save.sealed"), company_.path("vault/save.sealed"));
    EXPECT_EQ(remains({"quimby", kMarker, "lang.example", "CREATE TABLE"}, company_.path("vault")), "");
    for (const auto& entry : fs::directory_iterator(company_.path("state"))) EXPECT_NE(entry.path().extension(), ".part") << "no plain copy stays";

    EXPECT_EQ(company_.run({"restore", "save.sealed"}).exit_code, 1) << "there is a database";
    const Ended restored = company_.run({"restore", "save.sealed", "--force", "--json"});
    ASSERT_EQ(restored.exit_code, 0) << describe(restored);
    fs::remove(restored.json()["moved_aside"].as_string());
    EXPECT_NE(remains({"quimby"}, company_.path("state")), "") << "the backup is older than the erasure";
    EXPECT_TRUE(status()["is_frozen"].as_bool()) << "and the first start erases again";
    EXPECT_EQ(remains({"quimby", kMarker}, company_.path("state")), "");
    const std::size_t before = sent();
    EXPECT_EQ(company_.run({"run", "--until-idle"}).exit_code, 1);
    EXPECT_EQ(sent(), before);
    ASSERT_EQ(company_.run({"release", "--by", "dana"}).exit_code, 0);
    ASSERT_EQ(company_.run({"run", "--until-idle"}).exit_code, 0);
    EXPECT_EQ(sent(), before);
    company_.expect_sound();

    std::string damaged = read_file(company_.path("save.sealed"));
    damaged[damaged.size() / 2] ^= 1;
    write_file(company_.path("damaged.sealed"), damaged);
    write_file(company_.path("short.sealed"), damaged.substr(0, damaged.size() - 40));
    for (const char* file : {"damaged.sealed", "short.sealed", "resolute.yaml"}) EXPECT_NE(company_.run({"restore", file, "--force"}).exit_code, 0) << file;
    EXPECT_EQ(company_.run({"status"}).exit_code, 0) << "a restore that fails leaves what was there";
    write_file(company_.path("other.key"), std::string(64, 'a') + "\n");
    fs::permissions(company_.path("other.key"), fs::perms::owner_read);
    company_.configure("keys:", "keys: { master: ./other.key }");
    EXPECT_NE(company_.run({"restore", "save.sealed", "--force"}).exit_code, 0) << "without its key it does not open";
}

TEST_F(Care, WhatWasKeptLongEnoughGoes) {
    company_.configure("retention:", "retention: { mail: 2d, closed_cases: 60d }");
    company_.put(marked("a"));
    company_.put(printer("b"));
    ASSERT_EQ(company_.run({"run", "--clock", "virtual", "--until", "50d"}).exit_code, 0);
    const json::Value look = company_.ask({"retention", "--dry-run"});
    EXPECT_EQ(look["cases"].as_array().size(), 0U);
    company_.expect_sound();
}

}  // namespace
}  // namespace resolute::e2e
