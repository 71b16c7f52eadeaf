// SPDX-License-Identifier: Apache-2.0
// How many steps of cases SQLite takes per second: each is one durable commit of two events, a new effect and the end of the
// one before, from 1, 16 and 64 threads and in the batches of the engine's committer; beside the same rows by plain SQL, and
// what the disk does by itself (4 KiB appended, fdatasync) before and after.
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
    commit.expected_head = hash;
    commit.version = step * 2 + 2;
    commit.procedure_hash = sha256_hex("procedure");
    commit.data_subject = "5f0c5f0c5f0c5f0c5f0c5f0c5f0c5f0c:1";
    engine::JournalRow row{.number = step * 2 + 1, .count = 2, .events = {}, .sealed = std::string(300, '\x91'), .hash = {}};
    row.events = fmt::format(R"([{{"at":"2026-11-22T18:05:00Z","facts":"{0}","kind":"EffectSucceeded"}},{{"facts":"{0}","kind":"EffectPlanned"}}])",
                             std::string(100, 'f'));
    hash = engine::chain_hash(hash, row.events, row.sealed);
    row.hash = hash;
    commit.rows.push_back(std::move(row));
    engine::EffectRecord record;
    record.effect.id = EffectId(short_hash({id.value(), std::to_string(step)}, 26));
    record.effect.case_id = id;
    record.effect.tool = "crm.find_customer";
    record.effect.integration = "crm";
    record.effect.payload = fmt::format(R"({{"args":"{}"}})", std::string(300, 'p'));
    record.effect.payload_hash = sha256_hex(record.effect.payload);
    record.data_subject = commit.data_subject;
    record.status = engine::EffectStatus::intended;
    record.attempt = 1;
    commit.new_effects.push_back(std::move(record));
    if (step > 0) {
        commit.effect_updates.push_back({.id = EffectId(short_hash({id.value(), std::to_string(step - 1)}, 26)),
                                         .status = engine::EffectStatus::confirmed,
                                         .next_at = {},
                                         .last_error = {}});
    } else {
        commit.summary.emplace();
        commit.summary->id = id;
        commit.summary->subject = "Where is my order?";
        commit.summary->status = "open";
    }
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
            if (!result || !result->results.front()) {
                fmt::print(stderr, "refused: {}\n", describe(result ? result->results.front().error() : result.error()));
                std::exit(1);
            }
            each.push_back(monotonic_seconds() - begin);
        }
    }
}

Measured measure_commits(storage::SqliteStorage& storage, int thread_count, double seconds) {
    const auto lease = storage.engine_store().acquire("bench", Instant{}, engine::kJournalFormat);
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

/// As the engine's committer does it: the next step of many cases in one call.
Measured measure_batches(storage::SqliteStorage& storage, std::size_t batch, double seconds) {
    auto& store = storage.engine_store();
    const auto lease = store.acquire("bench", Instant{}, engine::kJournalFormat);
    if (!lease) std::exit(1);
    std::vector<double> each;
    double busy = 0;  // Making the commits is not the store's.
    for (int round = 0; busy < seconds; ++round) {
        std::vector<CaseId> ids;
        std::vector<std::string> hashes;
        for (std::size_t i = 0; i < batch; ++i) {
            ids.emplace_back("c" + short_hash({std::to_string(batch), std::to_string(round), std::to_string(i)}, 15));
            hashes.push_back(engine::chain_start(ids.back()));
        }
        for (std::uint64_t step = 0; step < kStepsOfACase; ++step) {
            std::vector<engine::CaseCommit> commits;
            for (std::size_t i = 0; i < batch; ++i) commits.push_back(next_step(ids[i], hashes[i], step));
            const double begin = monotonic_seconds();
            const auto result = store.commit(*lease, commits);
            const double took = monotonic_seconds() - begin;
            busy += took;
            if (!result || !std::ranges::all_of(result->results, [](const Status& status) { return status.has_value(); })) std::exit(1);
            each.insert(each.end(), batch, took);
        }
    }
    return summarise(each, busy);
}

/// The same rows by plain SQL on a bare connection, values ready, in the same batches: what the store's checks cost beside it.
Measured measure_plain(const std::filesystem::path& file, std::size_t batch, double seconds) {
    using storage::sqlite::Blob;
    auto opened = storage::sqlite::Connection::open(file, storage::sqlite::Mode::owner);
    if (!opened) std::exit(1);
    storage::sqlite::Connection& connection = **opened;
    const std::string events(300, 'f');
    const std::string sealed(300, 's');
    const std::string hash(64, 'a');
    const std::string payload(310, 'p');
    const std::string subject(34, 'd');
    std::vector<double> each;
    double busy = 0;
    const auto check = [](const Status& status) {
        if (status) return;
        fmt::print(stderr, "plain: {}\n", describe(status.error()));
        std::exit(1);
    };
    for (int round = 0; busy < seconds; ++round) {
        std::vector<std::string> ids;
        std::vector<std::string> effects;
        for (std::size_t i = 0; i < batch; ++i) {
            ids.push_back("c" + short_hash({"plain", std::to_string(batch), std::to_string(round), std::to_string(i)}, 15));
            effects.push_back(short_hash({ids.back()}, 24));
        }
        for (std::uint64_t step = 0; step < kStepsOfACase; ++step) {
            const double begin = monotonic_seconds();
            check(connection.execute("BEGIN IMMEDIATE"));
            for (std::size_t i = 0; i < batch; ++i) {
                if (step == 0) {
                    check(connection.run("INSERT INTO case_list VALUES (?, 0, 'open', '', '', '', 'Where is my order?', '{}')", ids[i]));
                    check(connection.run("INSERT INTO cases VALUES (?, 2, ?, 'active', NULL, 0, ?, ?)", ids[i], hash, hash, subject));
                } else {
                    check(connection.run("UPDATE cases SET version = ?, head_hash = ? WHERE id = ?", step * 2 + 2, hash, ids[i]));
                    check(connection.run("DELETE FROM effects WHERE id = ?", effects[i] + std::to_string(step - 1)));
                }
                check(connection.run("INSERT INTO journal (case_id, number, count, events, sealed, hash) VALUES (?, ?, 2, ?, ?, ?)",
                                     ids[i], step * 2 + 1, events, Blob{sealed}, hash));
                check(connection.run("INSERT INTO effects VALUES (?, ?, 'crm.find_customer', 'crm', 'reads', 'step', 0, ?, 0, 1, 0, 0, 0, 0, "
                                     "'intended', 1, 0, 0, 0, 1, '', ?, ?)",
                                     effects[i] + std::to_string(step), ids[i], hash, subject, Blob{payload}));
            }
            check(connection.execute("COMMIT"));
            const double took = monotonic_seconds() - begin;
            busy += took;
            each.insert(each.end(), batch, took);
        }
    }
    return summarise(each, busy);
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
        for (const std::size_t batch : {16UZ, 64UZ, 256UZ}) print(fmt::format("batches of {}", batch), measure_batches(**storage, batch, seconds));
    }
    for (const std::size_t batch : {16UZ, 64UZ, 256UZ})
        print(fmt::format("plain SQL, batches of {}", batch), measure_plain(std::filesystem::path(folder) / "resolute.db", batch, seconds));
    print("4 KiB append + fdatasync", measure_disk(folder, seconds));
    std::filesystem::remove_all(folder);
    return 0;
}
