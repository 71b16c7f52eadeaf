// SPDX-License-Identifier: Apache-2.0
// Mails come in from a (fake) Gmail, whatever it does.
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>

#include <random>

#include "mail/limits.h"
#include "storage/memory/memory_storage.h"
#include "tests/mail_servers/gmail_test_support.h"

namespace resolute::gmail_test {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

using GmailSourceTest = GmailTest;

TEST_F(GmailSourceTest, MailsOfTheLabelsComeOldestFirstAndNothingIsChangedThere) {
    ASSERT_TRUE(gmail_->order("label", json::Object{{"name", "Support/Orders"}}));
    deliver(1);
    deliver(2, {"Support/Orders"});
    deliver(3, {"SPAM"});
    deliver(4, {"INBOX", "Support/Orders", "UNREAD"});
    deliver(5, {"DRAFT", "Support/Orders"});
    deliver(6, {"SENT"});
    const json::Value before = state()["messages"];
    const auto mailbox = source({"inbox", "support/orders"});
    EXPECT_THAT(take_all(*mailbox), ElementsAre(mail_text(1), mail_text(2), mail_text(4)));
    EXPECT_THAT(take_all(*mailbox), IsEmpty());
    deliver(7);
    EXPECT_THAT(take_all(*mailbox), ElementsAre(mail_text(7)));
    json::Value after = state()["messages"];
    after.array().pop_back();
    EXPECT_EQ(after, before);
    const json::Value calls = state()["calls"];
    EXPECT_EQ(calls["GET /messages"].as_int(), 2) << "all ids are listed once for each label; what is new, the history tells";
}

TEST_F(GmailSourceTest, AMailThatComesToALabelLaterIsTakenInAndOneThatWentIsNotWaitedFor) {
    const auto mailbox = source();
    EXPECT_THAT(take_all(*mailbox), IsEmpty());
    const std::string spam = deliver(1, {"SPAM"});
    const std::string gone = deliver(2);
    const std::string archived = deliver(3);
    const auto listed = mailbox->list(10);
    ASSERT_TRUE(listed);
    EXPECT_THAT(*listed, SizeIs(2));
    ASSERT_TRUE(gmail_->order("remove", json::Object{{"id", gone}}));
    ASSERT_TRUE(gmail_->order("modify", json::Object{{"id", archived}, {"remove", json::Array{"INBOX"}}}));
    for (const auto& position : *listed) EXPECT_EQ(error_of(mailbox->fetch(position)).substr(0, 13), "mail.vanished");
    EXPECT_THAT(take_all(*mailbox), IsEmpty());
    // A person looked through the spam.
    ASSERT_TRUE(gmail_->order("modify", json::Object{{"id", spam}, {"add", json::Array{"INBOX"}}, {"remove", json::Array{"SPAM"}}}));
    EXPECT_THAT(take_all(*mailbox), ElementsAre(mail_text(1)));
}

TEST_F(GmailSourceTest, WhereGmailHasForgottenTheHistoryAllIsListedAnew) {
    const auto mailbox = source();
    deliver(1);
    EXPECT_THAT(take_all(*mailbox), SizeIs(1));
    deliver(2);
    ASSERT_TRUE(gmail_->order("forget_history", json::Object{}));
    deliver(3);
    EXPECT_THAT(take_all(*mailbox), ElementsAre(mail_text(2), mail_text(3)));
    deliver(4);
    EXPECT_THAT(take_all(*mailbox), ElementsAre(mail_text(4)));
}

TEST_F(GmailSourceTest, AListingThatIsBrokenOffGoesOnWhereItWas) {
    for (int i = 0; i < 1100; ++i) ASSERT_NE(deliver(i), "");
    const auto mailbox = source();
    ASSERT_TRUE(gmail_->faults(R"([{"method":"GET","path":"/messages","chance":0.5,"do":{"status":503}}])", 3));
    Result<std::vector<mail::SourcePosition>> listed = mailbox->list(5000);
    for (int i = 0; i < 50 && !listed; ++i) {
        EXPECT_EQ(listed.error().code, "gmail.unavailable");
        listed = mailbox->list(5000);
    }
    ASSERT_TRUE(listed) << error_of(listed);
    EXPECT_THAT(*listed, SizeIs(1100));
    EXPECT_EQ(state()["calls"]["GET /messages"].as_int(), 3) << "each page was had once";
}

TEST_F(GmailSourceTest, OfAMailThatIsTooLargeTheBeginningIsHad) {
    const std::string large = mail_text(1, mail::limits::raw_bytes_max + 1);
    ASSERT_TRUE(gmail_->deliver(large));
    deliver(2);
    const auto mailbox = source();
    const auto listed = mailbox->list(10);
    ASSERT_TRUE(listed);
    ASSERT_THAT(*listed, SizeIs(2));
    EXPECT_EQ(error_of(mailbox->fetch(listed->front())).substr(0, 14), "mail.too_large");
    const auto head = mailbox->fetch_head(listed->front(), 256u << 10);
    ASSERT_TRUE(head) << error_of(head);
    EXPECT_EQ(head->bytes, large.substr(0, 256u << 10));
    EXPECT_EQ(mailbox->fetch(listed->back())->bytes, mail_text(2));
}

TEST_F(GmailSourceTest, ALabelThatIsNotThereIsSaid) {
    const auto listed = source({"INBOX", "Nowhere"})->list(10);
    ASSERT_FALSE(listed);
    EXPECT_EQ(listed.error().code, "gmail.label_missing");
}

TEST_F(GmailSourceTest, FiveHundredMailsThroughRandomFaultsAndRestartsAreKeptOnceEach) {
    constexpr int kMails = 500;
    storage::MemoryStorage storage;
    std::mt19937_64 random(7);
    ASSERT_TRUE(gmail_->faults(R"([
        {"method":"GET","chance":0.04,"do":"reset"}, {"method":"GET","chance":0.04,"do":"reset_after"}, {"method":"GET","chance":0.03,"do":{"status":500}},
        {"method":"GET","chance":0.01,"do":{"status":429,"headers":{"Retry-After":"7"}}},
        {"method":"GET","chance":0.01,"do":{"status":403,"body":{"error":{"code":403,"message":"slow","errors":[{"reason":"rateLimitExceeded"}]}}}},
        {"method":"GET","chance":0.02,"do":{"status":401}}, {"path":"/history","chance":0.03,"do":{"status":404}}, {"path":"/token","chance":0.2,"do":{"status":503}}])",
                               11));
    ASSERT_TRUE(gmail_->order("oauth", json::Object{{"rotates", true}}));
    auto mailbox = source();
    int delivered = 0;
    std::size_t kept = 0;
    int errors = 0;
    for (int round = 0; round < 2000 && kept < kMails; ++round) {
        for (int i = 0; i < 20 && delivered < kMails; ++i) deliver(delivered++);
        if (random() % 10 == 0) mailbox = source();  // The program starts again, with nothing but the store.
        const auto listed = mailbox->list(40);
        if (!listed) {
            ++errors;
            wait_for(listed.error());
            continue;
        }
        const auto are_kept = storage.intake().are_kept(*listed);
        ASSERT_TRUE(are_kept);
        for (std::size_t i = 0; i < listed->size(); ++i) {
            if (are_kept->at(i)) {
                EXPECT_TRUE(mailbox->done(listed->at(i)));
                continue;
            }
            const auto mail = mailbox->fetch(listed->at(i));
            if (!mail) {
                ++errors;
                wait_for(mail.error());
                continue;
            }
            const auto is_new = storage.intake().keep({*mail}, {mail->bytes.size()});
            ASSERT_TRUE(is_new);
            EXPECT_TRUE(is_new->front());
            ++kept;
            if (random() % 20 == 0) continue;  // It died in between.
            EXPECT_TRUE(mailbox->done(listed->at(i)));
        }
    }
    std::multiset<std::string> all;
    const auto records = storage.intake().list({});
    ASSERT_TRUE(records);
    for (const ports::MailRecord& record : *records) all.insert(storage.intake().load_blob(record.blob).value_or(""));
    std::multiset<std::string> wanted;
    for (int i = 0; i < kMails; ++i) wanted.insert(mail_text(i));
    EXPECT_EQ(all, wanted);
    EXPECT_GT(errors, 30);
    EXPECT_EQ(file::read(folder() / "refresh"), state()["refresh"].as_string() + "\n") << "each consent was written before it was used";
    EXPECT_EQ(state()["refused"].as_int(), 0);
}

TEST_F(GmailSourceTest, AServiceAccountReadsTheMailboxThatWasDelegatedToIt) {
    const std::unique_ptr<EVP_PKEY, void (*)(EVP_PKEY*)> key(EVP_RSA_gen(2048), &EVP_PKEY_free);
    const auto pem = [&](auto write) {
        const std::unique_ptr<BIO, int (*)(BIO*)> out(BIO_new(BIO_s_mem()), &BIO_free);
        EXPECT_EQ(write(out.get()), 1);
        char* bytes = nullptr;
        const long size = BIO_get_mem_data(out.get(), &bytes);
        return std::string(bytes, static_cast<std::size_t>(size));
    };
    const std::string private_key = pem([&](BIO* out) { return PEM_write_bio_PKCS8PrivateKey(out, key.get(), nullptr, nullptr, 0, nullptr, nullptr); });
    const std::string public_key = pem([&](BIO* out) { return PEM_write_bio_PUBKEY(out, key.get()); });
    const json::Object account{{"type", "service_account"}, {"client_email", "robot@project.example"}, {"private_key", private_key}, {"token_uri", gmail_->token_url()}};
    ASSERT_TRUE(file::write_durably(folder() / "account.json", json::dump(account)));
    client_ = {.token_url = {}, .client_id = {}, .client_secret_file = {}, .refresh_token_file = {}, .scope = "https://www.googleapis.com/auth/gmail.readonly",
               .service_account_file = folder() / "account.json", .subject = "support@acme.example", .ca_file = {}};
    deliver(1);
    const auto mailbox = source();
    EXPECT_EQ(error_of(mailbox->list(10)).substr(0, 13), "oauth.refused") << "Google does not know the key yet";
    ASSERT_TRUE(gmail_->order("oauth", json::Object{{"publicKey", public_key}, {"delegated", json::Array{"https://www.googleapis.com/auth/gmail.readonly"}}}));
    clock_.advance(std::chrono::minutes(5));
    EXPECT_THAT(take_all(*mailbox), ElementsAre(mail_text(1)));
    clock_.advance(std::chrono::hours(2));
    EXPECT_EQ(error_of(mailbox->list(10)).substr(0, 13), "oauth.refused") << "a statement from the future: the clocks differ";
}

}  // namespace
}  // namespace resolute::gmail_test
