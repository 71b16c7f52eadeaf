// SPDX-License-Identifier: Apache-2.0
#include "tests/sim/customers.h"

#include <algorithm>

#include <fmt/format.h>

namespace resolute::sim {
namespace {

using std::chrono::hours;
using std::chrono::minutes;

constexpr Duration kDay = hours(24);

}  // namespace

Customers::Customers(World& world, Random random) : world_(world), random_(random) {
    const int count = random_.between(4, 12);
    for (int i = 0; i < count; ++i) {
        ports::Customer customer;
        customer.id = CustomerId(fmt::format("K{}", i));
        customer.name = fmt::format("Customer {}", i);
        customer.emails = {fmt::format("c{}@customer{}.org", i, i)};
        customer.tier = random_.chance(0.2) ? ports::Tier::vip : ports::Tier::regular;
        for (int o = 0; o < 2; ++o)
            customer.orders.push_back({.id = OrderId(fmt::format("A-{}{}", i, o)), .date = "2026-11-01",
                                       .total = {random_.chance(0.5) ? 49'900 : 150'000, "USD"}, .items = {}, .status = "delivered"});
        customers_.push_back(std::move(customer));
    }
    for (int i = 0; i < world_.plan.conversations; ++i) plan_conversation(i);
    for (int i = random_.between(0, 4); i > 0; --i) plan_automatic_mail(i);
    std::ranges::stable_sort(letters_, std::ranges::greater{}, &Letter::at);
}

void Customers::plan_conversation(int number) {
    Conversation conversation;
    const bool is_known = random_.chance(0.85);
    const ports::Customer& customer = random_.pick(customers_);
    conversation.from = is_known ? customer.emails.front() : fmt::format("stranger{}@else.org", number);
    conversation.trust = random_.chance(0.8) ? 0 : random_.chance(0.7) ? 1 : 2;
    if (conversation.trust == 2) {  // A forger has an address of their own here, so that the ledger tells the two apart.
        conversation.from = fmt::format("forger{}@customer{}.org", number, number);
        forgers_.insert(conversation.from);
    }
    conversation.answers_left = random_.between(0, 4);
    conversation.order = random_.pick(customer.orders).id.value();
    const std::vector<std::string> categories{"billing", "technical", "product_inquiry", "refund_request", "general_support"};
    std::string text = fmt::format("Hello {}, a question. #category={}", number, random_.pick(categories));
    if (random_.chance(0.35)) {
        // Under, at, over the limit; in parts that are over it together; of the whole order; without an amount; in another currency.
        const std::vector<std::string> wishes{"I want $40.00 back", "I want $499.00 back", "I want $500.00 back", "I want $500.01 back",
                                              "I want $1,499.00 back", "#whole my money back", "my money back", "I want EUR 480 back",
                                              "I want $300.00 back"};
        text += fmt::format(" #refund {}", random_.pick(wishes));
        if (random_.chance(0.8)) text += fmt::format(" #order={} .", conversation.order);
    }
    if (random_.chance(0.08)) text += " #angry";
    if (random_.chance(0.06)) text += " #sensitive";
    if (random_.chance(0.08)) text += " #person";
    if (random_.chance(0.08)) text += " #buy";
    if (random_.chance(0.1)) text += " #severe";
    if (random_.chance(0.1)) text += " #no-article";
    if (random_.chance(0.04)) text.clear();  // Neither text nor attachment.
    const Instant at = world_.clock.start() + random_.between(Duration(0), world_.plan.arrivals_within);
    Letter letter{.at = at, .from = conversation.from, .subject = fmt::format("Question {}", number), .text = text, .in_reply_to = {},
                  .message_id = {}, .conversation = number, .trust = conversation.trust};
    conversations_.push_back(std::move(conversation));
    // People write once more before anybody could answer, sometimes within the hour.
    if (random_.chance(0.12)) {
        Letter more = letter;
        more.message_id = fmt::format("m{}x@mail.customer.org", number);
        letter.message_id = fmt::format("m{}f@mail.customer.org", number);
        more.in_reply_to = letter.message_id;
        more.text = "One more thing about it. #persists";
        more.at = at + random_.between(minutes(1), hours(2));
        letters_.push_back(more);
    }
    letters_.push_back(std::move(letter));
}

void Customers::plan_automatic_mail(int number) {
    const std::vector<Letter::Kind> kinds{Letter::Kind::auto_reply, Letter::Kind::bounce, Letter::Kind::list, Letter::Kind::own};
    letters_.push_back({.at = world_.clock.start() + random_.between(Duration(0), world_.plan.arrivals_within),
                        .from = fmt::format("robot{}@else.org", number), .subject = "Automatic", .text = fmt::format("I am away {}.", number),
                        .in_reply_to = {}, .message_id = {}, .conversation = -1, .trust = 0, .kind = random_.pick(kinds)});
}

std::string Customers::bytes_of(const Letter& letter) const {
    std::string bytes;
    const std::string domain = letter.from.substr(letter.from.find('@') + 1);
    if (letter.trust == 0)
        bytes += fmt::format("Authentication-Results: mx.acme.example; dmarc=pass header.from={}\r\n", domain);
    if (letter.trust == 2)
        bytes += fmt::format("Authentication-Results: mx.acme.example; dmarc=fail header.from={}\r\n", domain);
    switch (letter.kind) {
        case Letter::Kind::person: break;
        case Letter::Kind::auto_reply: bytes += "Auto-Submitted: auto-replied\r\n"; break;
        case Letter::Kind::bounce: bytes += "Return-Path: <>\r\nAuto-Submitted: auto-replied\r\n"; break;
        case Letter::Kind::list: bytes += "List-Id: <owners.else.org>\r\nPrecedence: list\r\n"; break;
        case Letter::Kind::own: bytes += "X-Resolute-Effect: abc\r\n"; break;
    }
    bytes += fmt::format("From: {}\r\nTo: support@acme.example\r\nSubject: {}\r\nMessage-ID: <{}>\r\n", letter.from, letter.subject,
                         letter.message_id);
    if (!letter.in_reply_to.empty()) bytes += fmt::format("In-Reply-To: <{}>\r\n", letter.in_reply_to);
    return bytes + "Content-Type: text/plain; charset=utf-8\r\n\r\n" + letter.text + "\r\n";
}

void Customers::schedule(Letter letter) {
    const auto place = std::ranges::find_if(letters_, [&](const Letter& other) { return other.at <= letter.at; });
    letters_.insert(place, std::move(letter));
}

std::optional<Instant> Customers::next() const {
    if (letters_.empty()) return std::nullopt;
    return letters_.back().at;
}

bool Customers::act() {
    bool did = false;
    while (!letters_.empty() && letters_.back().at <= world_.clock.true_now()) {
        Letter letter = std::move(letters_.back());
        letters_.pop_back();
        if (letter.message_id.empty()) letter.message_id = fmt::format("m{}@mail.customer.org", ++message_);
        if (letter.conversation >= 0) by_message_id_[letter.message_id] = letter.conversation;
        world_.receive(bytes_of(letter), letter.message_id, letter.conversation, letter.kind != Letter::Kind::person, random_.below(2));
        did = true;
    }
    return did;
}

void Customers::answer(const Delivered& mail, std::string text, Duration after) {
    const int number = by_case_.at(mail.case_id);
    const Conversation& conversation = conversations_[static_cast<std::size_t>(number)];
    schedule({.at = world_.clock.true_now() + after, .from = conversation.from, .subject = "Re: your mail",
              .text = fmt::format("{} ({})", text, ++message_), .in_reply_to = mail.message_id, .message_id = {}, .conversation = number,
              .trust = conversation.trust});
}

void Customers::read(const Delivered& mail) {
    const auto conversation = std::ranges::find(conversations_, mail.to, &Conversation::from);
    if (conversation == conversations_.end()) return;  // One of us.
    // Any of the customer's conversations: who answers is what counts, and the reply names the mail it answers.
    const auto [known, is_new] = by_case_.try_emplace(mail.case_id, static_cast<int>(conversation - conversations_.begin()));
    Conversation& talk = conversations_[static_cast<std::size_t>(known->second)];
    if (mail.tool == "mail.send_acknowledgment" || talk.answers_left == 0) return;
    if (random_.chance(0.35)) return;  // Silent.
    --talk.answers_left;
    const Duration soon = random_.between(minutes(5), 3 * kDay);
    const int drawn = random_.below(100);
    if (mail.tool == "mail.send_follow_up") {
        if (drawn < 20) {
            ratings.push_back({mail.case_id, random_.between(1, 5), fmt::format("rating/{}", mail.key.value())});
            return;
        }
        if (drawn < 60) return answer(mail, fmt::format("#rate={} ", random_.between(1, 5)), soon);
        return answer(mail, drawn < 80 ? "Still broken. #persists" : "All is well. #thanks", random_.between(minutes(5), 10 * kDay));
    }
    if (drawn < 45) return answer(mail, "It does not help. #persists", soon);
    if (drawn < 55) return answer(mail, fmt::format("Then I want my money. #persists #refund I want $450.00 back #order={} .", talk.order), soon);
    answer(mail, "Thank you! #thanks", soon);
}

}  // namespace resolute::sim
