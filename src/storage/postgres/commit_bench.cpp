// SPDX-License-Identifier: Apache-2.0
// How many steps of cases PostgreSQL takes per second, durably, in batches as the engine's committer makes them. A step: one row
// of the journal, the case's head, the end of one effect and the plan of the next. Beside it, what of the two cores it took here and
// in the server (all of its processes, from /proc).
//   postgres_commit_bench [seconds per measurement] [url of a server on this machine]
#include <atomic>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <memory>
#include <set>
#include <string>
#include <sys/resource.h>
#include <thread>
#include <unistd.h>
#include <vector>

#include <fmt/format.h>

#include "base/clock.h"
#include "base/hash.h"
#include "storage/postgres/postgres_storage.h"
#include "testkit/postgres_server.h"

namespace {

using namespace resolute;

constexpr int kCases = 4096;

/// Cases that take one step after the other.
class Steps {
public:
    Steps(std::string name, const std::string& filler) : name_(std::move(name)), filler_(filler), cases_(kCases) {
        for (std::size_t i = 0; i < cases_.size(); ++i) {
            cases_[i].id = CaseId("c" + short_hash({name_, std::to_string(i)}, 15));
            cases_[i].head = engine::chain_start(cases_[i].id);
        }
    }
    std::vector<engine::CaseCommit> next(std::size_t size) {
        std::vector<engine::CaseCommit> commits;
        for (std::size_t i = 0; i < size; ++i) commits.push_back(step(cases_[next_++ % cases_.size()]));
        return commits;
    }

private:
    struct Case {
        CaseId id;
        std::string head;
        std::uint64_t version = 0;
    };

    engine::CaseCommit step(Case& one) const {
        engine::CaseCommit commit;
        commit.case_id = one.id;
        commit.expected_version = one.version;
        commit.expected_head = one.head;
        commit.procedure_hash = std::string(64, 'a');
        commit.data_subject = std::string(32, 'b') + ":1";
        if (one.version == 0) {
            commit.summary.emplace();
            commit.summary->id = one.id;
            commit.summary->subject = "Where is my order?";
        } else {
            commit.effect_updates.push_back({.id = effect_id(one), .status = engine::EffectStatus::confirmed, .next_at = {}, .last_error = {}});
        }
        engine::JournalRow row{.number = one.version + 1, .count = 3, .events = "[" + std::string(348, ' ') + "]",
                               .sealed = filler_.substr(0, 250), .hash = {}};
        row.hash = engine::chain_hash(one.head, row.events, row.sealed);
        one.head = row.hash;
        one.version += row.count;
        commit.version = one.version;
        commit.rows.push_back(std::move(row));
        engine::EffectRecord record;
        record.effect.id = effect_id(one);
        record.effect.case_id = one.id;
        record.effect.tool = "crm.find_customer";
        record.effect.integration = "crm";
        record.effect.payload = filler_;
        record.effect.payload_hash = std::string(64, 'c');
        record.data_subject = commit.data_subject;
        record.status = engine::EffectStatus::intended;
        record.attempt = 1;
        commit.new_effects.push_back(std::move(record));
        return commit;
    }
    [[nodiscard]] static EffectId effect_id(const Case& one) {
        return EffectId(short_hash({one.id.value(), std::to_string(one.version)}, 26));
    }

    std::string name_;
    std::string filler_;
    std::vector<Case> cases_;
    std::size_t next_ = 0;
};

double own_cpu_seconds() {
    rusage usage{};
    getrusage(RUSAGE_SELF, &usage);
    const auto seconds = [](const timeval& time) { return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6; };
    return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

/// What the measurements look at.
struct Bench {
    std::unique_ptr<storage::PostgresStorage> storage;
    std::optional<testkit::PostgresServer> server;  ///< ours; nothing: one that was there
    double seconds = 0;
    /// What the server says of itself; empty of one that was there.
    [[nodiscard]] std::int64_t number(const std::string& sql) const {
        if (!server) return 0;
        const auto text = server->psql(sql);
        return text ? std::strtoll(text->c_str(), nullptr, 10) : 0;
    }
    [[nodiscard]] double server_cpu_seconds() const;
};

/// Of its processes (of all of this name, where it is not ours), those that ended left out.
double Bench::server_cpu_seconds() const {
    double ticks = 0;
    std::set<std::string> ours;
    if (server)
        for (const pid_t pid : server->processes()) ours.insert(std::to_string(pid));
    for (const auto& entry : std::filesystem::directory_iterator("/proc")) {
        if (server && !ours.contains(entry.path().filename().string())) continue;
        std::ifstream file(entry.path() / "stat");
        std::string line;
        if (!std::getline(file, line) || line.find("(postgres)") == std::string::npos) continue;
        std::size_t at = line.rfind(')') + 2;
        for (int field = 3; field < 14; ++field) at = line.find(' ', at) + 1;
        char* end = nullptr;
        ticks += static_cast<double>(std::strtoull(line.c_str() + at, &end, 10));
        ticks += static_cast<double>(std::strtoull(end, nullptr, 10));
    }
    return ticks / static_cast<double>(sysconf(_SC_CLK_TCK));
}

void commit_until(engine::Store& store, const engine::Lease& lease, Steps& steps, std::size_t size, double until,
                  std::atomic<std::uint64_t>& count) {
    while (monotonic_seconds() < until) {
        const auto commits = steps.next(size);
        const auto committed = store.commit(lease, commits);
        if (!committed) {
            fmt::print(stderr, "{}\n", describe(committed.error()));
            std::exit(1);
        }
        for (const Status& status : committed->results)
            if (!status) {
                fmt::print(stderr, "refused: {}\n", describe(status.error()));
                std::exit(1);
            }
        count += size;
    }
}

constexpr const char* kWal = "SELECT (pg_current_wal_insert_lsn() - '0/0')::bigint";
constexpr const char* kHeads = "SELECT n_tup_upd FROM pg_stat_user_tables WHERE relname = 'cases'";
constexpr const char* kHotHeads = "SELECT n_tup_hot_upd FROM pg_stat_user_tables WHERE relname = 'cases'";

void measure(const Bench& bench, std::size_t size, int threads) {
    storage::PostgresStorage& storage = *bench.storage;
    const auto lease = storage.engine_store().acquire("bench", Instant{}, engine::kJournalFormat);
    if (!lease) std::exit(1);
    std::string filler;
    while (filler.size() < 600) {
        const Sha256 noise = sha256(std::to_string(filler.size()));
        filler.append(reinterpret_cast<const char*>(noise.data()), noise.size());
    }
    std::vector<Steps> steps;
    for (int i = 0; i < threads; ++i) steps.emplace_back(fmt::format("{}/{}/{}", size, threads, i), filler);
    std::atomic<std::uint64_t> count = 0;
    // First the cases' beginnings, which write what lists show.
    for (Steps& each : steps)
        for (int i = 0; i < kCases; i += 256) {
            const auto begun = storage.engine_store().commit(*lease, each.next(256));
            if (!begun || !begun->results.front()) std::exit(1);
        }
    const std::int64_t wal = bench.number(kWal);
    const double own = own_cpu_seconds();
    const double server = bench.server_cpu_seconds();
    const double begin = monotonic_seconds();
    std::vector<std::thread> running;
    for (Steps& each : steps)
        running.emplace_back([&] { commit_until(storage.engine_store(), *lease, each, size, begin + bench.seconds, count); });
    for (std::thread& thread : running) thread.join();
    const double elapsed = monotonic_seconds() - begin;
    const auto steps_done = static_cast<double>(count.load());
    const double own_cpu = own_cpu_seconds() - own;
    const double server_cpu = bench.server_cpu_seconds() - server;
    fmt::print("batches of {:>3}, {} at once: {:>7.0f} steps/s, {:>6.2f} ms a batch; for each step {:>5.1f} µs here, {:>6.1f} µs in the server, "
               "{:>5.0f} bytes of log\n",
               size, threads, steps_done / elapsed, elapsed * threads * static_cast<double>(size) / steps_done * 1e3, own_cpu / steps_done * 1e6,
               server_cpu / steps_done * 1e6, static_cast<double>(bench.number(kWal) - wal) / steps_done);
}

}  // namespace

int main(int count, char** arguments) {
    Bench bench{.storage = {}, .server = {}, .seconds = count > 1 ? std::atof(arguments[1]) : 5};
    std::string url = count > 2 ? arguments[2] : "";
    if (url.empty()) {
        auto started = testkit::PostgresServer::start(
            {.is_durable = true, .has_unix_socket = false, .settings = {{"shared_buffers", "512MB"}, {"max_wal_size", "4GB"}}});
        if (!started) {
            fmt::print(stderr, "{}\n", describe(started.error()));
            return 3;
        }
        bench.server.emplace(*std::move(started));
        url = bench.server->url();
    }
    auto storage = storage::PostgresStorage::open({.url = url});
    if (!storage) {
        fmt::print(stderr, "{}\n", describe(storage.error()));
        return 3;
    }
    bench.storage = *std::move(storage);
    for (const std::size_t size : {1u, 16u, 64u, 256u})
        for (const int threads : {1, 2}) measure(bench, size, threads);
    if (bench.server)
        fmt::print("heads updated: {}, within their page: {}\n", bench.number(kHeads), bench.number(kHotHeads));
    return 0;
}
