// SPDX-License-Identifier: Apache-2.0
#include "tests/trust/shop.h"

#include <filesystem>

#include "base/hash.h"
#include "base/invariant.h"
#include "testkit/script.h"

namespace resolute::trust_test {

class Shop::Inbox final : public mailroom::CaseInbox {
public:
    explicit Inbox(engine::Engine& engine) : engine_(engine) {}
    Status receive(const CaseId& id, const casework::Signal& signal, const InputId& input) override {
        TRY_STATUS(engine_.receive(id, signal, input));
        return {};
    }
    Result<std::optional<CaseId>> find_input(const InputId& input) override {
        TRY(const auto known, engine_.find_input(input));
        return known ? std::optional(known->case_id) : std::nullopt;
    }

private:
    engine::Engine& engine_;
};

Shop::Shop(ports::MailCaps caps) {
    const auto imported = storage_.desk().upsert_customers(
        {{.id = CustomerId("K-1"), .name = std::string(kCustomerName), .emails = {std::string(kCustomer)}, .tier = ports::Tier::vip,
          .orders = {{.id = OrderId(std::string(kCustomerOrder)), .date = "2026-11-01", .total = {.minor = 12'345, .currency = "USD"},
                      .items = {"printer"}, .status = "shipped"}},
          .interactions = {}}});
    INVARIANT(imported.has_value(), "customers go into a store in memory");
    auto knowledge = knowledge::FolderKnowledge::open({.folders = {std::filesystem::path(RESOLUTE_SOURCE_DIR) / "examples/knowledge"},
                                                       .base_url = "https://help.acme.example/", .default_language = "en", .weights = {}},
                                                      storage_.articles());
    INVARIANT(knowledge.has_value(), "the example's articles are readable");
    knowledge_ = *std::move(knowledge);
    world_ = std::make_unique<tools::World>(tools::World{
        crm_, helpdesk_, people_, chat_, *knowledge_, language_, outbox_, storage_.intake(), storage_.queries(), storage_.desk(), nullptr,
        ports::Voice{.organisation = "Acme", .support_address = std::string(kSupport), .signature = "The Acme team", .disclaimer = {}}, ExchangeRates{},
        {.ledger = &storage_.automatic_mail_ledger(), .caps = caps, .blind = [](std::string_view text) { return sha256_hex(text); }, .clock = &clock}});
    runner_ = std::make_unique<tools::ToolRunner>(*world_);
    engine_ = std::make_unique<engine::Engine>(clock, storage_.engine_store(), *runner_, book_, vault_, engine::Options{});
    const auto read = book_.set_current(testkit::shipped_procedure());
    INVARIANT(read.has_value(), "the shipped procedure is sound");
    const auto started = engine_->start();
    INVARIANT(started.has_value(), "an engine starts over a store in memory");
    inbox_ = std::make_unique<Inbox>(*engine_);
    intake_ = std::make_unique<mailroom::Intake>(
        std::vector<ports::MailSource*>{}, storage_.intake(), storage_.queries(), *inbox_, mail::parse,
        mailroom::IntakeOptions{.authserv_id = std::string(kOurServer), .rules = {.own_addresses = {std::string(kSupport)}}, .vip_hint = {}});
}
Shop::~Shop() = default;

ports::MailRecord Shop::take_in(const Letter& letter) {
    std::string bytes;
    for (const std::string& line : letter.above) bytes += line + "\r\n";
    bytes += "From: " + letter.from + "\r\nTo: " + std::string(kSupport) + "\r\nSubject: " + letter.subject + "\r\n";
    if (!letter.message_id.empty()) bytes += "Message-ID: <" + letter.message_id + ">\r\n";
    for (const std::string& line : letter.below) bytes += line + "\r\n";
    bytes += "Date: Mon, 23 Nov 2026 08:59:00 +0000\r\n\r\n" + letter.text + "\r\n";
    const auto record = intake_->submit({.position = {}, .received_at = clock.now(), .bytes = std::move(bytes)});
    INVARIANT(record.has_value(), "a mail is taken in");
    return *record;
}

void Shop::work() {
    while (true) {
        const auto done = engine_->run_once(clock.now());
        INVARIANT(done.has_value(), "the engine works over a store in memory");
        if (*done == 0) return;
    }
}

ports::MailRecord Shop::receive(const Letter& letter) {
    const ports::MailRecord record = take_in(letter);
    work();
    return record;
}

casework::CaseState Shop::state_of(const CaseId& id) {
    const auto state = engine_->find_state(id);
    INVARIANT(state.has_value() && state->has_value(), "the case is there");
    return **state;
}

}  // namespace resolute::trust_test
