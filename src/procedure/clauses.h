// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "procedure/draft.h"
#include "procedure/outline.h"

/// The one-line sentences of the language: "when `…` → task `review` for `agent` → Step 11 (why)".
namespace resolute::procedure {

struct Quoted {
    std::string_view text;
    Location where;  ///< of its first character inside the backticks
};

/// Walks over one sentence.
class Scanner {
public:
    Scanner(const SourceText& source, Span span) : source_(source), at_(span.begin), end_(span.end) {}

    [[nodiscard]] bool is_at_end();
    /// Of what comes next.
    [[nodiscard]] Location here();
    bool take_arrow();
    /// ASCII letters, case ignored, as a whole word.
    bool take_word(std::string_view word);
    bool take_symbol(char symbol);
    std::optional<int> take_number();
    /// `…`; nothing where there is none or it does not end.
    std::optional<Quoted> take_quoted();
    /// The rest, trimmed.
    std::string_view take_rest();
    /// "(remark)" up to the end; nothing where none stands here.
    std::optional<std::string> take_remark();
    /// What comes next, for messages: "`stpe`", "the end".
    [[nodiscard]] std::string found();

private:
    void skip_space();

    const SourceText& source_;
    std::size_t at_;
    std::size_t end_;
};

/// Each reads one list item or field; on an error it has added the finding and returns nothing.
class ClauseReader {
public:
    ClauseReader(const SourceText& source, const json::Value& policy, Findings& findings)
        : source_(source), policy_(policy), findings_(findings) {}

    std::optional<BranchDraft> branch(Span span);
    std::optional<ExitDraft> exit(Span span);
    std::optional<NeverRule> never(Span span);
    std::optional<AlwaysRule> always(Span span);
    std::optional<Approval> approval(Span span);
    std::optional<Condition> condition_field(Span span);

private:
    struct Chain {
        std::vector<Action> actions;
        std::optional<Target> target;
        Location target_at;
        std::string remark;
    };

    std::nullopt_t wrong(Scanner& scanner, std::string_view meant);
    bool trigger(Scanner& scanner, BranchDraft& draft);
    bool after(Scanner& scanner, Branch& branch);
    std::optional<Condition> condition(Scanner& scanner);
    std::optional<Chain> chain(Scanner& scanner);
    bool task(Scanner& scanner, Action& action);
    std::optional<Quoted> name(Scanner& scanner, std::string_view what);
    std::optional<Target> target(Scanner& scanner);
    bool finish(Scanner& scanner, std::string& remark);
    std::optional<int> step_reference(Scanner& scanner);

    const SourceText& source_;
    const json::Value& policy_;
    Findings& findings_;
};

}  // namespace resolute::procedure
