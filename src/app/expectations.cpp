// SPDX-License-Identifier: Apache-2.0
#include "app/expectations.h"

#include <algorithm>

#include <fmt/format.h>
#include <yaml-cpp/yaml.h>

#include "base/file.h"

namespace resolute::app {
namespace {

std::vector<std::string> words_of(const YAML::Node& node) {
    if (!node) return {};
    return node.IsSequence() ? node.as<std::vector<std::string>>() : std::vector{node.as<std::string>()};
}

bool contains(const std::vector<std::string>& list, const std::string& word) { return std::find(list.begin(), list.end(), word) != list.end(); }

/// What became of one case, against what was expected.
void judge(const Expectation& expected, const casework::CaseState& state, DayReport& report) {
    const std::string& category = state.facts["issue"]["category"].as_string();
    if (!expected.categories.empty()) {
        ++report.with_category;
        if (contains(expected.categories, category)) ++report.right_category;
    }
    const bool is_answered = state.resolution == "automatic";
    const bool is_right = std::any_of(state.cited_articles.begin(), state.cited_articles.end(),
                                      [&](const std::string& article) { return contains(expected.articles, article); });
    if (is_answered) ++report.answered;
    if (expected.answer == "automatic" && !is_answered) ++report.missed;
    if (is_answered && is_right && expected.answer != "human") {
        ++report.answered_right;
        if (!contains(expected.articles, state.cited_articles.front())) ++report.by_alternative;
    }
    const std::string cited = state.cited_articles.empty() ? std::string("nothing") : state.cited_articles.front();
    if (is_answered && expected.answer == "human")
        report.surprises.push_back(fmt::format("{}: answered from {}, a person was expected", expected.mail, cited));
    else if (is_answered && !is_right)
        report.surprises.push_back(fmt::format("{}: answered from {}, expected {}", expected.mail, cited,
                                               expected.articles.empty() ? std::string("no answer") : expected.articles.front()));
}

}  // namespace

Result<std::vector<Expectation>> read_expectations(const std::filesystem::path& file) {
    TRY(const std::string text, file::read(file));
    std::vector<Expectation> expectations;
    try {
        for (const auto& node : YAML::Load(text))
            expectations.push_back({.mail = node["mail"].as<std::string>(),
                                    .outcome = node["outcome"].as<std::string>(),
                                    .categories = words_of(node["category"]),
                                    .answer = node["answer"] ? node["answer"].as<std::string>() : std::string(),
                                    .articles = words_of(node["articles"])});
    } catch (const YAML::Exception& error) {
        return fail("story.unreadable", ErrorKind::invalid,
                    fmt::format("{}:{}:{}: {}", file.string(), error.mark.line + 1, error.mark.column + 1, error.msg));
    }
    return expectations;
}

Result<DayReport> play_day(const std::filesystem::path& folder, const std::filesystem::path& work) {
    TRY(const auto expectations, read_expectations(folder / "expected.yaml"));
    TRY(Config config, read_config(folder / "resolute.yaml"));
    std::error_code error;
    std::filesystem::remove_all(work, error);
    config.data = work / "state";
    config.outgoing = work / "sent";
    const SystemClock clock;
    const double began = monotonic_seconds();
    TRY(const auto runtime, Runtime::open(config, clock));
    TRY_STATUS(runtime->run_until_idle());
    DayReport report;
    TRY(report.summary, collect_summary(*runtime, monotonic_seconds() - began));
    TRY(const auto mails, runtime->storage().intake().list({}));
    std::map<std::string, ports::MailRecord> by_name;
    for (const ports::MailRecord& mail : mails) by_name[mail.position.uid] = mail;
    for (const Expectation& expected : expectations) {
        ++report.expected;
        const ports::MailRecord& mail = by_name[expected.mail];
        const std::string outcome(ports::to_string(mail.outcome));
        if (outcome == expected.outcome)
            ++report.right_outcome;
        else
            report.surprises.push_back(fmt::format("{}: ended {}, expected {} ({})", expected.mail, outcome, expected.outcome, mail.reason));
        if (expected.outcome != "new_case" || mail.case_id.is_empty()) continue;
        TRY(const auto state, runtime->engine().find_state(mail.case_id));
        if (state) judge(expected, *state, report);
    }
    return report;
}

}  // namespace resolute::app
