// SPDX-License-Identifier: Apache-2.0
#include <csignal>
#include <cstdint>
#include <poll.h>
#include <random>
#include <sys/wait.h>
#include <unistd.h>

#include "engine/verify.h"
#include "storage/sqlite/sqlite_storage.h"
#include "tests/conformance/storage_under_test.h"

/// The program is killed at random moments while it commits; whatever it had told anybody must be there afterwards.
namespace resolute::conformance {

namespace {

using storage::SqliteStorage;
using storage::sqlite::Mode;

constexpr int kRounds = 20;
constexpr int kThreads = 3;

/// What the child says on the pipe after each durable commit; smaller than PIPE_BUF, so never torn.
struct Ack {
    int thread = 0;
    std::uint64_t version = 0;
};

std::string case_name(int round, int thread) { return "c" + std::to_string(round) + "-" + std::to_string(thread); }

engine::CaseCommit next_step(CaseWriter& writer, std::uint64_t step) {
    auto commit = writer.commit(2);
    commit.new_effects.push_back(effect(writer.id(), writer.id().value() + "/" + std::to_string(step), engine::EffectStatus::intended));
    if (step > 0)
        commit.effect_updates.push_back({.id = EffectId(writer.id().value() + "/" + std::to_string(step - 1)),
                                         .status = engine::EffectStatus::confirmed,
                                         .next_at = at(0),
                                         .last_error = ""});
    if (step % 5 == 0) commit.snapshot = "{}";
    return commit;
}

[[noreturn]] void commit_until_killed(const std::filesystem::path& file, int round, int pipe) {
    auto storage = SqliteStorage::open(file, Mode::owner);
    if (!storage) _exit(2);
    const auto lease = (*storage)->engine_store().acquire("child", at(round), engine::kJournalFormat);
    if (!lease) _exit(3);
    std::vector<std::thread> threads;
    for (int thread = 0; thread < kThreads; ++thread)
        threads.emplace_back([&, thread] {
            CaseWriter writer(case_name(round, thread));
            for (std::uint64_t step = 0;; ++step) {
                if (!commit_one((*storage)->engine_store(), *lease, next_step(writer, step))) _exit(4);
                const Ack ack{.thread = thread, .version = (step + 1) * 2};
                if (write(pipe, &ack, sizeof ack) != sizeof ack) _exit(5);
            }
        });
    for (auto& thread : threads) thread.join();
    _exit(6);
}

/// Lets the child come to `acks_before_kill` commits, kills it, and returns the last version acknowledged per thread.
std::array<std::uint64_t, kThreads> run_and_kill(const std::filesystem::path& file, int round, int acks_before_kill) {
    int ends[2];
    INVARIANT(pipe(ends) == 0, "tests can make a pipe");
    const pid_t child = fork();
    if (child == 0) {
        close(ends[0]);
        commit_until_killed(file, round, ends[1]);
    }
    close(ends[1]);
    std::array<std::uint64_t, kThreads> acknowledged{};
    Ack ack;
    for (int count = 0; read(ends[0], &ack, sizeof ack) == sizeof ack; ++count) {
        acknowledged.at(static_cast<std::size_t>(ack.thread)) = ack.version;
        if (count == acks_before_kill) kill(child, SIGKILL);  // What is still in the pipe was said before it died.
    }
    close(ends[0]);
    int status = 0;
    waitpid(child, &status, 0);
    EXPECT_TRUE(WIFSIGNALED(status)) << "the child ended by itself with " << WEXITSTATUS(status);
    return acknowledged;
}

}  // namespace

TEST(SqliteCrash, EveryAcknowledgedCommitIsThereAfterAKillAndTheChainHolds) {
    const TempFolder folder;
    const auto file = folder / "resolute.db";
    std::mt19937 random(20261122);
    for (int round = 0; round < kRounds; ++round) {
        const auto acknowledged = run_and_kill(file, round, std::uniform_int_distribution(0, 60)(random));
        auto storage = SqliteStorage::open(file, Mode::owner);
        ASSERT_OK(storage);
        auto& store = (*storage)->engine_store();
        for (int thread = 0; thread < kThreads; ++thread) {
            const std::uint64_t promised = acknowledged.at(static_cast<std::size_t>(thread));
            const CaseId id(case_name(round, thread));
            const auto journal = must(store.journal(id));
            const std::uint64_t events = journal.empty() ? 0 : journal.back().number + journal.back().count - 1;
            EXPECT_GE(events, promised) << id.value();
            EXPECT_LE(events, promised + 2) << id.value() << ": at most the one that was on its way";
            EXPECT_EQ(events % 2, 0u) << "a commit is there whole, or not at all";
            if (journal.empty()) continue;
            const EffectId last(id.value() + "/" + std::to_string(events / 2 - 1));
            EXPECT_EQ((*store.find_effect(last))->status, engine::EffectStatus::intended);
        }
        const auto report = engine::verify(store, must((*storage)->queries().all_case_ids()));
        ASSERT_OK(report);
        EXPECT_TRUE(report->is_sound());
        ASSERT_OK(store.acquire("parent", at(round), engine::kJournalFormat));
    }
}

}  // namespace resolute::conformance
