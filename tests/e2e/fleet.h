// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <mutex>
#include <random>
#include <thread>

#include "testkit/postgres_server.h"
#include "tests/e2e/company.h"

/// Many programs on one PostgreSQL, and a judge who looks at them from outside only: at the mails that left, and at the database.
namespace resolute::e2e {

/// Sees every mail that arrives in an outgoing Maildir at the moment when it does: one that is put there twice is one file and two
/// arrivals. Threads: one of its own; all may ask.
class ArrivalWatch {
public:
    explicit ArrivalWatch(const fs::path& maildir);
    ~ArrivalWatch();
    ArrivalWatch(const ArrivalWatch&) = delete;
    ArrivalWatch& operator=(const ArrivalWatch&) = delete;

    /// How often each file name arrived.
    [[nodiscard]] std::map<std::string, int> arrivals() const;
    [[nodiscard]] std::size_t count() const { return count_; }

private:
    void watch(const std::stop_token& stop);
    int inotify_ = -1;
    std::atomic<std::size_t> count_{0};
    mutable std::mutex mutex_;
    std::map<std::string, int> arrivals_;
    std::jthread thread_;
};

struct FleetOptions {
    std::string lease = "3s";
    int threads = 4;         ///< of each program
    std::string more = {};   ///< in the configuration's "engine": ", journal_format: 1"
};

using Rows = std::vector<std::vector<std::string>>;

/// A company whose programs share a database, a mailbox and a master key. Each has a name, a data folder and a configuration.
class Fleet {
public:
    /// Everything is asked of this server; the programs go to `url`, which may lead through a proxy. Both outlive the fleet.
    Fleet(const testkit::PostgresServer& server, std::string database, std::string url, FleetOptions options = {});

    [[nodiscard]] Company& company() { return company_; }
    [[nodiscard]] const Company& company() const { return company_; }
    [[nodiscard]] const ArrivalWatch& arrivals() const { return arrivals_; }
    /// After a failover: who is asked now.
    void look_at(const testkit::PostgresServer& server) { server_ = &server; }
    /// From now on programs go here.
    void connect_to(std::string url) { url_ = std::move(url); }

    /// Mails of so many new customers, with the words of the example's; all are there when it returns.
    void feed(std::size_t mails);
    [[nodiscard]] const std::vector<MailIn>& mails() const { return mails_; }

    /// A configuration of this name, "NAME.yaml", written anew.
    void configure(const std::string& name, const FleetOptions& options) const;
    /// `resolute serve --role ROLE` under this name, configured with the fleet's options where it is not yet.
    [[nodiscard]] Process start(const std::string& name, const std::string& role = "all") const;
    [[nodiscard]] Ended run(const std::string& name, Arguments arguments) const;

    /// Rows of this question; none where the server does not answer.
    [[nodiscard]] Rows try_sql(const std::string& question) const;
    /// The same, and a failure of the test where it does not answer.
    [[nodiscard]] Rows sql(const std::string& question) const;
    [[nodiscard]] std::int64_t number(const std::string& question) const;

    /// Makes what rests for a while after a death or a failure (10 minutes until a mail is looked up) due at once, as if that time
    /// had passed, until nothing is left to do by itself. False, and a failure that says what is left, when the time is over.
    bool settle(Duration at_most) const;

private:
    struct Left {
        std::size_t mails_missing = 0;
        std::size_t mails_pending = 0;
        std::size_t effects = 0;
        std::size_t cases_due = 0;
        [[nodiscard]] bool is_nothing() const { return mails_missing + mails_pending + effects + cases_due == 0; }
    };
    [[nodiscard]] std::optional<Left> what_is_left() const;

    const testkit::PostgresServer* server_;
    const std::string database_;
    std::string url_;
    const FleetOptions options_;
    Company company_;
    ArrivalWatch arrivals_;
    std::vector<MailIn> mails_;
};

/// What became of everything that was fed.
struct Verdict {
    std::size_t mails = 0;
    std::size_t cases = 0;
    std::size_t sent = 0;         ///< mails that left
    std::size_t held = 0;         ///< effects that wait for a person's word
    std::size_t quarantined = 0;  ///< cases
    std::size_t lost = 0;
    std::size_t twice = 0;
    std::vector<std::string> findings;
};
Verdict judge(const Fleet& fleet);
/// No mail is lost and none was sent twice; held are under 0.5 % of what was sent.
void expect_all_once(const Verdict& verdict);
/// `resolute verify` under this name says that all is sound.
void expect_sound(const Fleet& fleet, const std::string& name);

/// One line of JSON for whoever reads logs of long runs.
std::string to_line(std::string_view test, const Verdict& verdict, const std::map<std::string, double>& figures);

/// Milliseconds; 0 of none.
double percentile(std::vector<double> values, double share);

/// Programs that are killed at random and started again at once. A kill strikes only a program that has worked since its start.
class Storm {
public:
    Storm(const Fleet& fleet, std::vector<std::string> names, std::vector<std::string> roles, std::uint64_t seed);

    void start_all();
    /// Waits for the next kill's moment and strikes, if somebody has worked since its start. False: nobody has.
    bool strike(Duration pause);
    void stop_all();

    [[nodiscard]] std::size_t kills() const { return kills_; }
    /// From the start of a program that took another's place to its lease, with which it claims, in milliseconds.
    [[nodiscard]] const std::vector<double>& ready() const { return ready_; }
    /// … and to its first commit, less the time after its lease in which the database had nothing that it could have claimed: what
    /// others hold, a dead one until its lease ends too, is nobody else's work. At the end those that wait still count as they stand.
    [[nodiscard]] std::vector<double> first_work() const;
    /// … and to its first commit, whether there was anything to do or not.
    [[nodiscard]] const std::vector<double>& first_commit() const { return first_commit_; }
    [[nodiscard]] Process& process(std::size_t index) { return *programs_[index].process; }

private:
    struct Program {
        std::string name;
        std::string role;
        std::optional<Process> process;
        double started_at = 0;
        double without_work = 0;  ///< seconds
        std::int64_t epoch_before = 0;
        bool is_ready = false;
        bool has_worked = false;
        bool is_second = false;  ///< it took another's place
    };
    /// Whether somebody could claim something now: mails, and what the cases wait for.
    struct Claimable {
        bool mails = false;
        bool work = false;
    };
    void start(Program& program);
    void look();
    [[nodiscard]] Claimable claimable() const;
    static double first_work_of(const Program& program, double now);

    const Fleet& fleet_;
    std::vector<Program> programs_;
    std::mt19937_64 random_;
    std::vector<double> ready_;
    std::vector<double> first_work_;
    std::vector<double> first_commit_;
    double looked_at_ = 0;
    std::size_t kills_ = 0;
};

}  // namespace resolute::e2e
