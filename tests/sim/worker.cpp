// SPDX-License-Identifier: Apache-2.0
#include "tests/sim/worker.h"

#include <fmt/format.h>

#include "base/hash.h"
#include "tests/sim/procedures.h"

namespace resolute::sim {

/// The engine as the mailroom sees it.
class Program::Inbox final : public mailroom::CaseInbox {
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

Program::Program(const Setup& setup, int worker, storage::MemoryStorage& storage)
    : setup_(setup),
      crm_(setup.world, setup.customers.known()),
      helpdesk_(setup.world),
      people_(setup.world),
      chat_(setup.world),
      knowledge_(setup.world),
      language_(setup.world),
      sender_(setup.world),
      files_(setup.world),
      box0_(setup.world, worker, 0),
      box1_(setup.world, worker, 1) {
    World& world = setup.world;
    engine::Store& real = storage.engine_store();
    const Planted* planted = setup.planted;
    if (planted != nullptr && planted->store) planted_store_ = planted->store(world, real);
    if (planted != nullptr && planted->intake) planted_intake_ = planted->intake(world, storage.intake());
    store_ = std::make_unique<SimStore>(world, setup.witness, worker, planted_store_ ? *planted_store_ : real, real);
    intake_store_ = std::make_unique<SimIntakeStore>(world, worker, planted_intake_ ? *planted_intake_ : storage.intake());
    vault_ = std::make_unique<engine::Vault>(*store_);
    if (setup.master_key)
        vault_ = std::make_unique<engine::Vault>(*store_, *setup.master_key, [master = *setup.master_key, made = setup.keys_made] {
            return seal::derive(master, "subject " + std::to_string(++*made));
        });
    book_ = std::make_unique<engine::ProcedureBook>(*store_, sim_catalogue());
    tools_world_ = std::make_unique<tools::World>(
        tools::World{crm_, helpdesk_, people_, chat_, knowledge_, language_, sender_, *intake_store_, storage.queries(), storage.desk(), &files_,
                     ports::Voice{.organisation = "Acme", .support_address = "support@acme.example", .signature = "The Acme team", .disclaimer = {}},
                     ExchangeRates{}});
    tools_ = std::make_unique<tools::ToolRunner>(*tools_world_);
    watched_ = std::make_unique<WatchedRunner>(world, worker, *tools_);
    if (planted != nullptr && planted->runner) planted_runner_ = planted->runner(world, *watched_);
    engine::Options options;
    options.owner = fmt::format("worker-{}", worker);
    options.journal_format = setup.journal_format;
    options.claim_batch = 8;
    options.queue_max = 32;
    options.snapshot_every = 16;
    engine_ = std::make_unique<engine::Engine>(world.clock, *store_, planted_runner_ ? *planted_runner_ : *watched_, *book_, *vault_, options);
    inbox_ = std::make_unique<Inbox>(*engine_);
    for (Mailbox* box : {&box0_, &box1_}) {
        box->before_done = [&world, &storage](const Incoming& mail) {
            const auto kept = storage.intake().find(mail::id_of(mail.mail));
            const bool is_durable = kept && *kept && (*kept)->blob == sha256_hex(mail.mail.bytes);
            if (!is_durable)
                world.breach("2 nothing is marked before it is kept", fmt::format("mail {} is marked in the mailbox", mail.message_id));
        };
    }
    intake_ = std::make_unique<mailroom::Intake>(
        std::vector<ports::MailSource*>{&box0_, &box1_}, *intake_store_, storage.queries(), *inbox_, mail::parse,
        mailroom::IntakeOptions{.authserv_id = "mx.acme.example", .rules = {.own_addresses = {"support@acme.example"}}, .vip_hint = {},
                                .list_max = 4, .work_max = 4});
}

Program::~Program() = default;

Status Program::start(const std::optional<engine::Anchor>& anchor) {
    // Both live as long as the process: nobody owns them. The older one too, so that its cases need not read it from the store.
    const auto unowned = [](const procedure::Procedure* procedure) { return std::shared_ptr<const procedure::Procedure>(std::shared_ptr<void>(), procedure); };
    TRY_STATUS(book_->set_current(unowned(setup_.first_procedure)));
    if (setup_.current_procedure != setup_.first_procedure) TRY_STATUS(book_->set_current(unowned(setup_.current_procedure)));
    return engine_->start(anchor);
}

}  // namespace resolute::sim
