// SPDX-License-Identifier: Apache-2.0
#include "app/bench_floor.h"

#include <fcntl.h>
#include <unistd.h>

#include <fmt/format.h>

#include "app/bench_usage.h"
#include "base/file.h"
#include "base/hash.h"

namespace resolute::app {
namespace {

constexpr std::size_t kEffectIdLength = 26;

std::vector<FloorCase> make_cases(const std::string& run, std::uint64_t& number, std::size_t count) {
    std::vector<FloorCase> cases(count);
    for (FloorCase& one : cases) {
        one.id = bench_case_id(run, ++number).value();
        for (int i = 0; i <= kBenchSteps; ++i) one.effects.push_back(short_hash({one.id, std::to_string(i)}, kEffectIdLength));
    }
    return cases;
}

}  // namespace

Result<Measured> measure_floor(const BenchDatabase& database, const std::vector<engine::CaseCommit>& recorded, std::size_t in_flight,
                               const std::string& run, double warm_up, double seconds) {
    TRY(const auto sql, database.is_postgres() ? plain_postgres(database) : plain_sqlite(database));
    std::uint64_t number = 0;
    double steps = 0;
    std::vector<double> case_ms;
    const auto until = [&](double moment) -> Status {
        while (true) {
            const std::vector<FloorCase> cases = make_cases(run, number, in_flight);
            const double began = monotonic_seconds();
            for (std::size_t i = 0; i < recorded.size(); ++i) {
                TRY_STATUS(sql->write(recorded[i], i, cases));
                if (i > 0) steps += static_cast<double>(in_flight);
                if (monotonic_seconds() >= moment) return {};
            }
            case_ms.push_back(1000 * (monotonic_seconds() - began));
        }
    };
    TRY_STATUS(until(monotonic_seconds() + warm_up));
    steps = 0;
    case_ms.clear();
    const BenchWindow window(database);
    TRY_STATUS(until(window.began() + seconds));
    Measured measured = window.close();
    measured.steps = steps;
    measured.case_ms = std::move(case_ms);
    return measured;
}

Result<FsyncRate> measure_fsync(const std::filesystem::path& folder, double seconds) {
    TRY_STATUS(file::make_directories(folder));
    const std::filesystem::path path = folder / "fsync";
    const int out = ::open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    if (out < 0) return fail("file.unwritable", ErrorKind::unavailable, fmt::format("cannot write {}", path.string()));
    const std::string block(4096, 'x');
    std::vector<double> times;
    const double began = monotonic_seconds();
    double now = began;
    while (now - began < seconds) {
        if (::write(out, block.data(), block.size()) < 0 || ::fdatasync(out) != 0) break;
        const double after = monotonic_seconds();
        times.push_back(1000 * (after - now));
        now = after;
    }
    ::close(out);
    ::unlink(path.c_str());
    return FsyncRate{.per_s = static_cast<double>(times.size()) / (now - began), .p50_ms = percentile(times, 0.5)};
}

}  // namespace resolute::app
