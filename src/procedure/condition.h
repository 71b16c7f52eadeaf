// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <expected>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "json/json.h"

namespace resolute::procedure {

/// A place in a procedure document; both count from 1. Columns count bytes.
struct Location {
    int line = 0;
    int column = 0;
    friend bool operator==(const Location&, const Location&) = default;
};

/// What one fact was when a condition looked at it: the evidence that the journal keeps.
struct FactSeen {
    std::string path;   ///< "refund.amount"
    std::string value;  ///< "$500.01", "\"vip\"", "(absent)"
    friend bool operator==(const FactSeen&, const FactSeen&) = default;
};

enum class Verdict {
    no,
    yes,
    unknown,  ///< An error (a null where a value must be, other currencies) or a fact that is not there.
};

struct Evaluation {
    Verdict verdict = Verdict::unknown;
    /// Unknown because a top-level fact has not been produced yet ("refund" before step 3): guards fail closed on it,
    /// exit conditions wait for it.
    bool is_too_early = false;
    std::string why;  ///< for unknown: what was missing or wrong
    std::vector<FactSeen> facts;
};

/// The verdict without its evidence.
struct Judgement {
    Verdict verdict = Verdict::unknown;
    bool is_too_early = false;  ///< as in Evaluation
};

/// Where a condition finds its facts, so that whoever has them need not make those that nobody asks for.
class FactSource {
public:
    virtual ~FactSource() = default;
    /// A top-level fact ("refund"); nothing where no step has produced it yet. It stays where it is as long as the source does.
    [[nodiscard]] virtual const json::Value* find_fact(std::string_view name) const = 0;
};

namespace impl { struct Node; }

/// An error in a condition, with its place apart from its words.
struct ConditionProblem {
    std::string code;
    Location where;
    std::string message;
    std::string path;  ///< procedure.unknown_fact: the fact that nothing produces
};

/// A condition in a subset of CEL (Common Expression Language, cel.dev): literals (bool, int, double, string), field
/// selection, map index by string, list index, `has()`, `! - && || ?:`, `== != < <= > >=`, `in`, `+ - * / %`, `size`,
/// `startsWith`, `endsWith`, `contains`, `duration("48h")`, `money("500.00", "USD")`, lists. CEL's own semantics: errors are
/// absorbed by `&&` and `||` where the other side decides; no implicit conversion but int with double in comparisons;
/// overflow is an error; comparing money of two currencies is an error, and so is ordering a null.
/// Immutable after parsing; copies are cheap. Threads: any.
class Condition {
public:
    /// `at` is where the text stands in its document; errors (`procedure.condition_syntax`) name line and column.
    static Result<Condition> parse(std::string_view text, Location at = {1, 1});

    /// The same for those who list findings.
    static std::expected<Condition, ConditionProblem> parse_located(std::string_view text, Location at = {1, 1});

    [[nodiscard]] const std::string& text() const { return text_; }
    [[nodiscard]] Location location() const { return at_; }

    /// `context` is an object of facts: {"issue":{…},"policy":{…},"case":{…}}; money, durations and instants in the forms of json.h.
    [[nodiscard]] Evaluation evaluate(const json::Value& context) const;
    [[nodiscard]] Evaluation evaluate(const FactSource& facts) const;
    /// The same verdict in a third of the time: for those who look often and seldom act.
    [[nodiscard]] Judgement judge(const FactSource& facts) const;

    /// Every fact path that the condition reads, sorted: {"policy.refund_approval_above","refund.amount"}.
    [[nodiscard]] std::vector<std::string> fact_paths() const;

    /// Static types against a schema of fact paths ("refund.amount" → "money"; a "map" without listed fields admits any field).
    /// `procedure.condition_type` or `procedure.unknown_fact` with line, column and "did you mean".
    [[nodiscard]] Status check_types(const std::map<std::string, std::string>& schema) const;

    [[nodiscard]] std::optional<ConditionProblem> find_type_problem(const std::map<std::string, std::string>& schema) const;

    /// The other sides of every comparison of `path` with a duration, evaluated: when a value that grows with time
    /// (`case.quiet_for`) may change the verdict. Sorted, without duplicates.
    [[nodiscard]] std::vector<Duration> duration_thresholds(std::string_view path, const json::Value& context) const;
    [[nodiscard]] std::vector<Duration> duration_thresholds(std::string_view path, const FactSource& facts) const;

private:
    std::string text_;
    Location at_;
    std::shared_ptr<const impl::Node> root_;  // Shared because conditions are immutable and copied with their procedure.
};

std::string_view to_string(Verdict verdict);

}  // namespace resolute::procedure
