// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/time.h"
#include "tests/sim/random.h"

/// What can go wrong, how often in this life, and what of it has been seen. A new fault: a name here, a rate in `Plan`, and its
/// meaning where it strikes (outside.cpp for calls, faulty_stores.cpp for the database, simulation.cpp for the machine).
namespace resolute::sim {

/// Faults of one operation. The order is the order of the columns in the coverage table.
enum class Fault {
    none,
    crash_before,    ///< the program dies before anything happened
    crash_after,     ///< it happened, and the program dies before it knows
    paused_before,   ///< the program stands still beyond its lease, others go on, then it comes back and does it
    paused_after,    ///< it happened; then the pause
    unavailable,     ///< nothing happened, said so
    busy,            ///< 429 or a full disk: nothing happened, said so
    lost_request,    ///< nothing happened, and nobody can say so
    lost_reply,      ///< ExecuteAndTimeout: done, the caller sees a timeout
    late,            ///< done some minutes after the caller saw the timeout
    lie,             ///< done, and the other side answers with an error that leaves it open
};
inline constexpr std::size_t kFaults = 11;
std::string_view to_string(Fault fault);

/// The operations that faults strike. The first five are calls to the outside by the class of their effect.
enum class Site {
    reads, computes, idempotent, mails, look_up,
    commit_open,      ///< a mail opens a case
    commit_signal,    ///< a mail, a person's word, a rating for a case that is there
    commit_settle,    ///< the end of a call that may be repeated
    commit_mail_end,  ///< the end of a mail's attempt
    commit_wake,      ///< timers
    claim, load, intake_keep, intake_count, intake_conclude, intake_read,
};
inline constexpr std::size_t kSites = 16;
std::string_view to_string(Site site);

/// What one seed decides about a life before it begins.
struct Plan {
    std::uint64_t seed = 0;
    int workers = 1;
    int conversations = 20;
    Duration arrivals_within{};  ///< first mails
    Duration faults_until{};     ///< from the start on; then all is well
    std::array<std::array<double, kFaults>, kSites> rates{};
    Duration sent_folder_lag{};  ///< how long a mail that went out is not found yet
    Duration lateness_max{};
    double redelivered = 0;      ///< a mail comes twice, under another uid
    double hidden = 0;           ///< a mail is not listed for a while
    double shuffled = 0;         ///< a list comes in another order
    double double_click = 0;
    double model_promises = 0;   ///< the language model writes of money that nobody granted
    double model_flips = 0;      ///< … or changes its mind about the category
    struct Outage { std::string integration; Duration begin{}; Duration end{}; };
    std::vector<Outage> outages;
    struct Moment { Duration at{}; Duration offset{}; };
    std::vector<Moment> clock_jumps;
    std::vector<Duration> kills;           ///< a worker dies between two operations
    std::vector<Duration> lost_leases;     ///< the store fences a worker that lives
    std::optional<Moment> restore;         ///< at `at` the backup of `at - offset` is put back
    std::optional<Duration> new_procedure; ///< from then on new cases begin on another one
    std::optional<Duration> poison;        ///< from then on some calls of one case kill the program
};
Plan draw_plan(std::uint64_t seed);

/// What was struck by what, and what was seen at least sometimes.
struct Coverage {
    std::array<std::array<std::uint64_t, kFaults>, kSites> cells{};
    std::map<std::string, std::uint64_t> seen;

    void strike(Site site, Fault fault) { ++cells[static_cast<std::size_t>(site)][static_cast<std::size_t>(fault)]; }
    void note(const std::string& what) { ++seen[what]; }
    void add(const Coverage& other);
    /// The cells and sights that a run of many seeds must have and this one has not.
    [[nodiscard]] std::vector<std::string> missing() const;
    [[nodiscard]] std::string table() const;
};
/// Whether this fault can strike there at all.
bool is_possible(Site site, Fault fault);

}  // namespace resolute::sim
