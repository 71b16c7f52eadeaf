// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <random>
#include <string>
#include <string_view>
#include <vector>

#include <fmt/format.h>

#include "base/clock.h"
#include "ports/mail_sender.h"
#include "ports/mail_source.h"

/// What tests of mail by a service's API share, whichever the service.
namespace resolute::service_test {

inline Deadline soon() { return Deadline::in(std::chrono::seconds(20)); }

template <class T>
std::string error_of(const Result<T>& result) {
    return result ? "" : describe(result.error());
}

inline std::string mail_text(int number, std::size_t body_bytes = 200) {
    std::string text = fmt::format("From: a@example.org\r\nTo: support@acme.example\r\nSubject: mail {}\r\nMessage-ID: <{}@example.org>\r\n\r\n", number, number);
    while (text.size() < body_bytes) text += fmt::format("Line {} of mail {}, which goes on.\r\n", text.size(), number);
    return text;
}

inline ports::FrozenMail outgoing(const std::string& key) {
    return {.key = EffectId(key),
            .from = "support@acme.example",
            .to = "ann@customer.example",
            .message_id = key + ".m1@acme.example",
            .bytes = fmt::format("From: support@acme.example\r\nTo: Ann <ann@customer.example>\r\nSubject: Re: {0}\r\nDate: Tue, 14 Nov 2023 22:13:20 +0000\r\n"
                                 "Message-ID: <{0}.m1@acme.example>\r\nX-Resolute-Effect: {0}\r\n\r\nHello {0}\r\n",
                                 key)};
}

/// Where a fake writes down what was said to it, for this test.
inline std::filesystem::path record_file() {
    const testing::TestInfo& test = *testing::UnitTest::GetInstance()->current_test_info();
    return std::filesystem::path(testing::TempDir()) / fmt::format("{}-{}-{}.jsonl", test.test_suite_name(), test.name(), ::getpid());
}

/// What is listed; each fetched and done. Their bytes.
inline std::vector<std::string> take_all(ports::MailSource& from) {
    std::vector<std::string> bytes;
    const auto listed = from.list(100'000);
    EXPECT_EQ(error_of(listed), "");
    for (const auto& position : listed.value_or(std::vector<mail::SourcePosition>{})) {
        auto mail = from.fetch(position);
        if (!mail && mail.error().code == "mail.vanished") continue;
        EXPECT_EQ(error_of(mail), "");
        if (!mail) continue;
        bytes.push_back(std::move(mail->bytes));
        EXPECT_TRUE(from.done(position));
    }
    return bytes;
}

/// What became of mails that were sent as the engine sends them.
struct Fates {
    int unknown = 0;   ///< attempts that may have happened
    int in_doubt = 0;  ///< looks at what became of one
    int found = 0;     ///< of those, found sent
    int held = 0;      ///< nobody could tell
};

/// Sends m0, m1, …, while the program dies now and then: not sent, again; unknown, or the program died, a look after ten minutes; absent, again;
/// neither, a person. Time is the clock's.
inline Fates send_as_the_engine_does(int mails, VirtualClock& clock, const std::function<std::unique_ptr<ports::MailSender>()>& make_sender) {
    Fates fates;
    const auto wait = [&](const Error& error) { clock.advance(error.retry_after.value_or(std::chrono::seconds(1))); };
    std::mt19937_64 random(3);
    auto out = make_sender();
    for (int i = 0; i < mails; ++i) {
        const ports::FrozenMail mail = outgoing(fmt::format("m{}", i));
        const auto deadline = [] { return Deadline::in(std::chrono::seconds(3)); };
        // As the engine: not_sent → again; unknown, or the program died → after ten minutes look; absent → again; neither → a person.
        bool is_in_doubt = false;
        for (int attempt = 0;; ++attempt) {
            EXPECT_LT(attempt, 100) << mail.key.value();
            if (attempt >= 100) return fates;
            if (random() % 25 == 0) {
                out = make_sender();
                if (attempt > 0) is_in_doubt = true;
            }
            if (is_in_doubt) {
                ++fates.in_doubt;
                clock.advance(std::chrono::minutes(10));
                const auto looked = out->look_up(mail, deadline());
                if (!looked) {
                    wait(looked.error());
                    continue;
                }
                if (*looked == ports::Delivery::sent) {
                    ++fates.found;
                    break;
                }
                if (*looked == ports::Delivery::unknown) {
                    ++fates.held;
                    break;
                }
                is_in_doubt = false;
            }
            const Status status = out->send(mail, deadline());
            if (status) break;
            EXPECT_NE(status.error().effect, EffectState::refused) << describe(status.error());
            if (status.error().effect == EffectState::refused) return fates;
            is_in_doubt = status.error().effect == EffectState::unknown;
            fates.unknown += is_in_doubt ? 1 : 0;
            wait(status.error());
        }
    }
    return fates;
}

/// `times`: how often each went out, as the service itself counts.
inline void expect_each_went_out_once(const Fates& fates, const std::map<std::string, int>& times, int mails, std::string_view test) {
    for (const auto& [key, count] : times) EXPECT_EQ(count, 1) << key;
    EXPECT_EQ(times.size() + static_cast<std::size_t>(fates.held), static_cast<std::size_t>(mails)) << "what is held did not go out, or is counted with those that did";
    EXPECT_LE(fates.held, 2) << "before any other went out nothing proves that the first did not";
    EXPECT_GT(fates.unknown, mails / 10);
    EXPECT_GT(fates.found, mails / 20);
    fmt::print("{{\"test\":\"{}\",\"mails\":{},\"unknown\":{},\"looked_up\":{},\"found\":{},\"held\":{},\"twice\":0}}\n", test, mails, fates.unknown, fates.in_doubt,
               fates.found, fates.held);
}

}  // namespace resolute::service_test
