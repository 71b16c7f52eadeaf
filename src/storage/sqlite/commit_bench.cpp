// SPDX-License-Identifier: Apache-2.0
// How many steps of cases SQLite takes per second: each is one durable commit of two events, a new effect and the end of the
// one before, from 1, 16 and 64 threads, beside what the disk does by itself (4 KiB appended, fdatasync) before and after.
//   commit_bench [folder] [seconds per measurement]
#include <algorithm>
#include <array>
#include <atomic>
#include <cstdlib>
#include <fcntl.h>
#include <filesystem>
#include <string>
#include <thread>
#include <unistd.h>
#include <vector>

#include <fmt/format.h>

#include "base/clock.h"
#include "base/hash.h"
#include "storage/sqlite/sqlite_storage.h"

namespace {

using namespace resolute;

struct Measured {
    double per_second = 0;
    double p50_ms = 0;
    double p99_ms = 0;
};

Measured summarise(std::vector<double>& seconds_each, double elapsed) {
    if (seconds_each.empty()) return {};
    std::ranges::sort(seconds_each);
    const auto at = [&](double share) {
        return seconds_each[static_cast<std::size_t>(share * static_cast<double>(seconds_each.size() - 1))] * 1000;
    };
    return {.per_second = static_cast<double>(seconds_each.size()) / elapsed, .p50_ms = at(0.5), .p99_ms = at(0.99)};
}

Measured measure_disk(const std::filesystem::path& folder, double seconds) {
    const int file = ::open((folder / "raw").c_str(), O_CREAT | O_WRONLY | O_TRUNC | O_CLOEXEC, 0600);
    const std::array<char, 4096> block{};
    std::vector<double> each;
    const double begin = monotonic_seconds();
    double now = begin;
    while (now - begin < seconds) {
        if (write(file, block.data(), block.size()) < 0 || fdatasync(file) != 0) break;
        const double after = monotonic_seconds();
        each.push_back(after - now);
        now = after;
    }
    ::close(file);
    return summarise(each, now - begin);
}

engine::CaseCommit next_step(const CaseId& id, std::string& hash, std::uint64_t step) {
    engine::CaseCommit commit;
    commit.case_id = id;
    commit.expected_version = step * 2;
    for (std::uint64_t number = step * 2 + 1; number <= step * 2 + 2; ++number) {
        std::string event = fmt::format(R"({{"at":"2026-11-22T18:05:00Z","kind":"EffectSucceeded","number":{},"facts":"{}"}})", number,
                                        std::string(200, 'f'));
        hash = engine::chain_hash(hash, event);
        commit.events.push_back({.number = number, .event = std::move(event), .hash = hash});
    }
    engine::EffectRecord record;
    record.effect.id = EffectId(short_hash({id.value(), std::to_string(step)}, 26));
    record.effect.case_id = id;
    record.effect.tool = "crm.find_customer";
    record.effect.integration = "crm";
    record.effect.payload = fmt::format(R"({{"args":"{}"}})", std::string(300, 'p'));
    record.effect.payload_hash = sha256_hex(record.effect.payload);
    record.status = engine::EffectStatus::intended;
    record.attempt = 1;
    commit.new_effects.push_back(std::move(record));
    if (step > 0)
        commit.effect_updates.push_back({.id = EffectId(short_hash({id.value(), std::to_string(step - 1)}, 26)),
                                         .status = engine::EffectStatus::confirmed,
                                         .next_at = {},
                                         .last_error = {}});
    commit.summary.id = id;
    commit.summary.subject = "Where is my order?";
    commit.summary.status = "open";
    return commit;
}

constexpr std::uint64_t kStepsOfACase = 8;

std::vector<double> work(engine::Store& store, const engine::Lease& lease, const std::string& name, double until) {
    std::vector<double> each;
    for (int number = 0;; ++number) {
        const CaseId id("c" + short_hash({name, std::to_string(number)}, 15));
        std::string hash = engine::chain_start(id);
        for (std::uint64_t step = 0; step < kStepsOfACase; ++step) {
            const auto commit = next_step(id, hash, step);
            const double begin = monotonic_seconds();
            if (begin > until) return each;
            const auto result = store.commit(lease, {commit});
            if (!result || !result->front()) {
                fmt::print(stderr, "refused: {}\n", describe(result ? result->front().error() : result.error()));
                std::exit(1);
            }
            each.push_back(monotonic_seconds() - begin);
        }
    }
}

Measured measure_commits(storage::SqliteStorage& storage, int thread_count, double seconds) {
    const auto lease = storage.engine_store().acquire("bench", Instant{});
    if (!lease) std::exit(1);
    std::vector<std::vector<double>> each(static_cast<std::size_t>(thread_count));
    std::vector<std::thread> threads;
    const double begin = monotonic_seconds();
    for (std::size_t thread = 0; thread < each.size(); ++thread)
        threads.emplace_back([&, thread] {
            each[thread] = work(storage.engine_store(), *lease, fmt::format("{}/{}", thread_count, thread), begin + seconds);
        });
    for (auto& thread : threads) thread.join();
    const double elapsed = monotonic_seconds() - begin;
    std::vector<double> all;
    for (const auto& part : each) all.insert(all.end(), part.begin(), part.end());
    return summarise(all, elapsed);
}

void print(const std::string& what, const Measured& measured) {
    fmt::print("{:<28} {:>9.0f}/s   p50 {:>7.2f} ms   p99 {:>7.2f} ms\n", what, measured.per_second, measured.p50_ms, measured.p99_ms);
}

}  // namespace

int main(int count, char** arguments) {
    const std::filesystem::path parent = count > 1 ? arguments[1] : std::filesystem::temp_directory_path();
    const double seconds = count > 2 ? std::atof(arguments[2]) : 5;
    std::string folder = (parent / "resolute-bench-XXXXXX").string();
    if (mkdtemp(folder.data()) == nullptr) return 3;
    print("4 KiB append + fdatasync", measure_disk(folder, seconds));
    {
        auto storage = storage::SqliteStorage::open(std::filesystem::path(folder) / "resolute.db", storage::sqlite::Mode::owner);
        if (!storage) return 3;
        for (const int threads : {1, 16, 64}) print(fmt::format("commits, {} threads", threads), measure_commits(**storage, threads, seconds));
    }
    print("4 KiB append + fdatasync", measure_disk(folder, seconds));
    std::filesystem::remove_all(folder);
    return 0;
}
