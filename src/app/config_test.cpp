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

std::string with_mail(const std::string& mail) {
    std::string text = kWhole;
    const std::size_t at = text.find("mail:");
    return text.replace(at, text.find('\n', at) - at, "mail: " + mail);
}

TEST_F(ConfigFile, CapsOfAutomaticMailAreReadAndTheRestHasDefaults) {
    const auto config = read(with_mail("{ intake: { maildir: ./m }, outgoing: { maildir: ./sent }, automatic: { per_sender_day: 3, hold_above_per_hour: 0 } }"));
    ASSERT_TRUE(config) << config.error().detail;
    EXPECT_EQ(config->mail_caps, (ports::MailCaps{.per_sender_day = 3, .hold_above_per_hour = 0}));
    for (const char* wrong : {"-1", "many", "1000000000"}) {
        const auto refused = read(with_mail(std::string("{ intake: { maildir: ./m }, outgoing: { maildir: ./sent }, automatic: { per_case_day: ") + wrong + " } }"));
        ASSERT_FALSE(refused) << wrong;
        EXPECT_EQ(refused.error().code, "config.bad_value");
    }
}

TEST_F(ConfigFile, MailboxesOfServersAreReadWithTheirUsualPorts) {
    const auto config = read(with_mail(
        "{ intake: { imap: [{ server: 'imaps://imap.acme.example', user: support@acme.example, password_file: ./p, folders: [INBOX, Orders] },"
        " { server: 'imap://[2001:db8::1]:1143/', user: shop, oauth: { token_url: 'https://login.example/t', client_id: c, refresh_token_file: ./r } }],"
        " answer_within: 24h }, outgoing: { smtp: { server: 'smtps://smtp.acme.example', user: SUPPORT@acme.example, password_file: ./p, mails_a_minute: 30,"
        " sent_folder: Sent } } }"));
    ASSERT_TRUE(config) << config.error().detail;
    ASSERT_EQ(config->imap.size(), 2U);
    EXPECT_EQ(config->imap[0].access.server.host, "imap.acme.example");
    EXPECT_EQ(config->imap[0].access.server.port, 993);
    EXPECT_EQ(config->imap[0].access.server.protection, transport::Protection::tls);
    EXPECT_EQ(config->imap[0].access.password_file, folder_ / "p");
    EXPECT_EQ(config->imap[0].folders, (std::vector<std::string>{"INBOX", "Orders"}));
    EXPECT_EQ(config->imap[1].access.server.host, "2001:db8::1");
    EXPECT_EQ(config->imap[1].access.server.port, 1143);
    EXPECT_EQ(config->imap[1].access.server.protection, transport::Protection::starttls);
    EXPECT_EQ(config->imap[1].access.oauth->refresh_token_file, folder_ / "r");
    EXPECT_EQ(config->imap[1].folders, std::vector<std::string>{"INBOX"});
    EXPECT_EQ(config->answer_within, std::chrono::hours(24));
    EXPECT_FALSE(config->reply_tokens);
    EXPECT_TRUE(read(with_mail("{ intake: { maildir: ./m }, outgoing: { maildir: ./sent, reply_tokens: true } }"))->reply_tokens);
    ASSERT_TRUE(config->smtp);
    EXPECT_EQ(config->smtp->access.server.port, 465);
    EXPECT_EQ(config->smtp->mails_a_minute, 30U);
    EXPECT_EQ(config->smtp->sent_mailbox->server.host, "imap.acme.example");
}

TEST_F(ConfigFile, WhatIsWrongWithAMailServerIsSaid) {
    const auto words = [&](const std::string& imap, const std::string& outgoing = "{ maildir: ./sent }") {
        const auto config = read(with_mail("{ intake: " + imap + ", outgoing: " + outgoing + " }"));
        return config ? "fine" : config.error().detail;
    };
    const std::string fine = "{ imap: { server: 'imaps://a.example', user: u, password_file: ./p } }";
    EXPECT_EQ(words(fine), "fine");
    EXPECT_THAT(words("{ authserv_id: x }"), HasSubstr("needs a mailbox: maildir, imap, gmail or graph"));
    EXPECT_THAT(words("{ imap: { server: 'a.example', user: u } }"), HasSubstr("write imaps://host"));
    EXPECT_THAT(words("{ imap: { server: 'imaps://u:secret@a.example', user: u } }"), HasSubstr("user and password do not belong into it"));
    EXPECT_THAT(words("{ imap: { server: 'imaps://a.example:0', user: u } }"), HasSubstr("\"0\" is no port"));
    EXPECT_THAT(words("{ imap: { server: 'imaps://a.example', password_file: ./p } }"), HasSubstr("\"user\" is missing"));
    EXPECT_THAT(words("{ imap: { server: 'imaps://a.example', user: u, pasword_file: ./p } }"), HasSubstr("did you mean \"password_file\"?"));
    EXPECT_THAT(words("{ imap: { server: 'imap://a.example', user: u, password_file: ./p, unprotected: true } }"), HasSubstr("for servers on this machine"));
    EXPECT_THAT(words("{ imap: { server: 'imaps://a.example', user: u } }"), HasSubstr("neither password_file nor oauth"));
    EXPECT_THAT(words("{ imap: { server: 'imaps://a.example', user: u, password_file: ./p, folders: [INBOX, inbox] } }"), HasSubstr("stands twice"));
    EXPECT_THAT(words("{ imap: [{ server: 'imaps://a.example', user: u, password_file: ./p }, { server: 'imaps://a.example', user: u, password_file: ./p }] }"), HasSubstr("stands twice"));
    EXPECT_THAT(words("{ imap: { server: 'imaps://a.example', user: u, oauth: { token_url: 'http://b.example', client_id: c } } }"), HasSubstr("https address"));
    EXPECT_THAT(words("{ imap: { server: 'imaps://a.example', user: u, oauth: { token_url: 'https://b.example', client_id: c } } }"), HasSubstr("needs client_secret_file"));
    EXPECT_THAT(words(fine, "{ maildir: ./s, smtp: { server: 'smtp://b.example' } }"), HasSubstr("not several"));
    EXPECT_THAT(words(fine, "{ smtp: { server: 'smtp://b.example', user: other, password_file: ./p, sent_folder: Sent } }"), HasSubstr("has none of \"other\""));
    EXPECT_THAT(words("{ imap: { server: 'imaps://a.example', user: u, password_file: ./p }, answer_within: 5m }"), HasSubstr("an hour or more"));
}

TEST_F(ConfigFile, MailboxesOfGmailAreReadWithWhatIsUsualThere) {
    const auto config = read(with_mail("{ intake: { gmail: [{ user: support@acme.example, oauth: { service_account_file: ./key.json } },"
                                       " { user: shop@acme.example, oauth: { client_id: c, client_secret_file: ./s, refresh_token_file: ./r }, labels: [INBOX, Orders],"
                                       " poll_every: 45s, units_a_minute: 15000, base_url: 'https://gmail.acme.example/', ca_file: ./ca.pem }] },"
                                       " outgoing: { gmail: { user: support@acme.example, oauth: { service_account_file: ./key.json } } } }"));
    ASSERT_TRUE(config) << config.error().detail;
    ASSERT_EQ(config->gmail.size(), 2U);
    const GmailIntake& first = config->gmail[0];
    EXPECT_EQ(first.account(), "gmail:support@acme.example");
    EXPECT_EQ(first.access.base_url, "https://gmail.googleapis.com");
    EXPECT_EQ(first.access.units_a_minute, 6000U);
    EXPECT_EQ(first.labels, std::vector<std::string>{"INBOX"});
    EXPECT_EQ(first.poll_every, std::chrono::seconds(20));
    EXPECT_EQ(first.access.oauth.service_account_file, folder_ / "key.json");
    EXPECT_EQ(first.access.oauth.subject, "support@acme.example");
    EXPECT_EQ(first.access.oauth.scope, "https://www.googleapis.com/auth/gmail.readonly") << "reading takes no more";
    const GmailIntake& second = config->gmail[1];
    EXPECT_EQ(second.access.oauth.token_url, "https://oauth2.googleapis.com/token");
    EXPECT_EQ(second.access.oauth.scope, "") << "what was consented to";
    EXPECT_EQ(second.access.base_url, "https://gmail.acme.example");
    EXPECT_EQ(second.access.ca_file, folder_ / "ca.pem");
    EXPECT_EQ(second.labels, (std::vector<std::string>{"INBOX", "Orders"}));
    EXPECT_EQ(second.poll_every, std::chrono::seconds(45));
    EXPECT_EQ(second.access.units_a_minute, 15000U);
    ASSERT_TRUE(config->gmail_outgoing);
    EXPECT_THAT(config->gmail_outgoing->oauth.scope, HasSubstr("gmail.compose"));
    EXPECT_TRUE(config->has_mail_servers());
}

TEST_F(ConfigFile, WhatIsWrongWithAMailboxOfGmailIsSaid) {
    const auto words = [&](const std::string& gmail) {
        const auto config = read(with_mail("{ intake: { gmail: " + gmail + " }, outgoing: { maildir: ./sent } }"));
        return config ? "fine" : config.error().detail;
    };
    EXPECT_EQ(words("{ user: a@b.example, oauth: { service_account_file: ./k } }"), "fine");
    EXPECT_THAT(words("{ oauth: { service_account_file: ./k } }"), HasSubstr("\"user\" is missing"));
    EXPECT_THAT(words("{ user: me, oauth: { service_account_file: ./k } }"), HasSubstr("is no e-mail address"));
    EXPECT_THAT(words("{ user: a@b.example }"), HasSubstr("\"oauth\" is missing"));
    EXPECT_THAT(words("{ user: a@b.example, oauth: { service_account_file: ./k, client_id: c } }"), HasSubstr("unknown key \"client_id\""));
    EXPECT_THAT(words("{ user: a@b.example, oauth: { client_id: c, client_secret_file: ./s } }"), HasSubstr("refresh_token_file or service_account_file"));
    EXPECT_THAT(words("{ user: a@b.example, oauth: { service_account_file: ./k }, base_url: 'http://gmail.example' }"), HasSubstr("is an https address"));
    EXPECT_THAT(words("{ user: a@b.example, oauth: { service_account_file: ./k }, base_url: 'https://u@gmail.example' }"), HasSubstr("more than an address"));
    EXPECT_THAT(words("{ user: a@b.example, oauth: { service_account_file: ./k }, poll_every: 1h }"), HasSubstr("from 1s to 10m"));
    EXPECT_THAT(words("{ user: a@b.example, oauth: { service_account_file: ./k }, units_a_minute: 10 }"), HasSubstr("a number from 300"));
    EXPECT_THAT(words("{ user: a@b.example, oauth: { service_account_file: ./k }, labels: [] }"), HasSubstr("list of labels"));
    EXPECT_THAT(words("{ user: a@b.example, oauth: { service_account_file: ./k }, label: [INBOX] }"), HasSubstr("did you mean \"labels\"?"));
    EXPECT_THAT(words("[{ user: a@b.example, oauth: { service_account_file: ./k } }, { user: A@b.example, oauth: { service_account_file: ./k } }]"), HasSubstr("stands twice"));
}

TEST_F(ConfigFile, MailboxesOfMicrosoft365AreReadWithWhatIsUsualThere) {
    const std::string access = "user: support@acme.example, tenant: acme.example, client_id: c, client_secret_file: ./s";
    const auto config = read(with_mail("{ intake: { graph: { " + access + ", folders: [inbox, Support/Orders], poll_every: 45s } },"
                                       " outgoing: { graph: { " + access + ", base_url: 'https://graph.microsoft.us/', login_url: 'https://login.microsoftonline.us' } } }"));
    ASSERT_TRUE(config) << config.error().detail;
    ASSERT_EQ(config->graph.size(), 1U);
    const GraphIntake& mailbox = config->graph.front();
    EXPECT_EQ(mailbox.account(), "graph:support@acme.example");
    EXPECT_EQ(mailbox.folders, (std::vector<std::string>{"inbox", "Support/Orders"}));
    EXPECT_EQ(mailbox.poll_every, std::chrono::seconds(45));
    EXPECT_EQ(mailbox.access.base_url, "https://graph.microsoft.com");
    EXPECT_EQ(mailbox.access.oauth.token_url, "https://login.microsoftonline.com/acme.example/oauth2/v2.0/token");
    EXPECT_EQ(mailbox.access.oauth.scope, "https://graph.microsoft.com/.default");
    ASSERT_TRUE(config->graph_outgoing);
    EXPECT_EQ(config->graph_outgoing->oauth.token_url, "https://login.microsoftonline.us/acme.example/oauth2/v2.0/token");
    EXPECT_EQ(config->graph_outgoing->oauth.scope, "https://graph.microsoft.us/.default");
    EXPECT_TRUE(config->has_mail_servers());
}

TEST_F(ConfigFile, WhatIsWrongWithAMailboxOfMicrosoft365IsSaid) {
    const auto words = [&](const std::string& graph) {
        const auto config = read(with_mail("{ intake: { graph: " + graph + " }, outgoing: { maildir: ./sent } }"));
        return config ? "fine" : config.error().detail;
    };
    EXPECT_EQ(words("{ user: a@b.example, tenant: t, client_id: c, client_secret_file: ./s }"), "fine");
    EXPECT_THAT(words("{ user: a, tenant: t, client_id: c, client_secret_file: ./s }"), HasSubstr("is no e-mail address"));
    EXPECT_THAT(words("{ user: a@b.example, client_id: c, client_secret_file: ./s }"), HasSubstr("\"tenant\" is missing"));
    EXPECT_THAT(words("{ user: a@b.example, tenant: common, client_id: c, client_secret_file: ./s }"), HasSubstr("the organisation's id or domain"));
    EXPECT_THAT(words("{ user: a@b.example, tenant: 'a/b', client_id: c, client_secret_file: ./s }"), HasSubstr("the organisation's id or domain"));
    EXPECT_THAT(words("{ user: a@b.example, tenant: t, client_id: c }"), HasSubstr("\"client_secret_file\" is missing"));
    EXPECT_THAT(words("{ user: a@b.example, tenant: t, client_id: c, client_secret_file: ./s, base_url: 'http://x.example' }"), HasSubstr("is an https address"));
    EXPECT_THAT(words("{ user: a@b.example, tenant: t, client_id: c, client_secret_file: ./s, folders: [inbox, Inbox] }"), HasSubstr("stands twice"));
    EXPECT_THAT(words("{ user: a@b.example, tenant: t, client_id: c, client_secret_file: ./s, labels: [x] }"), HasSubstr("unknown key"));
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
