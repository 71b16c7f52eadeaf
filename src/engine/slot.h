// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <condition_variable>
#include <deque>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "engine/advance.h"
#include "engine/engine.h"

/// The engine's own parts: what happens to a case, the case in memory, and an advance on its way into the store.
namespace resolute::engine {

/// For the thread that waits until its signal is durable. It outlives the work that carries it.
class Engine::Receipt {
public:
    void set(Result<Received> result) {
        std::lock_guard lock(mutex_);
        result_ = std::move(result);
        is_set_.notify_all();
    }
    bool wait(Duration at_most) {
        std::unique_lock lock(mutex_);
        if (at_most == Duration::zero()) return result_.has_value();  // Even a wait for no time asks the kernel.
        return is_set_.wait_for(lock, at_most, [this] { return result_.has_value(); });
    }
    Result<Received> take() {
        std::lock_guard lock(mutex_);
        return *std::move(result_);
    }
    std::optional<casework::CaseState> state;  ///< for find_state; read after the result is there

private:
    std::mutex mutex_;
    std::condition_variable is_set_;
    std::optional<Result<Received>> result_;
};

/// One thing that happens to a case.
struct Engine::Work {
    struct Signalled {
        casework::Signal signal;
        std::optional<InputId> input;
    };
    struct Settled {
        EffectTicket ticket;
        Settlement settlement;
        bool is_again = false;  ///< its commit failed or was lost before: the row tells whether it is settled already
    };
    struct SetAside {
        EffectTicket ticket;
    };
    struct Erased {
        std::string by;
    };
    struct Woken {};
    struct Looked {};

    std::variant<Signalled, Settled, SetAside, Erased, Woken, Looked> what;
    Receipt* receipt = nullptr;
    int tries = 0;
    std::optional<Error> refused = std::nullopt;  ///< by the store, what the procedure wanted: now a person is asked
};

/// One case in memory. Whoever finds it idle makes it busy and is alone with it until its advance is committed or dropped; what comes
/// meanwhile waits in `waiting`. So a case has one next state, and no thread waits for another one's commit.
struct Engine::Slot {
    explicit Slot(CaseId case_id) : id(std::move(case_id)) {}
    const CaseId id;
    // Guarded by the engine's mutex.
    std::deque<Work> waiting;
    bool is_busy = false;
    // The busy one's.
    bool is_loaded = false;
    casework::CaseState state;
    std::string head_hash;
    std::uint64_t snapshot_version = 0;
    casework::CaseSummary summary;
};

/// An advance that is decided and not yet durable.
struct Engine::Pending {
    std::shared_ptr<Slot> slot;
    Work work;
    Advance advance;
    CaseCommit commit;
    std::uint64_t epoch = 0;
};

}  // namespace resolute::engine
