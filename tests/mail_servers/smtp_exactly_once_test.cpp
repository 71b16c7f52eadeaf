// SPDX-License-Identifier: Apache-2.0
// The promise: whatever breaks, each mail is there once.
#include <gtest/gtest.h>

#include <atomic>
#include <map>
#include <mutex>
#include <thread>

#include <fmt/format.h>

#include "base/hash.h"
#include "tests/mail_servers/smtp_breaks.h"

namespace resolute::connectors {
namespace {

using testkit::SmtpFault;
using At = SmtpFault::At;
using Act = SmtpFault::Act;

/// The same for the same mail and attempt, in whatever order the threads come.
unsigned dice(std::string_view key, int attempt) {
    const Sha256 digest = sha256(fmt::format("seed 7/{}/{}", key, attempt));
    return static_cast<unsigned>(digest[0]) << 8U | digest[1];
}

SmtpFault fault_for(unsigned roll) {
    if (roll % 3 != 0) return {};
    switch (roll / 3 % 8) {
        case 0:
            return {.at = At::sender};
        case 1:
            return {.at = At::in_body};
        case 2:
            return {.at = At::before_end};
        case 3:
            return {.at = At::after_end, .act = Act::answer, .text = "451 4.3.0 trouble"};
        case 4:
            return {.at = At::idle};
        case 5:
            return {.at = At::after_end};
        default:
            return {.at = At::stored};
    }
}

TEST(SmtpExactlyOnce, TenThousandMailsAreStoredOnceEachWhateverBreaks) {
    constexpr int kMails = 10'000;
    constexpr int kThreads = 3;
    std::mutex mutex;
    std::map<std::string, int> attempts;
    const auto server = must_start({.on_mail = [&](const std::string& key) {
        const std::lock_guard lock(mutex);
        return fault_for(dice(key, ++attempts[key]));
    }});
    SmtpSenderOptions options = options_for(*server);
    options.idle_connections_max = kThreads;
    // The ledger is the folder "Sent"; what a broken connection left is decided there before the client hears of the break.
    options.look_in_sent = [&](const ports::FrozenMail& asked, Deadline) -> Result<ports::Delivery> {
        return server->times_stored(asked.key.value()) > 0 ? ports::Delivery::sent : ports::Delivery::absent;
    };
    SmtpSender sender(options, kClock);
    std::atomic<int> next = 0;
    std::atomic<int> unknown = 0;
    std::atomic<int> found = 0;
    {
        std::vector<std::jthread> threads;
        for (int thread = 0; thread < kThreads; ++thread) {
            threads.emplace_back([&] {
                for (int i = next++; i < kMails; i = next++) {
                    const ports::FrozenMail one = mail(fmt::format("m{}", i));
                    // As the engine: not_sent → again; unknown → look; absent → again.
                    for (int attempt = 0;; ++attempt) {
                        ASSERT_LT(attempt, 50) << one.key.value();
                        const Status status = sender.send(one, soon());
                        if (status) break;
                        ASSERT_NE(status.error().effect, EffectState::refused) << shown(status);
                        if (status.error().effect == EffectState::not_sent) continue;
                        ++unknown;
                        if (*sender.look_up(one, soon()) == ports::Delivery::absent) continue;
                        ++found;
                        break;
                    }
                }
            });
        }
    }
    std::map<std::string, int> times;
    for (const testkit::StoredMail& stored : server->stored()) {
        ++times[stored.envelope_id];
        ASSERT_EQ(stored.bytes, mail(stored.envelope_id).bytes);
    }
    EXPECT_EQ(times.size(), static_cast<std::size_t>(kMails));
    for (const auto& [key, count] : times) ASSERT_EQ(count, 1) << key;
    EXPECT_GT(unknown, kMails / 20);
    EXPECT_GT(found, kMails / 50) << "what was stored without an answer was found, and not sent again";
}

}  // namespace
}  // namespace resolute::connectors
