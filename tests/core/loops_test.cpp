// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <deque>
#include <memory>
#include <string>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "base/clock.h"
#include "base/text.h"
#include "engine/engine.h"
#include "mailroom/intake.h"
#include "storage/memory/memory_storage.h"
#include "testkit/manual_world.h"
#include "tools/tool.h"

/// Programs that answer each other: two of ours, and responders of all manners.
namespace resolute::test {
namespace {

using engine::Settlement;

const Instant kMonday = *parse_instant("2026-11-23T09:00:00Z");

struct Posted {
    std::string from;
    std::string to;
    std::string bytes;
};

/// One Resolute with its own store: real intake and engine, scripted tools; its mail goes to the post.
class Desk final : public mailroom::CaseInbox {
public:
    Desk(std::string address, VirtualClock& clock, std::deque<Posted>& post, std::string document = testkit::shipped_document())
        : address_(std::move(address)), clock_(clock), post_(post) {
        auto read = procedure::read(document, catalogue_);
        EXPECT_TRUE(read.procedure);
        EXPECT_TRUE(book_.set_current(*std::move(read.procedure)));
        engine::Options options;
        options.tokens = &tokens_;
        machine_ = std::make_unique<engine::Engine>(clock_, storage_.engine_store(), world_, book_, vault_, options);
        EXPECT_TRUE(machine_->start());
        intake_.emplace(std::vector<ports::MailSource*>{}, storage_.intake(), storage_.queries(), *this, mail::parse,
                        mailroom::IntakeOptions{.authserv_id = {}, .rules = {.own_addresses = {address_}, .tokens = &tokens_}, .vip_hint = {}});
        world_.script.meaning = "persists";  // The worst reader: everything is a complaint that the answer did not help.
        world_.after = [this](const engine::EffectTicket& ticket) { return answer(ticket); };
    }

    Status receive(const CaseId& id, const casework::Signal& signal, const InputId& input) override {
        TRY_STATUS(machine_->receive(id, signal, input));
        return {};
    }
    Result<std::optional<CaseId>> find_input(const InputId& input) override {
        TRY(const auto known, machine_->find_input(input));
        return known ? std::optional(known->case_id) : std::nullopt;
    }

    std::string take(const std::string& bytes) {
        const auto record = intake_->submit({.position = {}, .received_at = clock_.now(), .bytes = bytes});
        EXPECT_TRUE(record) << describe(record.error());
        work();
        return record ? std::string(ports::to_string(record->outcome)) + " " + record->reason : "";
    }
    void work() { EXPECT_TRUE(machine_->run_once(clock_.now())); }
    [[nodiscard]] const std::string& address() const { return address_; }
    [[nodiscard]] std::size_t cases() { return storage_.queries().all_case_ids()->size(); }

private:
    std::optional<Settlement> answer(const engine::EffectTicket& ticket) {
        const casework::Effect& effect = ticket.effect;
        if (effect.tool.starts_with("mail.send_")) {
            const auto payload = json::parse(effect.payload);
            if (!may_go(effect, (*payload)["envelope"]["to"].as_string())) return Settlement::success("withheld", json::Value());
            post_.push_back({address_, (*payload)["envelope"]["to"].as_string(), (*payload)["mime"].as_string()});
            return std::nullopt;
        }
        if (effect.tool == "mail.receive") {  // As the tool does it: what a person must read ends `failed`.
            const auto payload = json::parse(effect.payload);
            if ((*payload)["args"]["case"]["intake_problem"].as_string().empty()) return std::nullopt;
            return Settlement::success("failed", json::Value());
        }
        if (!effect.tool.starts_with("reply.") || effect.tool == "reply.understand") return std::nullopt;
        Settlement settlement = testkit::answer(world_.script, effect);
        json::Value facts;
        for (const auto& [name, written] : settlement.facts.as_object()) {
            json::Value draft = written;
            draft.set("from", json::Value().set("name", "Desk").set("address", address_));
            draft.set("subject", fmt::format("[T-{}] {}", effect.case_id.value(), written["subject"].as_string()));
            facts.set(name, std::move(draft));
        }
        settlement.facts = std::move(facts);
        return settlement;
    }

    /// As the tool does it: the ledger of automatic mail has the last word.
    bool may_go(const casework::Effect& effect, const std::string& to) {
        if (effect.tool == "mail.send_reply") return true;
        const auto allowed = storage_.automatic_mail_ledger().reserve({.key = effect.id, .case_id = effect.case_id, .address = to,
                                                                       .domain = to.substr(to.rfind('@') + 1), .is_verified = false, .at = clock_.now()},
                                                                      {});
        return allowed && *allowed == ports::Allowance::granted;
    }

    const std::string address_;
    VirtualClock& clock_;
    std::deque<Posted>& post_;
    storage::MemoryStorage storage_{{.shared = false}};
    const procedure::ToolCatalogue catalogue_ = tools::catalogue();
    engine::ProcedureBook book_{storage_.engine_store(), catalogue_};
    engine::Vault vault_{storage_.engine_store(), seal::Key{4, 5, 6}};
    const mail::ThreadTokens tokens_{{seal::Key{7}}};
    testkit::ManualWorld world_;
    std::unique_ptr<engine::Engine> machine_;
    std::optional<mailroom::Intake> intake_;
};

class Loops : public testing::Test {
protected:
    /// Carries mail until there is none; a pair that does not fall silent ends at the limit.
    template <class Deliver>
    void carry(Deliver deliver) {
        for (; !post.empty() && carried < 200; ++carried) {
            const Posted mail = post.front();
            post.pop_front();
            ++sent[mail.from];
            clock.advance_to(clock.now() + std::chrono::seconds(20));
            deliver(mail);
        }
        EXPECT_LT(carried, 200) << "they never fall silent";
    }
    static std::string letter(const std::string& from, const std::string& to, const std::string& more, const std::string& subject, const std::string& text) {
        static int number = 0;
        return fmt::format("From: {}\r\nTo: {}\r\nSubject: {}\r\nMessage-ID: <l{}@letters.example>\r\n{}\r\n{}\r\n", from, to, subject, ++number, more, text);
    }
    /// Somebody who is away answers each mail with the same words; `manner` makes the header.
    template <class Manner>
    void carry_to_responder(Desk& desk, Manner manner) {
        desk.take(letter("ann@customer.example", desk.address(), "", "My invoice", "Where is my invoice?"));
        carry([&](const Posted& mail) {
            if (mail.to != "ann@customer.example") return;
            ++answers;
            clock.advance_to(clock.now() + std::chrono::seconds(20));
            desk.take(manner(mail::parse(mail.bytes), desk.address()));
        });
        for (int day = 0; day < 40; ++day) {
            clock.advance_to(clock.now() + std::chrono::hours(24));
            desk.work();
            carry([&](const Posted& mail) { desk.take(manner(mail::parse(mail.bytes), desk.address())); });
        }
    }

    VirtualClock clock{kMonday};
    std::deque<Posted> post;
    std::map<std::string, int> sent;
    int carried = 0;
    int answers = 0;
};

TEST_F(Loops, TwoOfUsPointedAtEachOtherFallSilentAfterTwoMails) {
    Desk a("support@a.example", clock, post);
    Desk b("support@b.example", clock, post);
    a.take(letter("support@b.example", "support@a.example", "", "Hello", "Where is our invoice?"));
    carry([&](const Posted& mail) { EXPECT_TRUE((mail.to == a.address() ? a : b).take(mail.bytes).starts_with("ignored mail.loop")); });
    EXPECT_EQ(sent["support@a.example"], 2) << "an acknowledgment and an answer to the one mail that somebody wrote";
    EXPECT_EQ(sent["support@b.example"], 0);
    EXPECT_EQ(b.cases(), 0U);
}

TEST_F(Loops, EvenWhereARelayTakesOurHeadersAway) {
    Desk a("support@a.example", clock, post);
    Desk b("support@b.example", clock, post);
    a.take(letter("support@b.example", "support@a.example", "", "Hello", "Where is our invoice?"));
    carry([&](const Posted& mail) {
        std::string bytes;
        for (const std::string_view line : text::split_lines(mail.bytes))
            if (!line.starts_with("X-") && !line.starts_with("Auto-Submitted")) bytes += std::string(line) + "\r\n";
        (mail.to == a.address() ? a : b).take(bytes);
    });
    EXPECT_LE(sent["support@a.example"], 2);
    EXPECT_LE(sent["support@b.example"], 2);
}

TEST_F(Loops, AResponderThatSaysWhatItIsIsNeverAnswered) {
    Desk desk("support@a.example", clock, post);
    carry_to_responder(desk, [&](const mail::ParsedEmail& mail, const std::string& to) {
        return letter("ann@customer.example", to, "Return-Path: <>\r\nAuto-Submitted: auto-replied\r\nIn-Reply-To: <" + mail.message_id + ">\r\n", "Re: " + mail.subject,
                      "I am away until Monday.");
    });
    EXPECT_EQ(answers, 2);
    EXPECT_EQ(sent["support@a.example"], 3) << "acknowledgment and answer; two days later the one question whether it helped";
    EXPECT_EQ(desk.cases(), 1U);
}

TEST_F(Loops, OneThatSaysNothingGetsTwoMailsAndNoMore) {
    Desk desk("support@a.example", clock, post);
    carry_to_responder(desk, [&](const mail::ParsedEmail& mail, const std::string& to) {
        return letter("ann@customer.example", to, "In-Reply-To: <" + mail.message_id + ">\r\n", "Re: " + mail.subject, "I am away until Monday.");
    });
    EXPECT_EQ(sent["support@a.example"], 2);
    EXPECT_EQ(desk.cases(), 1U);
}

TEST_F(Loops, OneThatDoesNotEvenSayWhatItAnswersGetsTwoMailsAndNoMore) {
    Desk desk("support@a.example", clock, post);
    carry_to_responder(desk, [&](const mail::ParsedEmail& mail, const std::string& to) {
        return letter("ann@customer.example", to, "", "Re: " + mail.subject, "I am away until Monday.");
    });
    EXPECT_LE(sent["support@a.example"], 3) << "two at once, and two days later the one question whether it helped";
    EXPECT_EQ(answers, 2);
}

TEST_F(Loops, WhereTheSecondAnswerNeedsNoPersonItIsTheLast) {
    std::string document = testkit::shipped_document();
    const std::string draft = "repeat: draft";
    document.replace(document.find(draft), draft.size(), "repeat: auto");
    Desk desk("support@a.example", clock, post, document);
    carry_to_responder(desk, [&](const mail::ParsedEmail& mail, const std::string& to) {
        return letter("ann@customer.example", to, "In-Reply-To: <" + mail.message_id + ">\r\n", "Re: " + mail.subject, "I am away until Monday.");
    });
    EXPECT_EQ(sent["support@a.example"], 3);
}

}  // namespace
}  // namespace resolute::test
