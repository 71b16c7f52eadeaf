// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "tests/sim/staff.h"
#include "tests/sim/worker.h"

namespace resolute::sim {

/// What one life was.
struct Outcome {
    std::uint64_t seed = 0;
    std::uint64_t steps = 0;
    std::uint64_t cases = 0;
    std::uint64_t events = 0;
    std::uint64_t mails_delivered = 0;
    Duration lived{};
    std::uint64_t digest = 0;  ///< of all that happened: equal for equal lives
    Coverage coverage;
    std::vector<Violation> violations;
    std::string story;         ///< where something was violated: the plan, what befell the machine, the case's journal in words
};

/// One life from its seed to its rest.
Outcome simulate(std::uint64_t seed, const Planted* planted = nullptr);

/// The machine room: workers that start, stand still and die over one database, and time that goes on.
class Simulation {
public:
    Simulation(const Plan& plan, const Planted* planted);
    void run();
    [[nodiscard]] Outcome outcome();

private:
    struct Place {
        std::unique_ptr<Program> program;  ///< nothing: it is dead
        bool is_busy = false;              ///< somewhere on the stack
        Instant starts_at{};
        std::optional<engine::Anchor> anchor;  ///< the file beside the database
    };
    bool round();
    bool act(int worker);
    bool guarded(int worker, const std::function<bool()>& what);
    void start(int worker);
    void kill(int worker, Duration for_how_long);
    void stand_still(int worker, Duration duration);
    void befall();
    void restore();
    void release();
    void freeze_as_the_handbook_says();
    void stop_faults();
    void jump(Instant to);
    [[nodiscard]] bool has_pending_mail();
    [[nodiscard]] Instant next_moment();
    bool speak(const std::function<void(engine::Engine&)>& words);
    void look_for_unrest();
    [[nodiscard]] bool is_too_long() const;

    const Plan plan_;
    const Planted* planted_;
    World world_;
    Witness witness_;
    Customers customers_;
    Staff staff_;
    std::unique_ptr<storage::MemoryStorage> storage_;
    std::unique_ptr<storage::MemoryStorage> backup_;
    std::vector<std::unique_ptr<storage::MemoryStorage>> thrown_away_;  ///< calls that began on them may still be on the stack
    std::vector<Place> places_;
    std::optional<Setup> setup_;
    std::size_t jumps_done_ = 0;
    std::size_t kills_done_ = 0;
    std::size_t leases_lost_ = 0;
    bool is_restored_ = false;
    std::uint64_t commits_at_backup_ = 0;
    std::optional<Instant> release_at_;
    std::vector<Instant> polls_;  ///< when dead workers' leases are over
    Duration patience_{};
    int depth_ = 0;
};

}  // namespace resolute::sim
