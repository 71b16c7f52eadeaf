// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>

#include "storage/storage.h"

namespace resolute::storage {

struct MemoryOptions {
    bool shared = true;                              ///< many owners side by side; else a new one fences all before it
    Duration lease_lasts = std::chrono::seconds(15); ///< by the `now` that is handed in
};

/// All the stores in memory, with the whole of their meaning, for tests, the simulator and the benchmark. Threads: any.
class MemoryStorage final : public Storage {
public:
    explicit MemoryStorage(MemoryOptions options = {});
    ~MemoryStorage() override;
    MemoryStorage(const MemoryStorage&) = delete;
    MemoryStorage& operator=(const MemoryStorage&) = delete;

    engine::Store& engine_store() override;
    ports::IntakeStore& intake() override;
    ports::MailLedger& ledger() override;
    ports::DeskStore& desk() override;
    ports::CaseQueries& queries() override;
    ports::ArticleStore& articles() override;
    ports::AutomaticMailLedger& automatic_mail_ledger() override;
    Maintenance& maintenance() override;
    [[nodiscard]] bool is_shared() const override;
    /// A backup: all of it as it is now.
    [[nodiscard]] std::unique_ptr<MemoryStorage> clone() const;
    /// As if the owner had been silent for longer than its lease lasts. For tests.
    void let_lease_run_out(const engine::Lease& lease);

private:
    struct Parts;
    std::unique_ptr<Parts> parts_;
};

}  // namespace resolute::storage
