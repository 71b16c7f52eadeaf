// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>
#include <expected>

#include <fmt/format.h>

#include "base/text.h"
#include "procedure/condition_node.h"

namespace resolute::procedure::impl {
namespace {

using Schema = std::map<std::string, std::string>;
/// A type's name as in a tool's signature; "" is any type, "null" only the literal.
using Typed = std::expected<std::string, Problem>;

const std::string kAny;

bool is_numeric(std::string_view type) {
    return type == "int" || type == "double";
}

Problem type_problem(const Node& node, std::string message) {
    return Problem{.code = "procedure.condition_type", .offset = node.offset, .message = std::move(message), .path = {}};
}

class Checker {
public:
    explicit Checker(const Schema& schema) : schema_(schema) {}

    Typed type_of(const Node& node) {
        switch (node.op) {
            case Op::literal:
                return literal_type(node.literal);
            case Op::fact:
            case Op::select:
            case Op::index:
                return fact_type(node);
            case Op::has:
                return has(node);
            case Op::list:
                return list(node);
            case Op::conditional:
                return conditional(node);
            default:
                break;
        }
        std::vector<std::string> types;
        for (const auto& operand : node.operands) {
            Typed type = type_of(*operand);
            if (!type) return type;
            types.push_back(*std::move(type));
        }
        return types.size() == 1 ? unary(node, types[0]) : binary(node, types[0], types[1]);
    }

private:
    static std::string literal_type(const json::Value& value) {
        if (value.is_null()) return "null";
        if (value.is_bool()) return "bool";
        if (value.is_int()) return "int";
        if (value.is_number()) return "double";
        if (value.is_string()) return "string";
        if (json::to_money(value)) return "money";
        if (json::to_duration(value)) return "duration";
        return kAny;
    }

    [[nodiscard]] bool has_fields(const std::string& path) const {
        const auto next = schema_.lower_bound(path + ".");
        return next != schema_.end() && next->first.starts_with(path + ".");
    }

    /// Types of the fields right under `path`, where they are all the same; else any.
    [[nodiscard]] std::string field_type(const std::string& path) const {
        std::optional<std::string> common;
        for (auto it = schema_.lower_bound(path + "."); it != schema_.end() && it->first.starts_with(path + "."); ++it) {
            if (it->first.find('.', path.size() + 1) != std::string::npos) continue;
            if (common && *common != it->second) return kAny;
            common = it->second;
        }
        return common.value_or(kAny);
    }

    Problem unknown_fact(const Node& node, const std::string& path) const {
        std::string message = fmt::format("found `{}`, which nothing produces", path);
        std::vector<std::string> candidates;
        for (const auto& [known, type] : schema_) candidates.push_back(known);
        std::string meant = text::closest(path, candidates);
        if (meant.empty()) meant = closest_field(path);
        if (!meant.empty()) message += fmt::format("; did you mean `{}`?", meant);
        return Problem{.code = "procedure.unknown_fact", .offset = start(node), .message = std::move(message), .path = path};
    }

    /// The same field under another name: `issue.amount` where there is `refund.amount`.
    [[nodiscard]] std::string closest_field(const std::string& path) const {
        const std::string field = path.substr(path.rfind('.') + 1);
        for (const auto& [known, type] : schema_)
            if (known.find('.') != std::string::npos && known.substr(known.rfind('.') + 1) == field) return known;
        return {};
    }

    /// Where the chain begins: people look for the name, not for the point in it.
    static std::size_t start(const Node& node) {
        const Node* first = &node;
        while ((first->op == Op::select || first->op == Op::index) && !first->operands.empty()) first = first->operands[0].get();
        return first->offset;
    }

    Typed fact_type(const Node& node) {
        if (node.path.empty()) return dynamic_type(node);
        if (node.op == Op::index) {
            Typed key = type_of(*node.operands[1]);
            if (!key) return key;
        }
        const auto found = schema_.find(node.path);
        if (found != schema_.end()) return found->second;
        if (has_fields(node.path)) return "map";
        if (node.op == Op::fact) return std::unexpected(unknown_fact(node, node.path));
        Typed base = fact_type(*node.operands[0]);
        if (!base) {
            // The whole path makes the better suggestion.
            if (base.error().code == "procedure.unknown_fact") return std::unexpected(unknown_fact(node, node.path));
            return base;
        }
        if (*base == kAny) return kAny;
        if (*base == "map" && !has_fields(node.operands[0]->path)) return kAny;
        if (*base == "map") return std::unexpected(unknown_fact(node, node.path));
        return std::unexpected(
            type_problem(node, fmt::format("found a field of `{}`, which is {}", node.operands[0]->path, *base)));
    }

    Typed dynamic_type(const Node& node) {
        const Node& base_node = *node.operands[0];
        Typed base = type_of(base_node);
        if (!base) return base;
        if (node.op == Op::select) {
            if (*base == kAny || *base == "map") return kAny;
            return std::unexpected(
                type_problem(node, fmt::format("found the field `{}` of a value that is {}", node.name, *base)));
        }
        Typed key = type_of(*node.operands[1]);
        if (!key) return key;
        if (*base == "map") {
            if (*key != kAny && *key != "string")
                return std::unexpected(
                    type_problem(node, fmt::format("found an index that is {}; the keys of a map are strings", *key)));
            return base_node.path.empty() ? kAny : field_type(base_node.path);
        }
        if (*base == "list") {
            if (*key != kAny && *key != "int")
                return std::unexpected(
                    type_problem(node, fmt::format("found an index that is {}; a list is indexed by an int", *key)));
            return kAny;
        }
        if (*base == kAny) return kAny;
        return std::unexpected(type_problem(node, fmt::format("found an index into a value that is {}", *base)));
    }

    Typed has(const Node& node) {
        const Node& select = *node.operands[0];
        // The field itself may be one that only some runs have, but a misspelt one would be absent for ever.
        Typed type = fact_type(select);
        if (!type) return type;
        return "bool";
    }

    Typed list(const Node& node) {
        for (const auto& operand : node.operands)
            if (Typed type = type_of(*operand); !type) return type;
        return "list";
    }

    Typed conditional(const Node& node) {
        Typed condition = type_of(*node.operands[0]);
        if (!condition) return condition;
        if (*condition != kAny && *condition != "bool")
            return std::unexpected(type_problem(node, fmt::format("`?` asks for a bool, found {}", *condition)));
        Typed yes = type_of(*node.operands[1]);
        if (!yes) return yes;
        Typed no = type_of(*node.operands[2]);
        if (!no) return no;
        if (*yes == *no) return yes;
        if (*yes == kAny || *no == kAny || *yes == "null" || *no == "null") return kAny;
        return std::unexpected(type_problem(node, fmt::format("the two values of `?` are {} and {}", *yes, *no)));
    }

    static Typed unary(const Node& node, const std::string& type) {
        switch (node.op) {
            case Op::invert:
                if (type == kAny || type == "bool") return "bool";
                break;
            case Op::negate:
                if (type == kAny || is_numeric(type) || type == "duration") return type;
                break;
            default:
                if (type == kAny || type == "string" || type == "list" || type == "map") return "int";
                break;
        }
        return std::unexpected(type_problem(node, fmt::format("`{}` does not take a value that is {}", symbol(node.op), type)));
    }

    Typed binary(const Node& node, const std::string& a, const std::string& b) {
        switch (node.op) {
            case Op::logical_and:
            case Op::logical_or:
                for (const std::string& side : {a, b})
                    if (side != kAny && side != "bool")
                        return std::unexpected(
                            type_problem(node, fmt::format("`{}` joins bools, found {}", symbol(node.op), side)));
                return "bool";
            case Op::equal:
            case Op::not_equal:
                return comparable(node, a, b) ? Typed("bool") : mismatch(node, a, b);
            case Op::less:
            case Op::less_equal:
            case Op::greater:
            case Op::greater_equal:
                for (const std::string& side : {a, b})
                    if (side == "null" || side == "map" || side == "list")
                        return std::unexpected(
                            type_problem(node, fmt::format("`{}` needs an order, and {} has none", symbol(node.op), side)));
                return comparable(node, a, b) ? Typed("bool") : mismatch(node, a, b);
            case Op::in:
                if (b != kAny && b != "list" && b != "map")
                    return std::unexpected(type_problem(node, fmt::format("`in` looks into a list or a map, found {}", b)));
                if (b == "map" && a != kAny && a != "string")
                    return std::unexpected(type_problem(node, fmt::format("the keys of a map are strings, found {}", a)));
                return list_holds(node, a) ? Typed("bool") : mismatch(node, a, element_type(*node.operands[1]));
            case Op::starts_with:
            case Op::ends_with:
            case Op::contains:
                for (const std::string& side : {a, b})
                    if (side != kAny && side != "string")
                        return std::unexpected(
                            type_problem(node, fmt::format("{} takes strings, found {}", symbol(node.op), side)));
                return "bool";
            default:
                return arithmetic(node, a, b);
        }
    }

    static bool comparable(const Node& node, const std::string& a, const std::string& b) {
        if (a == kAny || b == kAny || a == b) return true;
        if (node.op == Op::equal || node.op == Op::not_equal)
            if (a == "null" || b == "null") return true;
        return is_numeric(a) && is_numeric(b);
    }

    static Typed mismatch(const Node& node, const std::string& a, const std::string& b) {
        std::string message = fmt::format("found `{}` between {} and {}", symbol(node.op), a, b);
        const std::string other = a == "money" ? b : b == "money" ? a : kAny;
        if (other == "int" || other == "double" || other == "string")
            message += "; an amount is written money(\"500.00\", \"USD\")";
        const std::string span = a == "duration" ? b : b == "duration" ? a : kAny;
        if (span == "int" || span == "string") message += "; a duration is written duration(\"48h\")";
        return std::unexpected(type_problem(node, std::move(message)));
    }

    /// Of a list that is written out, the type that its items share.
    std::string element_type(const Node& node) {
        if (node.op != Op::list || node.operands.empty()) return kAny;
        const Typed first = type_of(*node.operands[0]);
        return first ? *first : kAny;
    }

    bool list_holds(const Node& node, const std::string& item) {
        const std::string element = element_type(*node.operands[1]);
        return item == kAny || element == kAny || item == element || item == "null" || element == "null" ||
               (is_numeric(item) && is_numeric(element));
    }

    struct Rule {
        Op op;
        std::string_view a, b, result;
    };

    static Typed arithmetic(const Node& node, const std::string& a, const std::string& b) {
        static constexpr std::array<Rule, 23> kRules{{
            {Op::add, "int", "int", "int"},
            {Op::add, "double", "double", "double"},
            {Op::add, "string", "string", "string"},
            {Op::add, "list", "list", "list"},
            {Op::add, "money", "money", "money"},
            {Op::add, "duration", "duration", "duration"},
            {Op::add, "instant", "duration", "instant"},
            {Op::add, "duration", "instant", "instant"},
            {Op::subtract, "int", "int", "int"},
            {Op::subtract, "double", "double", "double"},
            {Op::subtract, "money", "money", "money"},
            {Op::subtract, "duration", "duration", "duration"},
            {Op::subtract, "instant", "instant", "duration"},
            {Op::subtract, "instant", "duration", "instant"},
            {Op::multiply, "int", "int", "int"},
            {Op::multiply, "double", "double", "double"},
            {Op::multiply, "money", "int", "money"},
            {Op::multiply, "int", "money", "money"},
            {Op::multiply, "duration", "int", "duration"},
            {Op::multiply, "int", "duration", "duration"},
            {Op::divide, "int", "int", "int"},
            {Op::divide, "double", "double", "double"},
            {Op::modulo, "int", "int", "int"},
        }};
        if (a == kAny && b == kAny) return kAny;
        std::optional<std::string> result;
        for (const Rule& rule : kRules) {
            if (rule.op != node.op) continue;
            if ((a != kAny && a != rule.a) || (b != kAny && b != rule.b)) continue;
            result = result && *result != rule.result ? kAny : std::string(rule.result);
        }
        if (!result) return mismatch(node, a, b);
        return *result;
    }

    const Schema& schema_;
};

}  // namespace

std::optional<Problem> find_type_problem(const Node& root, const Schema& schema) {
    Checker checker(schema);
    const Typed type = checker.type_of(root);
    if (!type) return type.error();
    if (*type == kAny || *type == "bool") return std::nullopt;
    return type_problem(root, fmt::format("the condition is {}, meant a bool", *type));
}

}  // namespace resolute::procedure::impl
