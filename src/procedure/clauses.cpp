// SPDX-License-Identifier: Apache-2.0
#include "procedure/clauses.h"

#include <fmt/format.h>

#include "base/text.h"

namespace resolute::procedure {
namespace {

constexpr std::string_view kTargets = "a target: Step N, complete, stay, hold or closed";
constexpr int kStepNumberMax = 9999;

bool is_letter(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}
bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

const std::vector<std::string>& task_names() {
    static const std::vector<std::string> names = [] {
        std::vector<std::string> all;
        for (const TaskKind kind : {TaskKind::resolve, TaskKind::approve, TaskKind::review, TaskKind::manager_review,
                                    TaskKind::manager_escalation, TaskKind::technical_support, TaskKind::held_effect})
            all.emplace_back(to_string(kind));
        return all;
    }();
    return names;
}

/// Tools, facts and roles: letters, digits, `_` and points between.
bool is_name(std::string_view text) {
    if (text.empty() || text.size() > 100 || !is_letter(text.front())) return false;
    for (const char c : text)
        if (!is_letter(c) && !is_digit(c) && c != '.') return false;
    return text.back() != '.' && text.find("..") == std::string_view::npos;
}

}  // namespace

// --- Scanner

void Scanner::skip_space() {
    while (at_ < end_ && std::string_view(" \t\r\n").find(source_.text()[at_]) != std::string_view::npos) ++at_;
}

bool Scanner::is_at_end() {
    skip_space();
    return at_ == end_;
}

Location Scanner::here() {
    skip_space();
    return source_.place(at_);
}

bool Scanner::take_arrow() {
    skip_space();
    const std::string_view rest = source_.text().substr(at_, end_ - at_);
    for (const std::string_view arrow : {"→", "->"}) {
        if (!rest.starts_with(arrow)) continue;
        at_ += arrow.size();
        return true;
    }
    return false;
}

bool Scanner::take_word(std::string_view word) {
    skip_space();
    const std::string_view rest = source_.text().substr(at_, end_ - at_);
    if (rest.size() < word.size() || !text::equals_ignore_case(rest.substr(0, word.size()), word)) return false;
    if (rest.size() > word.size() && (is_letter(rest[word.size()]) || is_digit(rest[word.size()]))) return false;
    at_ += word.size();
    return true;
}

bool Scanner::take_symbol(char symbol) {
    skip_space();
    if (at_ == end_ || source_.text()[at_] != symbol) return false;
    ++at_;
    return true;
}

std::optional<int> Scanner::take_number() {
    skip_space();
    int value = 0;
    std::size_t at = at_;
    while (at < end_ && is_digit(source_.text()[at])) {
        value = value * 10 + (source_.text()[at++] - '0');
        if (value > kStepNumberMax) return std::nullopt;
    }
    if (at == at_ || (at < end_ && is_letter(source_.text()[at]))) return std::nullopt;
    at_ = at;
    return value;
}

std::optional<Quoted> Scanner::take_quoted() {
    skip_space();
    if (at_ == end_ || source_.text()[at_] != '`') return std::nullopt;
    const std::size_t close = source_.text().substr(0, end_).find('`', at_ + 1);
    if (close == std::string_view::npos) return std::nullopt;
    const Quoted quoted{source_.text().substr(at_ + 1, close - at_ - 1), source_.place(at_ + 1)};
    at_ = close + 1;
    return quoted;
}

std::string_view Scanner::take_rest() {
    skip_space();
    const std::string_view rest = source_.text().substr(at_, end_ - at_);
    at_ = end_;
    return text::trim(rest);
}

std::optional<std::string> Scanner::take_remark() {
    skip_space();
    const std::string_view rest = text::trim(source_.text().substr(at_, end_ - at_));
    if (rest.size() < 2 || rest.front() != '(' || rest.back() != ')') return std::nullopt;
    at_ = end_;
    return std::string(text::trim(rest.substr(1, rest.size() - 2)));
}

std::string Scanner::found() {
    skip_space();
    if (at_ == end_) return "the end";
    const std::string_view rest = source_.text().substr(at_, end_ - at_);
    if (rest.front() == '`' && rest.find('`', 1) == std::string_view::npos) return "a backtick without its partner";
    std::size_t length = rest.front() == '`' ? rest.find('`', 1) + 1 : rest.find_first_of(" \t\r\n");
    length = std::min(length, rest.size());
    return fmt::format("\"{}\"", text::shorten(rest.substr(0, length), 60));
}

// --- ClauseReader

std::nullopt_t ClauseReader::wrong(Scanner& scanner, std::string_view meant) {
    findings_.error("bad_value", scanner.here(), fmt::format("found {}, meant {}", scanner.found(), meant));
    return std::nullopt;
}

std::optional<Condition> ClauseReader::condition(Scanner& scanner) {
    const auto quoted = scanner.take_quoted();
    if (!quoted) return wrong(scanner, "a condition in backticks");
    auto condition = Condition::parse_located(quoted->text, quoted->where);
    if (!condition) {
        findings_.add(std::move(condition).error());
        return std::nullopt;
    }
    return *std::move(condition);
}

std::optional<Quoted> ClauseReader::name(Scanner& scanner, std::string_view what) {
    const auto quoted = scanner.take_quoted();
    if (!quoted) return wrong(scanner, what);
    if (!is_name(quoted->text)) {
        findings_.error("bad_value", quoted->where, fmt::format("found \"{}\", meant {}", text::shorten(quoted->text, 60), what));
        return std::nullopt;
    }
    return quoted;
}

std::optional<int> ClauseReader::step_reference(Scanner& scanner) {
    if (!scanner.take_word("Step")) return std::nullopt;
    const auto number = scanner.take_number();
    if (!number) return wrong(scanner, "the number of a step");
    return number;
}

std::optional<Target> ClauseReader::target(Scanner& scanner) {
    for (const auto& [word, kind] : {std::pair{"complete", Target::Kind::complete}, std::pair{"stay", Target::Kind::stay},
                                     std::pair{"hold", Target::Kind::hold}, std::pair{"closed", Target::Kind::closed}})
        if (scanner.take_word(word)) return Target{kind, 0};
    const int before = findings_.errors();
    if (const auto number = step_reference(scanner)) return Target{Target::Kind::step, *number};
    return findings_.errors() > before ? std::nullopt
                                       : wrong(scanner, fmt::format("a tool in backticks, task, notify, or {}", kTargets));
}

bool ClauseReader::task(Scanner& scanner, Action& action) {
    action.kind = Action::Kind::open_task;
    const auto kind = name(scanner, "the kind of the task in backticks");
    if (!kind) return false;
    const auto known = parse_task_kind(kind->text);
    if (!known) {
        findings_.error("bad_value", kind->where,
                        fmt::format("found the task `{}`; known are {}{}", kind->text, text::join(task_names(), ", "),
                                    did_you_mean(kind->text, task_names())));
        return false;
    }
    action.task = *known;
    if (!scanner.take_word("for")) {
        wrong(scanner, "`for` and whom the task is for: task `review` for `agent`");
        return false;
    }
    const auto role = name(scanner, "whom the task is for, in backticks");
    if (!role) return false;
    action.role = std::string(role->text);
    return true;
}

std::optional<ClauseReader::Chain> ClauseReader::chain(Scanner& scanner) {
    Chain chain;
    while (true) {
        Action action;
        action.where = scanner.here();
        if (scanner.take_word("task")) {
            if (!task(scanner, action)) return std::nullopt;
            chain.actions.push_back(std::move(action));
        } else if (scanner.take_word("notify")) {
            action.kind = Action::Kind::notify;
            const auto role = name(scanner, "whom to notify, in backticks");
            if (!role) return std::nullopt;
            action.role = std::string(role->text);
            chain.actions.push_back(std::move(action));
        } else if (scanner.found().starts_with("\"`")) {
            const auto tool = name(scanner, "a tool such as `ticket.create`");
            if (!tool) return std::nullopt;
            action.tool = std::string(tool->text);
            action.where = tool->where;
            chain.actions.push_back(std::move(action));
        } else {
            chain.target_at = scanner.here();
            chain.target = target(scanner);
            if (!chain.target) return std::nullopt;
            break;
        }
        if (!scanner.take_arrow()) break;
    }
    if (!finish(scanner, chain.remark)) return std::nullopt;
    return chain;
}

bool ClauseReader::finish(Scanner& scanner, std::string& remark) {
    if (scanner.is_at_end()) return true;
    auto words = scanner.take_remark();
    if (!words) {
        wrong(scanner, "the end, or a remark in parentheses");
        return false;
    }
    remark = *std::move(words);
    return true;
}

bool ClauseReader::after(Scanner& scanner, Branch& branch) {
    branch.trigger = Branch::Trigger::after;
    const auto quoted = scanner.take_quoted();
    if (!quoted) {
        wrong(scanner, "a duration in backticks: `24h`, or one of the policy: `policy.follow_up_after`");
        return false;
    }
    branch.after_text = std::string(quoted->text);
    std::optional<Duration> value = parse_duration(quoted->text);
    if (!value && quoted->text.starts_with("policy.")) {
        const json::Value* found = policy_.find_path(quoted->text.substr(7));
        if (found == nullptr) {
            std::vector<std::string> names;
            for (const auto& [key, ignored] : policy_.as_object()) names.push_back("policy." + key);
            findings_.error("policy_unknown", quoted->where,
                            fmt::format("found `{}`, which the front matter does not set{}", quoted->text,
                                        did_you_mean(quoted->text, names)));
            return false;
        }
        value = json::to_duration(*found);
    }
    if (!value || *value <= Duration::zero()) {
        findings_.error("bad_value", quoted->where, fmt::format("found `{}`, meant a duration above zero", quoted->text));
        return false;
    }
    branch.after = *value;
    return true;
}

bool ClauseReader::trigger(Scanner& scanner, BranchDraft& draft) {
    Branch& branch = draft.branch;
    draft.trigger_at = scanner.here();
    if (scanner.take_word("when")) {
        branch.trigger = Branch::Trigger::guard;
        branch.when = condition(scanner);
        return branch.when.has_value();
    }
    if (scanner.take_word("after")) return after(scanner, branch);
    if (scanner.take_word("at")) {
        branch.trigger = Branch::Trigger::at;
        const auto fact = name(scanner, "the fact that holds the moment, in backticks: `followup.due`");
        if (!fact) return false;
        branch.at_fact = std::string(fact->text);
        draft.trigger_at = fact->where;
        return true;
    }
    if (scanner.take_word("on")) {
        branch.trigger = Branch::Trigger::failure;
        if (scanner.take_word("failure")) return true;
        wrong(scanner, "`on failure`");
        return false;
    }
    if (!scanner.found().starts_with("\"`")) {
        wrong(scanner, "an outcome in backticks, or when, after, at, on failure");
        return false;
    }
    const auto outcome = name(scanner, "an outcome of the tool");
    if (!outcome) return false;
    branch.trigger = Branch::Trigger::outcome;
    branch.outcome = std::string(outcome->text);
    draft.trigger_at = outcome->where;
    return true;
}

std::optional<BranchDraft> ClauseReader::branch(Span span) {
    Scanner scanner(source_, span);
    BranchDraft draft;
    draft.branch.where = scanner.here();
    if (!trigger(scanner, draft)) return std::nullopt;
    if (!scanner.take_arrow()) return wrong(scanner, "an arrow (→ or ->)");
    auto links = chain(scanner);
    if (!links) return std::nullopt;
    if (!links->target) {
        findings_.error("bad_value", draft.branch.where,
                        fmt::format("the branch does not say where it goes; meant {}", kTargets));
        return std::nullopt;
    }
    draft.branch.actions = std::move(links->actions);
    draft.branch.target = *links->target;
    draft.branch.remark = std::move(links->remark);
    draft.target_at = links->target_at;
    return draft;
}

std::optional<ExitDraft> ClauseReader::exit(Span span) {
    Scanner scanner(source_, span);
    const Location where = scanner.here();
    if (!scanner.take_symbol('*') || !scanner.take_symbol('*'))
        return wrong(scanner, "- **Name**: when `condition` → what happens");
    const std::string_view text = source_.text().substr(0, span.end);
    const std::size_t begin = source_.line_start(where.line) + static_cast<std::size_t>(where.column - 1) + 2;
    const std::size_t close = text.find("**", begin);
    if (close == std::string_view::npos || text::trim(text.substr(begin, close - begin)).empty())
        return wrong(scanner, "the name between two pairs of stars: **Name**");
    Scanner rest(source_, {close + 2, span.end});
    if (!rest.take_symbol(':')) return wrong(rest, "a colon behind the name");
    if (!rest.take_word("when")) return wrong(rest, "when `condition`");
    auto when = condition(rest);
    if (!when) return std::nullopt;
    if (!rest.take_arrow()) return wrong(rest, "an arrow (→ or ->)");
    auto links = chain(rest);
    if (!links) return std::nullopt;
    return ExitDraft{.exit = {.name = std::string(text::trim(text.substr(begin, close - begin))),
                              .when = *std::move(when),
                              .actions = std::move(links->actions),
                              .target = links->target,
                              .where = where},
                     .target_at = links->target_at};
}

std::optional<NeverRule> ClauseReader::never(Span span) {
    Scanner scanner(source_, span);
    const auto tool = name(scanner, "a tool: - `mail.send_resolution` when `condition`");
    if (!tool) return std::nullopt;
    if (!scanner.take_word("when")) return wrong(scanner, "when `condition`");
    auto when = condition(scanner);
    if (!when) return std::nullopt;
    NeverRule rule{.tool = std::string(tool->text), .when = *std::move(when), .remark = {}, .where = tool->where};
    if (!finish(scanner, rule.remark)) return std::nullopt;
    return rule;
}

std::optional<AlwaysRule> ClauseReader::always(Span span) {
    constexpr std::string_view kForm = "- Step A → Step B is open when `condition`";
    Scanner scanner(source_, span);
    AlwaysRule rule;
    rule.where = scanner.here();
    const int before = findings_.errors();
    const auto from = step_reference(scanner);
    const bool has_arrow = from && scanner.take_arrow();
    const auto to = has_arrow ? step_reference(scanner) : std::nullopt;
    if (!to) return findings_.errors() > before ? std::nullopt : wrong(scanner, kForm);
    if (!scanner.take_word("is") || !scanner.take_word("open") || !scanner.take_word("when")) return wrong(scanner, kForm);
    auto when = condition(scanner);
    if (!when || !finish(scanner, rule.remark)) return std::nullopt;
    rule.from_step = *from;
    rule.to_step = *to;
    rule.when = *std::move(when);
    return rule;
}

std::optional<Approval> ClauseReader::approval(Span span) {
    Scanner scanner(source_, span);
    if (!scanner.take_word("when")) return wrong(scanner, "when `condition` → task `review` for `agent`");
    auto when = condition(scanner);
    if (!when) return std::nullopt;
    if (!scanner.take_arrow() || !scanner.take_word("task")) return wrong(scanner, "→ task `review` for `agent`");
    Action action;
    if (!task(scanner, action)) return std::nullopt;
    std::string remark;
    if (!finish(scanner, remark)) return std::nullopt;
    return Approval{.when = *std::move(when), .task = action.task, .role = std::move(action.role)};
}

std::optional<Condition> ClauseReader::condition_field(Span span) {
    Scanner scanner(source_, span);
    auto found = condition(scanner);
    std::string remark;
    if (!found || !finish(scanner, remark)) return std::nullopt;
    return found;
}

}  // namespace resolute::procedure
