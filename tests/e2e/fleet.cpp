// SPDX-License-Identifier: Apache-2.0
#include "tests/e2e/fleet.h"

#include <algorithm>
#include <charconv>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "base/clock.h"
#include "base/text.h"
#include "mail/parsed_email.h"

namespace resolute::e2e {
namespace {

constexpr std::size_t kTextBytesMax = 4000;
constexpr Duration kLook = std::chrono::milliseconds(300);
constexpr int kQuietLooks = 3;

constexpr int kAgents = 20;  // Each takes 10,000 tasks at most.

std::string many_agents() {
    json::Array agents;
    for (int i = 0; i < kAgents; ++i)
        agents.push_back(json::Object{{"id", fmt::format("agent-{}", i)},
                                      {"name", fmt::format("Agent {}", i)},
                                      {"email", fmt::format("agent{}@acme.example", i)},
                                      {"skills", json::Array{"billing", "vip", "technical", "technical_support", "refund_request",
                                                             "general_support", "product_inquiry"}},
                                      {"available", true},
                                      {"capacity", 10'000},
                                      {"manager", i == 0}});
    return json::dump(json::Value(std::move(agents)));
}

bool is_plain(std::string_view text) {
    return std::ranges::all_of(text, [](char c) { return c >= ' ' && c <= '~'; });
}

/// What the example's customers write: subject and text. Mails of machines and answers to other mails stay out.
std::vector<std::pair<std::string, std::string>> example_words() {
    std::vector<fs::path> paths;
    for (const auto& entry : fs::directory_iterator(fs::path(RESOLUTE_SOURCE_DIR) / "examples/inbox"))
        if (entry.path().extension() == ".eml") paths.push_back(entry.path());
    std::ranges::sort(paths);
    std::vector<std::pair<std::string, std::string>> words;
    for (const fs::path& path : paths) {
        const mail::ParsedEmail email = mail::parse(read_file(path));
        const bool is_fit = email.kind == mail::MailKind::person && email.in_reply_to.empty() && email.references.empty() &&
                            !email.is_over_limit && !email.visible_text.empty() && email.visible_text.size() <= kTextBytesMax &&
                            is_plain(email.subject);
        if (is_fit) words.emplace_back(email.subject, email.visible_text);
    }
    EXPECT_GT(words.size(), 30U);
    return words;
}

/// postgresql://user:password@host/… without the password, which is given in a file.
std::pair<std::string, std::string> split_password(const std::string& url) {
    const std::size_t user = url.find("//") + 2;
    const std::size_t colon = url.find(':', user);
    const std::size_t at = url.find('@', user);
    if (colon == std::string::npos || at == std::string::npos || colon > at) return {url, ""};
    return {url.substr(0, colon) + url.substr(at), url.substr(colon + 1, at - colon - 1)};
}

}  // namespace

Fleet::Fleet(const testkit::PostgresServer& server, std::string database, std::string url, FleetOptions options)
    : server_(&server),
      database_(std::move(database)),
      url_(std::move(url)),
      options_(std::move(options)),
      arrivals_(company_.sent()) {
    fs::remove_all(company_.path("knowledge"));
    fs::copy(fs::path(RESOLUTE_SOURCE_DIR) / "examples/knowledge", company_.path("knowledge"), fs::copy_options::recursive);
    write_file(company_.path("agents.json"), many_agents());
    write_file(company_.path("master.key"), std::string(64, '7') + "\n");
    fs::permissions(company_.path("master.key"), fs::perms::owner_read | fs::perms::owner_write);
}

void Fleet::feed(std::size_t mails) {
    static const auto words = example_words();
    const std::size_t end = mails_.size() + mails;
    for (std::size_t i = mails_.size(); i < end; ++i) {
        const auto& [subject, text] = words[i % words.size()];
        mails_.push_back({.name = fmt::format("mail-{:06}", i),
                          .from = fmt::format("Customer {0} <c{0}@shop{0}.example>", i),
                          .subject = fmt::format("{} ({})", subject, i),
                          .body = text,
                          .in_reply_to = {}});
        company_.put(mails_.back());
    }
}

void Fleet::configure(const std::string& name, const FleetOptions& options) const {
    const auto [url, password] = split_password(url_);
    write_file(company_.path("database-password"), password + "\n");
    std::string config;
    const std::string common = read_file(company_.path("resolute.yaml"));
    for (const std::string_view line : text::split_lines(common))
        if (!line.starts_with("data:")) config += std::string(line) + "\n";
    config += fmt::format("data: ./{}\n", name);
    config += fmt::format("database: {{ postgresql: \"{}\", password_file: ./database-password, accept_volatile: true }}\n", url);
    config += fmt::format("keys: {{ master: ./master.key, anchor: ./{}-anchor.json }}\n", name);
    config += fmt::format("engine: {{ name: {}, workers: {}, lease: {}{} }}\n", name, options.threads, options.lease, options.more);
    write_file(company_.path(name + ".yaml"), config);
}

Process Fleet::start(const std::string& name, const std::string& role) const {
    if (!fs::exists(company_.path(name + ".yaml"))) configure(name, options_);
    return company_.start({"serve", "--role", role, "--config", name + ".yaml", "--log", "warning"});
}

Ended Fleet::run(const std::string& name, Arguments arguments) const {
    if (!fs::exists(company_.path(name + ".yaml"))) configure(name, options_);
    arguments.insert(arguments.end(), {"--config", name + ".yaml"});
    return company_.run(arguments);
}

Rows Fleet::try_sql(const std::string& question) const {
    const auto answer = server_->psql(question, database_);
    Rows rows;
    if (!answer || answer->empty()) return rows;
    for (const std::string_view line : text::split_lines(*answer)) {
        std::vector<std::string>& row = rows.emplace_back();
        for (std::size_t at = 0; at <= line.size();) {
            const std::size_t end = std::min(line.find('|', at), line.size());
            row.emplace_back(line.substr(at, end - at));
            at = end + 1;
        }
    }
    return rows;
}

Rows Fleet::sql(const std::string& question) const {
    const auto answer = server_->psql("SELECT 1", database_);
    EXPECT_TRUE(answer.has_value()) << (answer ? "" : describe(answer.error()));
    return try_sql(question);
}

std::int64_t Fleet::number(const std::string& question) const {
    const Rows rows = try_sql(question);
    std::int64_t number = -1;
    if (!rows.empty() && !rows[0].empty()) std::from_chars(rows[0][0].data(), rows[0][0].data() + rows[0][0].size(), number);
    return number;
}

std::optional<Fleet::Left> Fleet::what_is_left() const {
    const Rows rows = try_sql(
        "SELECT (SELECT count(*) FROM resolute.mails), (SELECT count(*) FROM resolute.mails WHERE outcome = 'pending'),"
        " (SELECT count(*) FROM resolute.effects WHERE status <> 'held' AND class <> 'waits'),"
        " (SELECT count(*) FROM resolute.cases WHERE lifecycle = 'active' AND wake_at <= resolute.now_ms() + 40000)");
    if (rows.empty() || rows[0].size() != 4) return std::nullopt;
    const auto at = [&](std::size_t column) { return static_cast<std::size_t>(std::stoll(rows[0][column])); };
    return Left{.mails_missing = mails_.size() - std::min(mails_.size(), at(0)),
                .mails_pending = at(1),
                .effects = at(2),
                .cases_due = at(3)};
}

bool Fleet::settle(Duration at_most) const {
    const Deadline deadline = Deadline::in(at_most);
    std::optional<Left> left;
    int quiet_looks = 0;
    while (!deadline.has_passed()) {
        static_cast<void>(try_sql("UPDATE resolute.effects SET next_at = resolute.now_ms() WHERE status IN ('unclear', 'waiting') "
                                  "AND class <> 'waits' AND next_at > resolute.now_ms() + 1000"));
        left = what_is_left();
        quiet_looks = left && left->is_nothing() ? quiet_looks + 1 : 0;
        if (quiet_looks >= kQuietLooks) return true;
        pause(kLook);
    }
    if (!left) ADD_FAILURE() << "the database does not answer";
    if (left)
        ADD_FAILURE() << fmt::format("not done in time: {} mails not kept, {} without outcome, {} effects open, {} cases due",
                                     left->mails_missing, left->mails_pending, left->effects, left->cases_due);
    for (const auto& row : try_sql("SELECT by, why FROM resolute.freezes WHERE released_at IS NULL"))
        fmt::print(stderr, "frozen: {}\n", text::join(row, " "));
    for (const auto& row : try_sql("SELECT id, case_id, tool, status, attempt, crashes, epoch, next_at - resolute.now_ms(), last_error "
                                   "FROM resolute.effects WHERE status <> 'held' LIMIT 10"))
        fmt::print(stderr, "open: {}\n", text::join(row, " "));
    return false;
}

double percentile(std::vector<double> values, double share) {
    if (values.empty()) return 0;
    std::ranges::sort(values);
    const auto at = static_cast<std::size_t>(share * static_cast<double>(values.size()));
    return values[std::min(at, values.size() - 1)];
}

}  // namespace resolute::e2e
