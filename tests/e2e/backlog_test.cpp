// SPDX-License-Identifier: Apache-2.0
#include <fcntl.h>
#include <sys/stat.h>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "tests/e2e/company.h"

namespace resolute::e2e {
namespace {

constexpr int kOthers = 1'000;

std::int64_t written_at_ns(const fs::path& path) {
    struct stat info {};
    EXPECT_EQ(::stat(path.c_str(), &info), 0) << path;
    return static_cast<std::int64_t>(info.st_mtim.tv_sec) * 1'000'000'000 + info.st_mtim.tv_nsec;
}

/// Moments, not their texts: one on the second has no fraction, and would sort behind those of its second.
std::optional<Instant> acknowledged_at(const std::vector<json::Value>& journal) {
    const auto effects = effects_of(journal, "mail.send_acknowledgment");
    for (const json::Value& event : journal)
        if (event["kind"].as_string() == "EffectSucceeded" && effects.contains(event["effect"].as_string()))
            return parse_instant(event["at"].as_string());
    return {};
}

TEST(Backlog, AVipBehindAThousandOthersIsAcknowledgedFirst) {
    Company company;
    company.add_customer("Vera Stone", "vera@stone.example", {}, "vip");
    for (int i = 0; i < kOthers; ++i)
        company.put({.name = fmt::format("{:05}", i),
                     .from = fmt::format("Customer {0} <c{0}@shop{0}.example>", i),
                     .subject = fmt::format("Question {}", i),
                     .body = fmt::format("Hello,\n\nmy printer number {} is offline and does not print.\n", i),
                     .in_reply_to = {}});
    company.put({.name = "99999",
                 .from = "Vera Stone <vera@stone.example>",
                 .subject = "From the VIP",
                 .body = "Hello,\n\nmy printer is offline.\n\nVera",
                 .in_reply_to = {}});
    // The folder lists by time: the VIP's mail is the youngest of all.
    const timespec late[2] = {{4'000'000'000, 0}, {4'000'000'000, 0}};
    ASSERT_EQ(::utimensat(AT_FDCWD, (company.inbox() / "99999.eml").c_str(), late, 0), 0);
    {
        Process process = company.start({"run", "--until-idle", "--json"});
        const fs::path out = company.sent() / "new";
        const auto count = [&] {
            return fs::exists(out) ? std::distance(fs::directory_iterator(out), fs::directory_iterator()) : 0;
        };
        ASSERT_TRUE(eventually([&] { return count() >= 20; }, std::chrono::minutes(3))) << process.err();
        EXPECT_EQ(process.stop().exit_code, 0);
    }
    const Process server = company.serve();
    const json::Value vip = company.find_case("From the VIP");
    EXPECT_EQ(vip["tier"].as_string(), "vip");
    const std::optional<Instant> vip_at = acknowledged_at(company.journal(vip["id"].as_string()));
    ASSERT_TRUE(vip_at) << "the VIP was not acknowledged among the first";
    std::int64_t vip_written = 0;
    std::int64_t first_written = std::numeric_limits<std::int64_t>::max();
    for (const MailOut& mail : read_sent(company.sent())) {
        if (mail.case_id != vip["id"].as_string()) {
            first_written = std::min(first_written, written_at_ns(mail.path));
            const std::optional<Instant> at = acknowledged_at(company.journal(mail.case_id));
            ASSERT_TRUE(at) << mail.path;
            EXPECT_LE(*vip_at, *at) << mail.path;
        } else if (mail.subject.find("received") != std::string::npos) {
            vip_written = written_at_ns(mail.path);
        }
    }
    EXPECT_GT(vip_written, 0);
    EXPECT_LE(vip_written, first_written);
}

}  // namespace
}  // namespace resolute::e2e
