// SPDX-License-Identifier: Apache-2.0
#include "testkit/service.h"

#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <fstream>
#include <set>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "testkit/postgres_test_client.h"

namespace resolute::testkit {
namespace {

namespace fs = std::filesystem;

bool is_there(pid_t pid) {
    std::ifstream file(fmt::format("/proc/{}/stat", pid));
    std::string stat;
    std::getline(file, stat);
    const std::size_t name_end = stat.rfind(") ");
    return name_end != std::string::npos && stat[name_end + 2] != 'Z';
}

Service start_family(const ServiceFolder& folder) {
    // A child and a grandchild, which would outlive a SIGKILL of the first alone.
    return must(Service::start({.command = {"/bin/sh", "-c", "sh -c 'sleep 1000 & wait' & wait"},
                                .folder = folder.path(),
                                .log = folder.path() / "log.txt"}));
}

TEST(Service, KillNineTakesAllDescendants) {
    const ServiceFolder folder = must(ServiceFolder::make());
    Service service = start_family(folder);
    ASSERT_TRUE(wait_until([&] { return service.processes().size() == 3; }));
    const auto family = service.processes();
    must(service.kill_9());
    EXPECT_TRUE(service.has_ended());
    for (const pid_t pid : family) EXPECT_FALSE(is_there(pid)) << pid;
}

TEST(Service, DiesWithTheProgramThatStartedItAndItsFolderGoes) {
    const ServiceFolder folder = must(ServiceFolder::make());
    const fs::path report = folder.path() / "report";
    const fs::path inner_path = folder.path() / "inner";
    fs::create_directory(inner_path);
    const pid_t tester = ::fork();
    if (tester == 0) {
        // As a test program that is killed: no destructor runs.
        auto service = Service::start({.command = {"/bin/sleep", "1000"}, .folder = inner_path, .log = inner_path / "log.txt"});
        if (service) std::ofstream(report) << service->pid() << std::endl;
        ::kill(::getpid(), SIGKILL);
    }
    ::waitpid(tester, nullptr, 0);
    pid_t pid = 0;
    std::ifstream(report) >> pid;
    ASSERT_GT(pid, 0);
    EXPECT_TRUE(wait_until([&] { return !is_there(pid) && !fs::exists(inner_path); }));
}

TEST(Service, AForkedChildThatEndsLeavesTheParentsServerAlone) {
    const ServiceFolder folder = must(ServiceFolder::make());
    Service service = start_family(folder);
    const pid_t child = ::fork();
    if (child == 0) {
        service.~Service();
        folder.~ServiceFolder();
        ::_exit(0);
    }
    ::waitpid(child, nullptr, 0);
    EXPECT_TRUE(is_there(service.pid()));
    EXPECT_TRUE(fs::exists(folder.path()));
    must(service.kill_9());  // A shell's end alone would leave its children.
}

TEST(RunCommand, SaysWhatAFailedOnePrinted) {
    const auto answer = run_command({"/bin/sh", "-c", "echo the reason >&2; exit 3"}, "/");
    ASSERT_FALSE(answer);
    EXPECT_NE(answer.error().detail.find("the reason"), std::string::npos);
    EXPECT_EQ(must(run_command({"/bin/echo", "fine"}, "/")), "fine\n");
    EXPECT_FALSE(run_command({"/bin/sleep", "1000"}, "/", std::chrono::milliseconds(1))) << "one that takes too long";
}

TEST(FreePort, IsNeverOneThatAConnectionMayBeGiven) {
    int first = 0;
    std::ifstream("/proc/sys/net/ipv4/ip_local_port_range") >> first;
    std::set<int> ports;
    for (int i = 0; i < 50; ++i) ports.insert(must(free_port()));
    EXPECT_EQ(ports.size(), 50U);
    EXPECT_LT(*ports.rbegin(), first);
}

}  // namespace
}  // namespace resolute::testkit
