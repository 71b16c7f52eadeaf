// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <expected>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "json/json.h"

/// The inside of conditions: one tree for the parser, the evaluator and the type checker.
namespace resolute::procedure::impl {

inline constexpr std::size_t kConditionBytesMax = 4096;
/// Of the tree, so that nothing that walks it can run out of stack.
inline constexpr int kConditionHeightMax = 64;

enum class Op {
    literal,
    fact,         ///< a top-level name: `refund`
    select,       ///< operand.name
    index,        ///< operand[operand]
    list,         ///< [a, b]
    has,          ///< has(operand), which is a select
    invert,       ///< !
    negate,       ///< unary -
    conditional,  ///< ? :
    logical_and,
    logical_or,
    equal,
    not_equal,
    less,
    less_equal,
    greater,
    greater_equal,
    in,
    add,
    subtract,
    multiply,
    divide,
    modulo,
    size,
    starts_with,
    ends_with,
    contains,
};

struct Node {
    Op op = Op::literal;
    std::size_t offset = 0;  ///< of the operator or name in the condition's text
    json::Value literal;
    std::string name;  ///< fact, select
    /// The dotted path where it is known before any fact is: `refund.amount`, `policy.autonomy["complaint"]`; else empty.
    std::string path;
    std::vector<std::unique_ptr<const Node>> operands;
    int height = 1;
};

/// What is wrong with a condition, and where in its text.
struct Problem {
    std::string code;
    std::size_t offset = 0;
    std::string message;
    std::string path;  ///< procedure.unknown_fact: the fact
};

std::expected<std::unique_ptr<const Node>, Problem> parse_condition(std::string_view text);

/// As it stands in a condition: "&&", "size()".
std::string_view symbol(Op op);

/// The first contradiction between the condition and the types of the facts.
std::optional<Problem> find_type_problem(const Node& root, const std::map<std::string, std::string>& schema);

}  // namespace resolute::procedure::impl
