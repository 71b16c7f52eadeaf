// SPDX-License-Identifier: Apache-2.0
#include "procedure/condition.h"

#include <algorithm>
#include <set>

#include <fmt/format.h>

#include "base/invariant.h"
#include "base/text.h"
#include "procedure/condition_datum.h"
#include "procedure/condition_node.h"

namespace resolute::procedure {
namespace {

using impl::Arena;
using impl::Datum;
using impl::Node;
using impl::Op;
using Kind = Datum::Kind;

/// All facts as one object.
class ObjectFacts final : public FactSource {
public:
    explicit ObjectFacts(const json::Value& all) : all_(all) {}
    [[nodiscard]] const json::Value* find_fact(std::string_view name) const override { return all_.find(name); }

private:
    const json::Value& all_;
};

bool is_chain(const Node& node) {
    return node.op == Op::fact || node.op == Op::select || node.op == Op::index;
}

class Evaluator {
public:
    /// `facts` takes the evidence; it is null for those who need none.
    Evaluator(const FactSource& source, std::vector<FactSeen>* facts) : source_(source), facts_(facts) {}

    Datum run(const Node& node) {
        switch (node.op) {
            case Op::literal:
                return impl::view(node.literal);
            case Op::fact:
            case Op::select:
            case Op::index:
                return read_fact(node);
            case Op::list:
                return list(node);
            case Op::has:
                return has(node);
            case Op::invert:
                return invert(run(*node.operands[0]));
            case Op::conditional:
                return conditional(node);
            case Op::logical_and:
            case Op::logical_or:
                return logical(node);
            case Op::size:
                return size(run(*node.operands[0]));
            case Op::negate: {
                const Datum operand = run(*node.operands[0]);
                return operand.is_error() ? operand : impl::negate(operand, arena_);
            }
            default:
                return binary(node);
        }
    }

private:
    /// Where only the verdict counts nobody reads why.
    static constexpr Datum kUnsaid{.kind = Kind::error, .text = "no such field"};

    Datum error(std::string why) { return impl::make_error(arena_, std::move(why)); }

    void record(std::string path, std::string value) {
        if (facts_ == nullptr || path.empty()) return;
        for (const FactSeen& seen : *facts_)
            if (seen.path == path) return;
        facts_->push_back({std::move(path), std::move(value)});
    }

    Datum read_fact(const Node& node) {
        std::string spelled;
        bool is_absent = false;
        const bool is_spelled = facts_ != nullptr && node.path.empty();
        const Datum value = walk(node, is_spelled ? &spelled : nullptr, is_absent);
        if (facts_ != nullptr && (!value.is_error() || is_absent))
            record(node.path.empty() ? spelled : node.path, is_absent ? "(absent)" : impl::written(value));
        return value;
    }

    /// One fact. `spelled` becomes the path as it was really taken; it is null where the path is known without that.
    Datum walk(const Node& node, std::string* spelled, bool& is_absent) {
        if (node.op == Op::fact) {
            if (spelled != nullptr) *spelled = node.path;
            if (const json::Value* found = source_.find_fact(node.name)) return impl::view(*found);
            is_absent = true;
            if (facts_ == nullptr) return Datum{.kind = Kind::error, .is_too_early = true, .text = "no such fact yet"};
            return impl::make_error(arena_, fmt::format("no fact `{}` yet", node.name), true);
        }
        const Node& base_node = *node.operands[0];
        const Datum base = is_chain(base_node) ? walk(base_node, spelled, is_absent) : run(base_node);
        const bool is_spelled = spelled != nullptr && !spelled->empty();
        if (node.op == Op::select) {
            if (is_spelled) *spelled += "." + node.name;
            return base.is_error() ? base : field(base, node.name, is_spelled ? *spelled : node.path, is_absent);
        }
        const Datum key = run(*node.operands[1]);
        if (key.is_error()) {
            if (spelled != nullptr) spelled->clear();  // Nothing is known of which fact it would have been.
            is_absent = false;
            return base.is_error() && base.is_too_early ? base : key;
        }
        if (key.kind == Kind::text) {
            if (is_spelled) *spelled += "." + std::string(key.text);
            return base.is_error() ? base : field(base, key.text, is_spelled ? *spelled : node.path, is_absent);
        }
        if (is_spelled) *spelled += "[" + impl::written(key) + "]";
        return base.is_error() ? base : element(base, key, is_absent);
    }

    Datum field(const Datum& base, std::string_view name, std::string_view path, bool& is_absent) {
        const std::string_view shown = path.empty() ? name : path;
        if (base.kind == Kind::map) {
            const auto found = base.map->find(name);
            if (found != base.map->end()) return impl::view(found->second);
            is_absent = true;
            if (facts_ == nullptr) return kUnsaid;
            return error(fmt::format("no such field `{}`", shown));
        }
        is_absent = base.kind == Kind::null;
        if (facts_ == nullptr) return kUnsaid;
        return error(fmt::format("no such field `{}`: it would be a field of {}", shown, impl::kind_name(base.kind)));
    }

    Datum element(const Datum& base, const Datum& key, bool& is_absent) {
        if (base.kind != Kind::list || key.kind != Kind::integer)
            return error(fmt::format("{} has no index of the kind {}", impl::kind_name(base.kind), impl::kind_name(key.kind)));
        if (key.integer < 0 || static_cast<std::uint64_t>(key.integer) >= base.list->size()) {
            is_absent = true;
            return error(fmt::format("index {} is outside a list of {}", key.integer, base.list->size()));
        }
        return impl::view((*base.list)[static_cast<std::size_t>(key.integer)]);
    }

    Datum has(const Node& node) {
        const Node& select = *node.operands[0];
        const Node& base_node = *select.operands[0];
        std::string spelled;
        bool is_absent = false;
        const Datum base = is_chain(base_node) ? walk(base_node, &spelled, is_absent) : run(base_node);
        if (!spelled.empty()) spelled += "." + select.name;
        if (base.is_error()) {
            if (is_absent) record(spelled, "(absent)");
            return base;
        }
        if (base.kind != Kind::map) return error(fmt::format("has(): {} has no fields", impl::kind_name(base.kind)));
        const auto found = base.map->find(select.name);
        const bool is_there = found != base.map->end();
        if (facts_ != nullptr) record(spelled, is_there ? impl::written(impl::view(found->second)) : "(absent)");
        return impl::make_bool(is_there);
    }

    Datum list(const Node& node) {
        json::Array items;
        for (const auto& operand : node.operands) {
            const Datum item = run(*operand);
            if (item.is_error()) return item;
            items.push_back(impl::to_value(item));
        }
        const json::Array& kept = arena_.lists.emplace_back(std::move(items));
        return Datum{.kind = Kind::list, .text = {}, .list = &kept};
    }

    Datum invert(const Datum& operand) {
        if (operand.is_error()) return operand;
        if (operand.kind != Kind::boolean) return error(fmt::format("`!` does not take {}", impl::kind_name(operand.kind)));
        return impl::make_bool(!operand.truth);
    }

    Datum conditional(const Node& node) {
        const Datum condition = run(*node.operands[0]);
        if (condition.is_error()) return condition;
        if (condition.kind != Kind::boolean) return error(fmt::format("`?` does not take {}", impl::kind_name(condition.kind)));
        return run(*node.operands[condition.truth ? 1 : 2]);
    }

    /// CEL absorbs errors on both sides: `false && error` and `error && false` are false.
    Datum logical(const Node& node) {
        const bool deciding = node.op == Op::logical_or;
        const Datum left = truth(run(*node.operands[0]), node.op);
        if (!left.is_error() && left.truth == deciding) return left;
        const Datum right = truth(run(*node.operands[1]), node.op);
        if (!right.is_error() && right.truth == deciding) return right;
        if (!left.is_error()) return right;
        if (!right.is_error() || left.is_too_early) return left;
        return right.is_too_early ? right : left;
    }

    Datum truth(const Datum& operand, Op op) {
        if (operand.is_error() || operand.kind == Kind::boolean) return operand;
        return error(fmt::format("`{}` does not take {}", impl::symbol(op), impl::kind_name(operand.kind)));
    }

    Datum size(const Datum& operand) {
        const auto count = [](std::size_t n) { return impl::make_integer(Kind::integer, static_cast<std::int64_t>(n)); };
        switch (operand.kind) {
            case Kind::error:
                return operand;
            case Kind::list:
                return count(operand.list->size());
            case Kind::map:
                return count(operand.map->size());
            case Kind::text:
                // CEL counts characters, not bytes.
                return count(static_cast<std::size_t>(std::count_if(operand.text.begin(), operand.text.end(), [](char c) {
                    return (static_cast<unsigned char>(c) & 0xC0) != 0x80;
                })));
            default:
                return error(fmt::format("size() does not take {}", impl::kind_name(operand.kind)));
        }
    }

    Datum binary(const Node& node) {
        const Datum left = run(*node.operands[0]);
        const Datum right = run(*node.operands[1]);
        // The one that only has to be waited for explains more than the one that is wrong for good.
        if (left.is_error() && (left.is_too_early || !right.is_error())) return left;
        if (right.is_error()) return right.is_too_early || !left.is_error() ? right : left;
        switch (node.op) {
            case Op::equal:
                return impl::equals(left, right, arena_);
            case Op::not_equal:
                return invert(impl::equals(left, right, arena_));
            case Op::less:
            case Op::less_equal:
            case Op::greater:
            case Op::greater_equal:
                return ordered(node.op, left, right);
            case Op::in:
                return in(left, right);
            case Op::add:
                return impl::add(left, right, arena_);
            case Op::subtract:
                return impl::subtract(left, right, arena_);
            case Op::multiply:
                return impl::multiply(left, right, arena_);
            case Op::divide:
                return impl::divide(left, right, arena_);
            case Op::modulo:
                return impl::modulo(left, right, arena_);
            case Op::starts_with:
            case Op::ends_with:
            case Op::contains:
                return search(node.op, left, right);
            default:
                break;
        }
        INVARIANT(false, "every operator of two values is handled");
    }

    Datum ordered(Op op, const Datum& left, const Datum& right) {
        const Datum result = impl::order(left, right, arena_);
        if (result.is_error()) return result;
        switch (op) {
            case Op::less:
                return impl::make_bool(result.integer < 0);
            case Op::less_equal:
                return impl::make_bool(result.integer <= 0);
            case Op::greater:
                return impl::make_bool(result.integer > 0);
            default:
                return impl::make_bool(result.integer >= 0);
        }
    }

    Datum in(const Datum& item, const Datum& where) {
        if (where.kind == Kind::map) {
            if (item.kind != Kind::text)
                return error(fmt::format("the keys of a map are strings, not {}", impl::kind_name(item.kind)));
            return impl::make_bool(where.map->contains(item.text));
        }
        if (where.kind != Kind::list)
            return error(fmt::format("`in` looks into a list or a map, not {}", impl::kind_name(where.kind)));
        std::optional<Datum> failed;
        for (const json::Value& candidate : *where.list) {
            const Datum same = impl::equals(item, impl::view(candidate), arena_);
            if (same.is_error())
                failed = same;
            else if (same.truth)
                return same;
        }
        return failed ? *failed : impl::make_bool(false);
    }

    Datum search(Op op, const Datum& whole, const Datum& part) {
        if (whole.kind != Kind::text || part.kind != Kind::text)
            return error(fmt::format("{} takes two strings, not {} and {}", impl::symbol(op), impl::kind_name(whole.kind),
                                     impl::kind_name(part.kind)));
        if (op == Op::starts_with) return impl::make_bool(whole.text.starts_with(part.text));
        if (op == Op::ends_with) return impl::make_bool(whole.text.ends_with(part.text));
        return impl::make_bool(whole.text.find(part.text) != std::string_view::npos);
    }

    const FactSource& source_;
    std::vector<FactSeen>* facts_;
    Arena arena_;
};

void collect_paths(const Node& node, std::set<std::string>& paths) {
    if (is_chain(node) && !node.path.empty()) {
        paths.insert(node.path);
        return;
    }
    for (const auto& operand : node.operands) collect_paths(*operand, paths);
}

void collect_thresholds(const Node& node, std::string_view path, const FactSource& facts, std::set<Duration>& found) {
    const bool compares = node.op >= Op::equal && node.op <= Op::greater_equal;
    for (std::size_t side = 0; compares && side < 2; ++side) {
        if (node.operands[side]->path != path) continue;
        Evaluator evaluator(facts, nullptr);
        const Datum other = evaluator.run(*node.operands[1 - side]);
        if (other.kind == Kind::duration) found.insert(Duration(other.integer));
    }
    for (const auto& operand : node.operands) collect_thresholds(*operand, path, facts, found);
}

Location place(std::string_view text, Location at, std::size_t offset) {
    Location where = at;
    for (const char c : text.substr(0, offset)) {
        ++where.column;
        if (c == '\n') where = {where.line + 1, 1};
    }
    return where;
}

ConditionProblem placed(impl::Problem problem, std::string_view text, Location at) {
    return {std::move(problem.code), place(text, at, problem.offset), std::move(problem.message), std::move(problem.path)};
}

std::unexpected<Error> as_error(const ConditionProblem& problem) {
    return fail(problem.code, ErrorKind::invalid,
                fmt::format("{}:{}: {}", problem.where.line, problem.where.column, problem.message));
}

}  // namespace

std::string_view to_string(Verdict verdict) {
    switch (verdict) {
        case Verdict::no:
            return "no";
        case Verdict::yes:
            return "yes";
        case Verdict::unknown:
            return "unknown";
    }
    return "unknown";
}

std::expected<Condition, ConditionProblem> Condition::parse_located(std::string_view text, Location at) {
    auto root = impl::parse_condition(text);
    if (!root) return std::unexpected(placed(std::move(root).error(), text, at));
    Condition condition;
    condition.text_ = std::string(text);
    condition.at_ = at;
    condition.root_ = std::shared_ptr<const Node>(*std::move(root));
    return condition;
}

Result<Condition> Condition::parse(std::string_view text, Location at) {
    auto condition = parse_located(text, at);
    if (!condition) return as_error(condition.error());
    return *std::move(condition);
}

Evaluation Condition::evaluate(const json::Value& context) const { return evaluate(ObjectFacts(context)); }

Evaluation Condition::evaluate(const FactSource& facts) const {
    Evaluation evaluation;
    if (root_ == nullptr) {
        evaluation.why = "there is no condition";
        return evaluation;
    }
    evaluation.facts.reserve(4);
    Evaluator evaluator(facts, &evaluation.facts);
    const Datum result = evaluator.run(*root_);
    if (result.kind == Kind::boolean) {
        evaluation.verdict = result.truth ? Verdict::yes : Verdict::no;
    } else if (result.is_error()) {
        evaluation.why = std::string(result.text);
        evaluation.is_too_early = result.is_too_early;
    } else {
        evaluation.why = fmt::format("the condition is {}, meant a bool", impl::kind_name(result.kind));
    }
    return evaluation;
}

Judgement Condition::judge(const FactSource& facts) const {
    if (root_ == nullptr) return {};
    Evaluator evaluator(facts, nullptr);
    const Datum result = evaluator.run(*root_);
    if (result.kind == Kind::boolean) return {.verdict = result.truth ? Verdict::yes : Verdict::no};
    return {.verdict = Verdict::unknown, .is_too_early = result.is_error() && result.is_too_early};
}

std::vector<std::string> Condition::fact_paths() const {
    std::set<std::string> paths;
    if (root_ != nullptr) collect_paths(*root_, paths);
    return {paths.begin(), paths.end()};
}

std::optional<ConditionProblem> Condition::find_type_problem(const std::map<std::string, std::string>& schema) const {
    if (root_ == nullptr) return std::nullopt;
    auto problem = impl::find_type_problem(*root_, schema);
    if (!problem) return std::nullopt;
    return placed(*std::move(problem), text_, at_);
}

Status Condition::check_types(const std::map<std::string, std::string>& schema) const {
    if (const auto problem = find_type_problem(schema)) return as_error(*problem);
    return {};
}

std::vector<Duration> Condition::duration_thresholds(std::string_view path, const json::Value& context) const {
    return duration_thresholds(path, ObjectFacts(context));
}

std::vector<Duration> Condition::duration_thresholds(std::string_view path, const FactSource& facts) const {
    std::set<Duration> found;
    if (root_ != nullptr && !path.empty()) collect_thresholds(*root_, path, facts, found);
    return {found.begin(), found.end()};
}

}  // namespace resolute::procedure
