// SPDX-License-Identifier: Apache-2.0
#include "tests/e2e/company.h"

#include <algorithm>
#include <set>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "base/clock.h"
#include "base/text.h"
#include "mail/parsed_email.h"
#include "transport/unix_http_client.h"

namespace resolute::e2e {
namespace {

constexpr Duration kAnswerWithin = std::chrono::seconds(60);

constexpr std::string_view kConfig =
    R"(organisation: { name: Acme Supplies, support_address: support@acme.example, signature: "The Acme support team",
                voice: { tone: friendly, closing: "Kind regards", disclaimer: "" }, rates: { EUR: "1.08" } }   # to USD
data: ./state                      # everything the program keeps
procedure: ./customer-support.md
mail:      { intake: { maildir: ./inbox, authserv_id: mx.acme.example }, outgoing: { maildir: ./sent } }   # whose Authentication-Results we believe
crm:       { builtin: { import: ./customers.json } }     # [{"id","name","emails":[…],"tier":"vip"|"regular","orders":[…],"interactions":[…]}]
agents:    ./agents.json                                 # [{"id","name","email","skills":["billing",…],"available":true,"capacity":20,"manager":false}]
knowledge: { folders: [./knowledge] }                    # Markdown, title in the first heading, front matter optional
language:  embedded
)";

constexpr std::string_view kAgents = R"([
{"id":"mara","name":"Mara Voss","email":"mara@acme.example","skills":["billing","vip"],"available":true,"capacity":5000,"manager":true},
{"id":"ben","name":"Ben Ito","email":"ben@acme.example","skills":["technical","refund_request","billing","general_support","product_inquiry"],
 "available":true,"capacity":5000,"manager":false}]
)";

constexpr std::string_view kRefundArticle = R"(---
category: refund_request
questions:
  - "Please refund my order, I no longer want it"
  - "I would like a refund for my order"
  - "I want my money back for this order"
  - "Can I send the lamp back and get a refund?"
  - "I ask for a full refund of my order"
  - "How do I return an order and get the purchase price back?"
---

# Refund for an order that you no longer want

Orders can be returned within 30 days of delivery.

1. Open **Orders** in your account and choose the order.
2. Select **Return** and print the label.
3. Pack the item in its box and hand the parcel to the carrier.

The warehouse looks at each parcel within three business days of its arrival. The time after that depends on the payment method.
)";

constexpr std::string_view kPrinterArticle = R"(---
category: technical
questions:
  - "My printer is offline"
  - "The printer shows offline and does not print"
---

# The printer is offline

1. Turn the printer off and on again.
2. Check that its screen shows the name of your network.
)";

std::string domain_of(const std::string& from) {
    const std::size_t at = from.rfind('@');
    return from.substr(at + 1, from.find('>', at) - at - 1);
}

std::string header(std::string_view bytes, std::string_view name) {
    const std::string start = std::string(name) + ": ";
    for (const std::string_view line : text::split_lines(bytes)) {
        if (line.empty()) break;
        if (line.starts_with(start)) return std::string(text::trim(line.substr(start.size())));
    }
    return {};
}

/// One question over the socket of the program that serves.
json::Value call(const fs::path& socket, const std::string& target) {
    const auto answer = transport::call_local(socket, "GET", target, "", Deadline::in(kAnswerWithin));
    if (!answer || answer->status != 200) {
        ADD_FAILURE() << target << ": " << (answer ? answer->body : describe(answer.error()));
        return {};
    }
    auto value = json::parse(answer->body);
    EXPECT_TRUE(value.has_value()) << target;
    return value.value_or(json::Value());
}

/// Each mail that the journal calls sent is in the Maildir, and the case got its acknowledgment or a reason why not.
void expect_mails_of(const std::string& id, const std::vector<json::Value>& journal, const std::map<std::string, int>& sent,
                     std::set<std::string>& planned) {
    int acknowledgments = 0;
    for (const char* tool : {"mail.send_acknowledgment", "mail.send_resolution", "mail.send_reply", "mail.send_follow_up"}) {
        for (const auto& [effect, state] : effects_of(journal, tool)) {
            planned.insert(effect);
            if (state != "sent") continue;
            EXPECT_EQ(sent.contains(effect) ? sent.at(effect) : 0, 1)
                << id << ": " << tool << " " << effect << " was sent, says the journal";
            if (std::string_view(tool) == "mail.send_acknowledgment") ++acknowledgments;
        }
    }
    const auto opened = events_of(journal, "CaseOpened");
    ASSERT_EQ(opened.size(), 1U) << id;
    bool is_withheld = false;
    for (const json::Value& branch : events_of(journal, "BranchTaken"))
        is_withheld = is_withheld || branch["trigger"].as_string() == "withheld" ||
                      (branch["step"].as_int() == 1 && branch["trigger"].as_string() == "failed");
    EXPECT_EQ(acknowledgments, is_withheld ? 0 : 1) << id << " \"" << opened.front()["subject"].as_string() << "\"";
    EXPECT_TRUE(events_of(journal, "CaseQuarantined").empty()) << id << " was quarantined";
    EXPECT_TRUE(events_of(journal, "EffectHeld").empty()) << id << " holds an effect";
}

}  // namespace

std::string to_bytes(const MailIn& mail) {
    const std::string domain = domain_of(mail.from);
    std::string bytes;
    if (mail.is_verified)
        bytes += fmt::format(
            "Authentication-Results: mx.acme.example; dmarc=pass header.from={0}; spf=pass smtp.mailfrom={0}; dkim=pass "
            "header.d={0}\n",
            domain);
    bytes += fmt::format(
        "From: {}\nTo: support@acme.example\nSubject: {}\nDate: Sun, 22 Nov 2026 10:00:00 +0000\nMessage-ID: <{}@{}>\n",
        mail.from, mail.subject, mail.name, domain);
    if (!mail.in_reply_to.empty()) bytes += fmt::format("In-Reply-To: <{0}>\nReferences: <{0}>\n", mail.in_reply_to);
    return bytes + "MIME-Version: 1.0\nContent-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: 8bit\n\n" + mail.body +
           "\n";
}

std::vector<MailOut> read_sent(const fs::path& maildir) {
    std::vector<MailOut> mails;
    for (const char* folder : {"new", "cur"}) {
        if (!fs::exists(maildir / folder)) continue;
        for (const auto& entry : fs::directory_iterator(maildir / folder)) {
            const std::string bytes = read_file(entry.path());
            const mail::ParsedEmail email = mail::parse(bytes);
            mails.push_back({.path = entry.path(),
                             .effect = header(bytes, "X-Resolute-Effect"),
                             .case_id = header(bytes, "X-Resolute-Case"),
                             .to = header(bytes, "To"),
                             .subject = email.subject,
                             .message_id = email.message_id,
                             .text = email.text,
                             .html = email.html});
        }
    }
    return mails;
}

Company::Company() {
    for (const char* name : {"inbox", "sent", "knowledge"}) fs::create_directories(path(name));
    fs::copy_file(fs::path(RESOLUTE_SOURCE_DIR) / "procedures/customer-support.md", path("customer-support.md"));
    write_file(path("resolute.yaml"), kConfig);
    write_file(path("agents.json"), kAgents);
    write_file(path("knowledge/refunds.md"), kRefundArticle);
    write_file(path("knowledge/printer-offline.md"), kPrinterArticle);
    write_customers();
}

void Company::become_the_example() {
    const fs::path examples = fs::path(RESOLUTE_SOURCE_DIR) / "examples";
    fs::remove_all(path("knowledge"));
    fs::copy(examples / "knowledge", path("knowledge"), fs::copy_options::recursive);
    for (const char* name : {"customers.json", "agents.json", "resolute.yaml"})
        fs::copy_file(examples / name, path(name), fs::copy_options::overwrite_existing);
    configure("procedure:", "procedure: ./customer-support.md");
}

void Company::write_customers() const {
    write_file(path("customers.json"), json::dump(json::Value(customers_)));
}

void Company::add_customer(const std::string& name, const std::string& address, const std::vector<Order>& orders,
                           const std::string& tier) {
    json::Array bought;
    for (const Order& order : orders)
        bought.push_back(json::Object{{"id", order.id},
                                      {"date", "2026-11-10"},
                                      {"items", json::Array{"Lamp"}},
                                      {"status", "delivered"},
                                      {"total", json::Object{{"amount", order.total}, {"currency", "USD"}}}});
    customers_.push_back(json::Object{{"id", fmt::format("c-{:03}", customers_.size() + 1)},
                                      {"name", name},
                                      {"emails", json::Array{address}},
                                      {"tier", tier},
                                      {"orders", std::move(bought)},
                                      {"interactions", json::Array{}}});
    write_customers();
}

void Company::put(const MailIn& mail) const {
    put_bytes(mail.name + ".eml", to_bytes(mail));
}
void Company::put_bytes(const std::string& file_name, std::string_view bytes) const {
    write_file(inbox() / file_name, bytes);
}

void Company::configure(const std::string& key, const std::string& line) const {
    const std::string before = read_file(path("resolute.yaml"));
    std::string config;
    bool is_found = false;
    for (const std::string_view old : text::split_lines(before)) {
        is_found = is_found || old.starts_with(key);
        config += (old.starts_with(key) ? line : std::string(old)) + "\n";
    }
    if (!is_found) config += line + "\n";
    write_file(path("resolute.yaml"), config);
}

Process Company::start(const Arguments& arguments, StartOptions options) const {
    options.folder = folder_.path();
    return Process::start(arguments, options);
}

Ended Company::run(const Arguments& arguments, StartOptions options) const {
    options.folder = folder_.path();
    return e2e::run(arguments, options);
}

json::Value Company::ask(Arguments arguments) const {
    arguments.emplace_back("--json");
    const Ended ended = run(arguments);
    EXPECT_EQ(ended.exit_code, 0) << "resolute " << text::join(arguments, " ") << "\n" << describe(ended);
    return ended.json();
}

Process Company::serve() const {
    Process process = start({"serve"});
    EXPECT_TRUE(eventually([&] { return process.out().find("Ctrl-C stops it") != std::string::npos; })) << process.err();
    return process;
}

std::map<std::string, std::vector<json::Value>> Company::journals() const {
    std::map<std::string, std::vector<json::Value>> journals;
    const json::Value cases = call(path("state/resolute.sock"), "/api/cases");
    for (const json::Value& one : cases.as_array()) journals[one["id"].as_string()] = journal(one["id"].as_string());
    return journals;
}

std::vector<json::Value> Company::journal(const std::string& case_id) const {
    std::vector<json::Value> events;
    const json::Value rows = call(path("state/resolute.sock"), "/api/cases/" + case_id + "/journal");
    for (const json::Value& row : rows.as_array()) events.push_back(row["event"]);
    return events;
}

json::Value Company::find_case(const std::string& subject) const {
    const json::Value cases = ask({"case", "list"});
    for (const json::Value& one : cases.as_array())
        if (one["subject"].as_string() == subject) return one;
    ADD_FAILURE() << "no case is called \"" << subject << "\"";
    return {};
}

std::vector<MailOut> Company::mails_to(const std::string& address) const {
    std::vector<MailOut> mails = read_sent(sent());
    std::erase_if(mails, [&](const MailOut& mail) { return mail.to.find(address) == std::string::npos; });
    return mails;
}

void Company::expect_sound() const {
    const json::Value report = ask({"verify"});
    EXPECT_TRUE(report["is_sound"].as_bool()) << json::dump(report);
    EXPECT_EQ(report["mails_without_outcome"].as_int(-1), 0);
}

std::vector<json::Value> tasks_of(const json::Value& one_case, std::string_view kind) {
    std::vector<json::Value> tasks;
    for (const json::Value& task : one_case["tasks"].as_array())
        if (task["kind"].as_string() == kind) tasks.push_back(task);
    return tasks;
}

std::vector<json::Value> events_of(const std::vector<json::Value>& journal, std::string_view kind) {
    std::vector<json::Value> events;
    for (const json::Value& event : journal)
        if (event["kind"].as_string() == kind) events.push_back(event);
    return events;
}

std::map<std::string, std::string> effects_of(const std::vector<json::Value>& journal, std::string_view tool) {
    std::map<std::string, std::string> effects;
    for (const json::Value& event : journal) {
        const std::string& effect = event["effect"].as_string();
        const std::string& kind = event["kind"].as_string();
        if (kind == "EffectPlanned" && event["tool"].as_string() == tool) effects[effect] = "planned";
        if (!effects.contains(effect)) continue;
        if (kind == "EffectSucceeded") effects[effect] = event["outcome"].as_string();
        if (kind == "EffectRefused") effects[effect] = "refused";
        if (kind == "EffectFailed") effects[effect] = "failed";
        if (kind == "EffectUnclear") effects[effect] = "unclear";
    }
    return effects;
}

void expect_nothing_lost_or_doubled(const Company& company, std::size_t mails) {
    const Process server = company.serve();
    const json::Value listed = company.ask({"mail", "list"});
    EXPECT_EQ(listed.as_array().size(), mails);
    std::set<std::string> positions;
    for (const json::Value& mail : listed.as_array()) {
        EXPECT_NE(mail["outcome"].as_string(), "pending") << json::dump(mail);
        EXPECT_NE(mail["reason"].as_string_or("").substr(0, 11), "mail.poison") << json::dump(mail);
        EXPECT_TRUE(positions.insert(mail["position"]["uid"].as_string()).second) << "kept twice: " << json::dump(mail);
    }
    std::map<std::string, int> sent;
    for (const MailOut& mail : read_sent(company.sent())) {
        EXPECT_FALSE(mail.effect.empty()) << mail.path;
        EXPECT_EQ(++sent[mail.effect], 1) << "sent twice: " << mail.path;
    }
    std::set<std::string> planned;
    const auto journals = company.journals();
    for (const auto& [id, journal] : journals) expect_mails_of(id, journal, sent, planned);
    for (const auto& [effect, count] : sent)
        EXPECT_TRUE(planned.contains(effect)) << effect << " was sent, and no journal planned it";
    company.expect_sound();
}

}  // namespace resolute::e2e
