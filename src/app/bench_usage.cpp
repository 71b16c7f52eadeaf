// SPDX-License-Identifier: Apache-2.0
#include "app/bench_usage.h"

#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <charconv>
#include <filesystem>
#include <fstream>
#include <map>
#include <sstream>

#include <fmt/format.h>

namespace resolute::app {
namespace {

struct ProcessTimes {
    pid_t parent = 0;
    double own = 0;
    double reaped = 0;
};

/// proc(5): the program's name stands in brackets and may hold spaces, so the fields are counted from its end.
std::optional<ProcessTimes> times_of(pid_t process) {
    std::ifstream file(fmt::format("/proc/{}/stat", process));
    std::string line;
    if (!std::getline(file, line) || line.rfind(')') == std::string::npos) return std::nullopt;
    std::istringstream rest(line.substr(line.rfind(')') + 2));
    std::vector<std::string> fields;
    for (std::string field; rest >> field;) fields.push_back(field);
    if (fields.size() < 15) return std::nullopt;
    const auto ticks = [&](std::size_t index) { return std::stod(fields[index]) / static_cast<double>(::sysconf(_SC_CLK_TCK)); };
    return ProcessTimes{.parent = static_cast<pid_t>(std::stol(fields[1])), .own = ticks(11) + ticks(12), .reaped = ticks(13) + ticks(14)};
}

std::map<pid_t, ProcessTimes> all_processes() {
    std::map<pid_t, ProcessTimes> found;
    for (const auto& entry : std::filesystem::directory_iterator("/proc")) {
        const std::string name = entry.path().filename().string();
        pid_t process = 0;
        const auto [end, error] = std::from_chars(name.data(), name.data() + name.size(), process);
        if (error != std::errc{} || end != name.data() + name.size()) continue;
        if (const auto times = times_of(process)) found.emplace(process, *times);  // Else it ended meanwhile: its parent has its time.
    }
    return found;
}

}  // namespace

double own_cpu_seconds() {
    rusage usage{};
    ::getrusage(RUSAGE_SELF, &usage);
    const auto seconds = [](const timeval& time) { return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6; };
    return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

double tree_cpu_seconds(pid_t root) {
    const auto processes = all_processes();
    std::vector<pid_t> tree{root};
    for (std::size_t i = 0; i < tree.size(); ++i)
        for (const auto& [process, times] : processes)
            if (times.parent == tree[i]) tree.push_back(process);
    double seconds = 0;
    for (const pid_t process : tree)
        if (const auto found = processes.find(process); found != processes.end()) seconds += found->second.own + found->second.reaped;
    return seconds;
}

MachineCpu machine_cpu() {
    std::ifstream file("/proc/stat");
    std::string word;
    file >> word;
    std::vector<double> ticks;
    for (double value = 0; ticks.size() < 8 && file >> value;) ticks.push_back(value / static_cast<double>(::sysconf(_SC_CLK_TCK)));
    if (ticks.size() < 8) return {};
    MachineCpu cpu;
    for (const double value : ticks) cpu.all += value;
    cpu.busy = cpu.all - ticks[3] - ticks[4];
    return cpu;
}

double own_memory_mb() {
    std::ifstream file("/proc/self/smaps_rollup");
    for (std::string line; std::getline(file, line);)
        if (line.starts_with("Pss:")) return std::stod(line.substr(4)) / 1024;
    return 0;
}

std::optional<pid_t> parent_of(pid_t process) {
    const auto times = times_of(process);
    if (!times) return std::nullopt;
    return times->parent;
}

std::string name_of_process(pid_t process) {
    std::ifstream file(fmt::format("/proc/{}/comm", process));
    std::string name;
    std::getline(file, name);
    return name;
}

double percentile(std::vector<double> values, double share) {
    if (values.empty()) return 0;
    std::sort(values.begin(), values.end());
    return values[static_cast<std::size_t>(share * static_cast<double>(values.size() - 1))];
}

}  // namespace resolute::app
