// SPDX-License-Identifier: Apache-2.0
#include <array>
#include <set>

#include <fmt/format.h>

#include "base/text.h"
#include "procedure/clauses.h"
#include "procedure/draft.h"
#include "procedure/outline.h"

namespace resolute::procedure {
namespace {

constexpr std::size_t kStepsMax = 500;
constexpr Duration kTimeoutMax = std::chrono::hours(24);
constexpr int kAttemptsMax = 10'000;

const std::vector<std::string>& field_names() {
    static const std::vector<std::string> names{"Objective",   "Description",      "Tool",     "Tool Category",
                                                "Action Type", "Required Context", "Timeout",  "Retry",
                                                "Only When",   "Optional",         "Approval", "Branches"};
    return names;
}

enum class Section { preface, steps, follow_up, exits, never, always, notes };
struct SectionName {
    std::string_view name;
    Section section;
};
constexpr std::array<SectionName, 6> kSections{{{"Steps", Section::steps},
                                                {"Follow-Up", Section::follow_up},
                                                {"Exit Conditions", Section::exits},
                                                {"Never", Section::never},
                                                {"Always", Section::always},
                                                {"Notes", Section::notes}}};

std::vector<std::string> section_names() {
    std::vector<std::string> names;
    for (const SectionName& section : kSections) names.emplace_back(section.name);
    return names;
}

std::string canonical(std::string_view name, const std::vector<std::string>& known) {
    for (const std::string& candidate : known)
        if (text::equals_ignore_case(candidate, name)) return candidate;
    return {};
}

class BodyReader {
public:
    BodyReader(const SourceText& source, Draft& draft, Findings& findings)
        : source_(source), draft_(draft), findings_(findings), clauses_(source, draft.policy, findings) {}

    void read(int first_line) {
        for (const Block& block : read_blocks(source_, first_line)) {
            switch (block.kind) {
                case Block::Kind::heading:
                    heading(block);
                    break;
                case Block::Kind::paragraph:
                    paragraph(block);
                    break;
                case Block::Kind::list:
                    list(block);
                    break;
            }
            if (draft_.steps.size() > kStepsMax) {
                findings_.error("too_large", draft_.steps.back().step.where,
                                fmt::format("the procedure has more than {} steps", kStepsMax));
                return;
            }
        }
        if (draft_.title.empty()) findings_.error("missing_field", {first_line, 1}, "found no title; meant a line \"# Title\"");
        if (draft_.steps.empty())
            findings_.error("missing_field", {first_line, 1}, "found no step; meant \"## Steps\" with \"### Step 1: Title\"");
    }

private:
    std::string_view text(Span span) const { return text::trim(source_.text().substr(span.begin, span.end - span.begin)); }

    void heading(const Block& block) {
        const std::string_view words = text(block.span);
        const Location where = source_.place(block.span.begin);
        last_field_.clear();
        if (block.level > 3) return;
        if (block.level == 3) return step_heading(block, where);
        step_ = nullptr;
        if (block.level == 1) {
            if (!draft_.title.empty())
                findings_.error("bad_value", where, fmt::format("found a second title, \"{}\"", text::shorten(words, 60)));
            draft_.title = std::string(words);
            return;
        }
        for (const SectionName& candidate : kSections) {
            if (!text::equals_ignore_case(candidate.name, words)) continue;
            if (!seen_sections_.insert(candidate.section).second)
                findings_.error("bad_value", where, fmt::format("found the section \"{}\" for the second time", candidate.name));
            section_ = candidate.section;
            return;
        }
        // A misspelt "Never" must not turn its rules into prose.
        section_ = Section::notes;
        findings_.error("unknown_field", where,
                        fmt::format("found the section \"{}\"; known are {}{}", text::shorten(words, 60),
                                    text::join(section_names(), ", "), did_you_mean(words, section_names())));
    }

    void step_heading(const Block& block, Location where) {
        step_ = nullptr;
        if (section_ == Section::notes) {
            draft_.has_lost_step = true;
            return;
        }
        Scanner scanner(source_, block.span);
        if (section_ != Section::steps && section_ != Section::follow_up) {
            draft_.has_lost_step = true;
            findings_.error("bad_value", where,
                            "found a heading of the third level; steps stand under \"## Steps\" or \"## Follow-Up\"");
            return;
        }
        const bool has_word = scanner.take_word("Step");
        const auto number = has_word ? scanner.take_number() : std::nullopt;
        if (!number || *number == 0 || !scanner.take_symbol(':')) {
            draft_.has_lost_step = true;
            findings_.error("bad_value", where,
                            fmt::format("found \"{}\", meant \"### Step N: Title\"", text::shorten(text(block.span), 60)));
            return;
        }
        StepDraft draft;
        draft.step.number = *number;
        draft.step.title = std::string(scanner.take_rest());
        draft.step.in_follow_up = section_ == Section::follow_up;
        draft.step.where = where;
        if (draft.step.title.empty())
            findings_.error("bad_value", where, "found a step without a title, meant \"### Step N: Title\"");
        draft_.steps.push_back(std::move(draft));
        step_ = &draft_.steps.back();
        seen_fields_.clear();
    }

    /// Fields stand on lines of their own; a line that begins none goes on with the one before it.
    void paragraph(const Block& block) {
        if (step_ == nullptr) return;
        const Location first = source_.place(block.span.begin);
        const Location last = source_.place(block.span.end);
        std::vector<Span> fields;
        for (int line = first.line; line <= last.line; ++line) {
            const std::size_t begin = std::max(source_.line_start(line), block.span.begin);
            const std::size_t end = std::min(source_.line_start(line) + source_.line(line).size(), block.span.end);
            if (begin >= end) continue;
            const std::string_view words = text::trim(source_.line(line));
            const bool is_field = words.starts_with("**");
            if (!is_field && is_bare_field(words, source_.place(begin))) continue;
            if (is_field || fields.empty())
                fields.push_back({begin, end});
            else
                fields.back().end = end;
        }
        for (const Span& span : fields)
            if (text(span).starts_with("**")) field(span);
    }

    /// "Timeout: 30s" without its stars would be prose, and its number lost.
    bool is_bare_field(std::string_view words, Location where) {
        const std::size_t colon = words.find(':');
        if (colon == std::string_view::npos) return false;
        std::string_view name = words.substr(0, colon);
        while (!name.empty() && (name.front() == '*' || name.front() == '_')) name.remove_prefix(1);
        while (!name.empty() && (name.back() == '*' || name.back() == '_')) name.remove_suffix(1);
        const std::string known = canonical(text::trim(name), field_names());
        if (known.empty()) return false;
        step_->is_whole = false;
        findings_.error("unknown_field", where,
                        fmt::format("found \"{}\" without its stars; a field is written **{}**: value", known, known));
        return true;
    }

    void field(Span span) {
        const std::string_view all = source_.text();
        while (span.begin < span.end && all[span.begin] != '*') ++span.begin;
        const Location where = source_.place(span.begin);
        const std::size_t close = all.substr(0, span.end).find("**", span.begin + 2);
        if (close == std::string_view::npos) {
            step_->is_whole = false;
            findings_.error("bad_value", where, "found a field whose stars do not close; meant **Name**: value");
            return;
        }
        std::string_view written = text::trim(all.substr(span.begin + 2, close - span.begin - 2));
        std::size_t value = close + 2;
        const bool has_inner_colon = written.ends_with(':');
        if (has_inner_colon) written.remove_suffix(1);
        if (!has_inner_colon) {
            Scanner colon(source_, {value, span.end});
            if (!colon.take_symbol(':')) {
                step_->is_whole = false;
                findings_.error("bad_value", source_.place(value),
                                fmt::format("found no colon behind **{}**", text::shorten(written, 60)));
                return;
            }
            value = all.find(':', value) + 1;
        }
        const std::string name = canonical(written, field_names());
        last_field_ = name;
        if (name.empty()) {
            step_->is_whole = false;
            findings_.error("unknown_field", where,
                            fmt::format("found the field \"{}\"; known are {}{}", text::shorten(written, 60),
                                        text::join(field_names(), ", "), did_you_mean(written, field_names())));
            return;
        }
        if (!seen_fields_.insert(name).second) {
            step_->is_whole = false;
            findings_.error("bad_value", where, fmt::format("found the field \"{}\" for the second time", name));
            return;
        }
        const int before = findings_.errors();
        while (value < span.end && std::string_view(" \t\r\n").find(all[value]) != std::string_view::npos) ++value;
        set_field(name, {value, span.end});
        if (findings_.errors() > before) step_->is_whole = false;
    }

    void set_field(const std::string& name, Span value) {
        Step& step = step_->step;
        const Location where = source_.place(value.begin);
        const std::string words(text(value));
        const auto wrong = [&](std::string_view meant) {
            findings_.error(
                "bad_value", where,
                fmt::format("found {}, meant {}", words.empty() ? "nothing" : "\"" + text::shorten(words, 60) + "\"", meant));
        };
        if (name == "Objective") {
            step.objective = words;
        } else if (name == "Description") {
            if (step.objective.empty()) step.objective = words;
        } else if (name == "Tool") {
            Scanner scanner(source_, value);
            const auto tool = scanner.take_quoted();
            if (!tool || !scanner.is_at_end() || text::trim(tool->text).empty())
                return wrong("one tool in backticks: `ticket.create`");
            step.tool = std::string(tool->text);
            step_->tool_at = tool->where;
        } else if (name == "Tool Category") {
            step_->category_at = where;
            step_->has_category = text::equals_ignore_case(words, "Integration") || text::equals_ignore_case(words, "Prompt");
            if (!step_->has_category) return wrong("Integration or Prompt");
            step.category = text::equals_ignore_case(words, "Prompt") ? ToolCategory::prompt : ToolCategory::integration;
        } else if (name == "Action Type") {
            step_->action_at = where;
            for (const ActionType action : {ActionType::read, ActionType::create, ActionType::update, ActionType::extraction,
                                            ActionType::decision, ActionType::generation}) {
                if (!text::equals_ignore_case(words, to_string(action))) continue;
                step.action = action;
                step_->has_action = true;
            }
            if (!step_->has_action) wrong("read, create, update, extraction, decision or generation");
        } else if (name == "Required Context") {
            required_context(value);
        } else if (name == "Timeout") {
            const auto timeout = parse_duration(words);
            if (!timeout || *timeout <= Duration::zero() || *timeout > kTimeoutMax)
                return wrong("a duration up to 24h, such as 30s");
            step.timeout = *timeout;
            step_->has_timeout = true;
        } else if (name == "Retry") {
            retry(words, wrong);
        } else if (name == "Only When") {
            step.only_when = clauses_.condition_field(value);
        } else if (name == "Optional") {
            const bool is_yes = text::equals_ignore_case(words, "yes");
            if (!is_yes && !text::equals_ignore_case(words, "no")) return wrong("yes or no");
            step.is_optional = is_yes;
        } else if (name == "Approval") {
            step.approval = clauses_.approval(value);
        } else if (name == "Branches") {
            if (!words.empty()) wrong("a list of branches on the lines below");
        }
    }

    void required_context(Span value) {
        Scanner scanner(source_, value);
        while (true) {
            const auto fact = scanner.take_quoted();
            const bool is_plain = fact && !fact->text.empty() && fact->text.find_first_of(" .`") == std::string_view::npos;
            if (!is_plain) {
                findings_.error("bad_value", fact ? fact->where : scanner.here(),
                                fmt::format("found {}, meant the name of a fact in backticks, without a point: `customer`",
                                            fact ? fmt::format("`{}`", fact->text) : scanner.found()));
                return;
            }
            step_->context.push_back({std::string(fact->text), fact->where});
            if (scanner.is_at_end()) return;
            if (!scanner.take_symbol(',')) {
                findings_.error("bad_value", scanner.here(),
                                fmt::format("found {}, meant a comma between two facts", scanner.found()));
                return;
            }
        }
    }

    /// "8 attempts, 2s to 10m"
    void retry(std::string_view words, const auto& wrong) {
        constexpr std::string_view kForm = "\"8 attempts, 2s to 10m\"";
        int attempts = 0;
        std::size_t at = 0;
        while (at < words.size() && words[at] >= '0' && words[at] <= '9' && attempts <= kAttemptsMax)
            attempts = attempts * 10 + (words[at++] - '0');
        std::string_view rest = text::trim(words.substr(at));
        if (at == 0 || attempts < 1 || attempts > kAttemptsMax || !rest.starts_with("attempt")) return wrong(kForm);
        rest = text::trim(rest.substr(rest.starts_with("attempts") ? 8 : 7));
        Retry& retry = step_->step.retry;
        retry.attempts_max = attempts;
        if (rest.empty()) return;
        const std::size_t to = rest.find(" to ");
        if (rest.front() != ',' || to == std::string_view::npos) return wrong(kForm);
        const auto first = parse_duration(rest.substr(1, to - 1));
        const auto last = parse_duration(rest.substr(to + 4));
        if (!first || !last || *first <= Duration::zero() || *last < *first) return wrong(kForm);
        retry.first_delay = *first;
        retry.delay_max = *last;
    }

    void list(const Block& block) {
        if (step_ != nullptr) return step_list(block);
        for (const Span& item : block.items) {
            if (section_ == Section::exits) {
                if (auto exit = clauses_.exit(item)) draft_.exits.push_back(*std::move(exit));
            } else if (section_ == Section::never) {
                if (auto rule = clauses_.never(item)) draft_.never.push_back(*std::move(rule));
            } else if (section_ == Section::always) {
                if (auto rule = clauses_.always(item)) draft_.always.push_back(*std::move(rule));
            }
        }
    }

    void step_list(const Block& block) {
        if (last_field_ == "Objective" || last_field_ == "Description") return;  // Prose that happens to be a list.
        if (last_field_ != "Branches") {
            step_->is_whole = false;
            findings_.error("unknown_field", source_.place(block.span.begin),
                            "found a list that belongs to no field; the branches stand under **Branches**:");
            return;
        }
        step_->has_branches = true;
        for (const Span& item : block.items) {
            auto branch = clauses_.branch(item);
            if (branch)
                step_->branches.push_back(*std::move(branch));
            else
                step_->is_whole = false;
        }
    }

    const SourceText& source_;
    Draft& draft_;
    Findings& findings_;
    ClauseReader clauses_;
    Section section_ = Section::preface;
    std::set<Section> seen_sections_;
    StepDraft* step_ = nullptr;  ///< into draft_.steps; set anew at each heading, before the vector grows again
    std::set<std::string> seen_fields_;
    std::string last_field_;
};

}  // namespace

void read_body(const SourceText& source, int first_line, Draft& draft, Findings& findings) {
    BodyReader(source, draft, findings).read(first_line);
}

}  // namespace resolute::procedure
