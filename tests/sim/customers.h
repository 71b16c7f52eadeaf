// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <deque>
#include <map>
#include <string>
#include <vector>

#include "ports/crm.h"
#include "tests/sim/world.h"

namespace resolute::sim {

/// The people who write: what they ask, when, and how they answer what reaches them. All of it by the seed.
class Customers {
public:
    Customers(World& world, Random random);

    [[nodiscard]] const std::vector<ports::Customer>& known() const { return customers_; }
    /// Sends what is due. True: something was sent.
    bool act();
    [[nodiscard]] std::optional<Instant> next() const;
    void read(const Delivered& mail);
    /// Addresses of people whose authentication failed: nobody writes to them.
    [[nodiscard]] bool is_forger(const std::string& address) const { return forgers_.contains(address); }

    /// Ratings that come by a link, not by mail.
    struct Rating { CaseId case_id; int score = 0; std::string key; };
    std::vector<Rating> ratings;

private:
    struct Letter {
        Instant at;
        std::string from;
        std::string subject;
        std::string text;
        std::string in_reply_to;
        std::string message_id;
        int conversation = -1;
        int trust = 0;  ///< 0 verified, 1 nothing said, 2 failed
        enum class Kind { person, auto_reply, bounce, list, own } kind = Kind::person;
    };
    struct Conversation {
        std::string from;
        int trust = 0;
        int answers_left = 0;
        std::string order;
    };
    void plan_conversation(int number);
    void plan_automatic_mail(int number);
    void answer(const Delivered& mail, std::string text, Duration after);
    [[nodiscard]] std::string bytes_of(const Letter& letter) const;
    void schedule(Letter letter);

    World& world_;
    Random random_;
    std::vector<ports::Customer> customers_;
    std::vector<Conversation> conversations_;
    std::map<std::string, int> by_message_id_;  ///< of the mails that we sent or got
    std::map<CaseId, int> by_case_;
    std::set<std::string> forgers_;
    std::vector<Letter> letters_;  ///< to be sent; the earliest last
    int message_ = 0;
};

}  // namespace resolute::sim
