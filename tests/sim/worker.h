// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <optional>

#include "base/seal.h"
#include "engine/engine.h"
#include "engine/vault.h"
#include "mailroom/intake.h"
#include "storage/memory/memory_storage.h"
#include "tests/sim/customers.h"
#include "tests/sim/faulty_stores.h"
#include "tests/sim/language.h"
#include "tests/sim/planted.h"
#include "tests/sim/world.h"
#include "tools/tool.h"

namespace resolute::sim {

/// What every worker is told when it starts.
struct Setup {
    World& world;
    Witness& witness;
    Customers& customers;
    const Planted* planted = nullptr;
    std::optional<seal::Key> master_key;
    std::shared_ptr<int> keys_made = std::make_shared<int>(0);  ///< of subjects, so that a life is the same each time
    int journal_format = engine::kJournalFormat;
    const procedure::Procedure* first_procedure = nullptr;
    const procedure::Procedure* current_procedure = nullptr;
};

/// One program from its start to its death: the real engine, mailroom and tools over the simulated world.
class Program {
public:
    Program(const Setup& setup, int worker, storage::MemoryStorage& storage);
    ~Program();
    Program(const Program&) = delete;
    Program& operator=(const Program&) = delete;

    engine::Engine& engine() { return *engine_; }
    engine::Vault& vault() { return *vault_; }
    mailroom::Intake& intake() { return *intake_; }
    engine::ProcedureBook& book() { return *book_; }
    Status start(const std::optional<engine::Anchor>& anchor);

private:
    class Inbox;
    const Setup setup_;
    std::unique_ptr<engine::Store> planted_store_;
    std::unique_ptr<ports::IntakeStore> planted_intake_;
    std::unique_ptr<SimStore> store_;
    std::unique_ptr<SimIntakeStore> intake_store_;
    Crm crm_;
    Helpdesk helpdesk_;
    People people_;
    Chat chat_;
    Knowledge knowledge_;
    Language language_;
    Sender sender_;
    Files files_;
    Mailbox box0_;
    Mailbox box1_;
    std::unique_ptr<engine::Vault> vault_;
    std::unique_ptr<engine::ProcedureBook> book_;
    std::unique_ptr<tools::World> tools_world_;
    std::unique_ptr<tools::ToolRunner> tools_;
    std::unique_ptr<WatchedRunner> watched_;
    std::unique_ptr<engine::EffectRunner> planted_runner_;
    std::unique_ptr<engine::Engine> engine_;
    std::unique_ptr<Inbox> inbox_;
    std::unique_ptr<mailroom::Intake> intake_;
};

}  // namespace resolute::sim
