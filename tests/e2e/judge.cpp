// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <set>

#include "tests/e2e/fleet.h"

namespace resolute::e2e {
namespace {

constexpr std::size_t kFindingsMax = 20;
constexpr std::string_view kAcknowledgment = "mail.send_acknowledgment";

/// Everything that was seen, looked up by what it belongs to.
struct Evidence {
    std::map<std::string, Rows> mails;                       ///< by Message-ID: outcome, case, reason
    std::map<std::string, std::vector<std::string>> sent;    ///< by effect: case, tool, status
    std::map<std::string, std::vector<std::string>> excused; ///< by case: why a mail of it may be missing
    std::vector<MailOut> files;
};

Evidence gather(const Fleet& fleet) {
    Evidence evidence;
    for (const auto& row : fleet.sql("SELECT message_id, outcome, case_id, reason FROM resolute.mails"))
        evidence.mails[row[0]].push_back({row[1], row[2], row[3]});
    for (const auto& row : fleet.sql("SELECT effect_id, case_id, tool, status FROM resolute.sent"))
        evidence.sent[row[0]] = {row[1], row[2], row[3]};
    for (const auto& row : fleet.sql("SELECT case_id, tool || ' is held' FROM resolute.effects WHERE status = 'held' UNION ALL "
                                     "SELECT id, 'quarantined' FROM resolute.cases WHERE lifecycle = 'quarantined'"))
        evidence.excused[row[0]].push_back(row[1]);
    evidence.files = read_sent(fleet.company().sent());
    return evidence;
}

class Judge {
public:
    explicit Judge(const Fleet& fleet) : fleet_(fleet), evidence_(gather(fleet)) {}

    Verdict verdict() {
        verdict_.mails = fleet_.mails().size();
        verdict_.sent = evidence_.files.size();
        verdict_.held = static_cast<std::size_t>(fleet_.number("SELECT count(*) FROM resolute.effects WHERE status = 'held'"));
        verdict_.quarantined =
            static_cast<std::size_t>(fleet_.number("SELECT count(*) FROM resolute.cases WHERE lifecycle = 'quarantined'"));
        look_at_files();
        look_at_sent();
        look_at_mails();
        look_at_tickets();
        return std::move(verdict_);
    }

private:
    void lost(std::string what) { note(verdict_.lost, "lost: " + what); }
    void twice(std::string what) { note(verdict_.twice, "twice: " + what); }
    void note(std::size_t& count, std::string what) {
        ++count;
        if (verdict_.findings.size() < kFindingsMax) verdict_.findings.push_back(std::move(what));
    }

    /// What arrived: each once, by its effect and by whom it is for, and each known to the database.
    void look_at_files() {
        for (const auto& [name, count] : fleet_.arrivals().arrivals())
            if (count > 1) twice(fmt::format("{} arrived {} times", name, count));
        std::map<std::string, int> by_effect;
        std::map<std::string, int> by_purpose;
        std::set<std::string> message_ids;
        for (const MailOut& mail : evidence_.files) {
            if (++by_effect[mail.effect] > 1) twice(fmt::format("effect {}", mail.effect));
            if (!message_ids.insert(mail.message_id).second) twice(fmt::format("Message-ID {}", mail.message_id));
            // To our own people, where the chat could not be reached: part of a call that may be repeated, and not on record as a mail.
            if (mail.subject.starts_with("Resolute: ")) continue;
            const auto known = evidence_.sent.find(mail.effect);
            if (known == evidence_.sent.end() || known->second[2] != "confirmed") {
                note(verdict_.lost, fmt::format("{} to {} left, and the database does not say so", mail.effect, mail.to));
                continue;
            }
            const std::string& tool = known->second[1];
            if (++by_purpose[mail.case_id + " " + mail.to + " " + tool] > 1)
                twice(fmt::format("{} to {} for case {}", tool, mail.to, mail.case_id));
            if (tool == kAcknowledgment) acknowledged_.insert(mail.case_id);
            present_.insert(mail.effect);
        }
    }
    void look_at_sent() {
        for (const auto& [effect, row] : evidence_.sent)
            if (row[1].starts_with("mail.") && row[2] == "confirmed" && !present_.contains(effect))
                lost(fmt::format("{} {} is confirmed, and no such mail left", row[1], effect));
    }
    /// Every mail that was fed has one outcome, and whoever wrote it was answered or waits for a person who sees it.
    void look_at_mails() {
        std::set<std::string> cases;
        for (const MailIn& mail : fleet_.mails()) {
            const std::string id = mail.name + "@" + mail.from.substr(mail.from.rfind('@') + 1, mail.from.size() - mail.from.rfind('@') - 2);
            const auto found = evidence_.mails.find(id);
            if (found == evidence_.mails.end()) {
                lost(fmt::format("{} was never taken in", id));
                continue;
            }
            if (found->second.size() > 1) twice(fmt::format("{} was kept {} times", id, found->second.size()));
            const auto& row = found->second.front();
            if (row[0] != "new_case") lost(fmt::format("{} has the outcome {}: {}", id, row[0], row[2]));
            if (row[0] != "new_case") continue;
            if (!cases.insert(row[1]).second) lost(fmt::format("{} shares case {} with a stranger", id, row[1]));
            if (!acknowledged_.contains(row[1]) && !evidence_.excused.contains(row[1]))
                lost(fmt::format("{} of case {} was not acknowledged", id, row[1]));
        }
        verdict_.cases = static_cast<std::size_t>(
            fleet_.number("SELECT (SELECT count(*) FROM resolute.cases) + (SELECT count(*) FROM resolute.closed_cases)"));
        if (verdict_.cases > cases.size()) twice(fmt::format("{} cases of {} mails", verdict_.cases, cases.size()));
    }
    void look_at_tickets() {
        for (const auto& row : fleet_.sql("SELECT case_id, count(*) FROM resolute.tickets GROUP BY case_id HAVING count(*) > 1"))
            twice(fmt::format("case {} has {} tickets", row[0], row[1]));
    }

    const Fleet& fleet_;
    const Evidence evidence_;
    Verdict verdict_;
    std::set<std::string> acknowledged_;
    std::set<std::string> present_;
};

}  // namespace

Verdict judge(const Fleet& fleet) {
    return Judge(fleet).verdict();
}

void expect_all_once(const Verdict& verdict) {
    for (const std::string& finding : verdict.findings) ADD_FAILURE() << finding;
    EXPECT_EQ(verdict.lost, 0U);
    EXPECT_EQ(verdict.twice, 0U);
    EXPECT_LE(verdict.held * 200, verdict.sent) << "more than 0.5 % wait for a person";
    EXPECT_LE(verdict.quarantined * 200, verdict.cases) << "more than 0.5 % were quarantined";
}

void expect_sound(const Fleet& fleet, const std::string& name) {
    const Ended ended = fleet.run(name, {"verify", "--json"});
    EXPECT_EQ(ended.exit_code, 0) << describe(ended);
    const json::Value report = ended.json();
    EXPECT_TRUE(report["is_sound"].as_bool()) << ended.out.substr(0, 4000);
    EXPECT_EQ(report["mails_without_outcome"].as_int(-1), 0);
}

std::string to_line(std::string_view test, const Verdict& verdict, const std::map<std::string, double>& figures) {
    std::string line = fmt::format(R"({{"test":"{}","mails":{},"cases":{},"sent":{},"lost":{},"twice":{},"held":{},"quarantined":{})", test,
                                   verdict.mails, verdict.cases, verdict.sent, verdict.lost, verdict.twice, verdict.held,
                                   verdict.quarantined);
    for (const auto& [name, value] : figures) line += fmt::format(R"(,"{}":{:.0f})", name, value);
    return line + "}\n";
}

}  // namespace resolute::e2e
