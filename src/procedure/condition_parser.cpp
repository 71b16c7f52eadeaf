// SPDX-License-Identifier: Apache-2.0
#include <array>
#include <limits>

#include <fmt/format.h>

#include "base/text.h"
#include "procedure/condition_lexer.h"
#include "procedure/condition_node.h"

namespace resolute::procedure::impl {
namespace {

using NodePtr = std::unique_ptr<const Node>;
using Parsed = std::expected<NodePtr, Problem>;

struct Binary {
    std::string_view symbol;
    Op op;
    int precedence;
};
/// CEL's grammar: || binds least, then &&, relations, sums, products. All group from the left.
constexpr std::array<Binary, 14> kBinaries{{{"||", Op::logical_or, 1},
                                            {"&&", Op::logical_and, 2},
                                            {"==", Op::equal, 3},
                                            {"!=", Op::not_equal, 3},
                                            {"<", Op::less, 3},
                                            {"<=", Op::less_equal, 3},
                                            {">", Op::greater, 3},
                                            {">=", Op::greater_equal, 3},
                                            {"in", Op::in, 3},
                                            {"+", Op::add, 4},
                                            {"-", Op::subtract, 4},
                                            {"*", Op::multiply, 5},
                                            {"/", Op::divide, 5},
                                            {"%", Op::modulo, 5}}};

constexpr std::array<std::string_view, 18> kReserved{"as",        "break",  "const", "continue", "else",  "for",
                                                     "function",  "if",     "in",    "import",   "let",   "loop",
                                                     "namespace", "return", "var",   "void",     "while", "package"};

struct Word {
    std::string_view found;
    std::string_view meant;
};
constexpr std::array<Word, 5> kWords{{{"and", "&&"}, {"or", "||"}, {"not", "!"}, {"is", "=="}, {"equals", "=="}}};

const std::vector<std::string>& functions() {
    static const std::vector<std::string> names{"has", "size", "duration", "money", "startsWith", "endsWith", "contains"};
    return names;
}

class Parser {
public:
    explicit Parser(std::string_view text) : lexer_(text) {}

    Parsed parse() {
        if (auto problem = advance()) return std::unexpected(*std::move(problem));
        Parsed root = expression();
        if (!root) return root;
        if (token_.kind != Token::Kind::end) return std::unexpected(unexpected_rest());
        return root;
    }

private:
    std::optional<Problem> advance() {
        auto token = lexer_.next();
        if (!token) return std::move(token).error();
        token_ = *std::move(token);
        return std::nullopt;
    }

    [[nodiscard]] bool is_symbol(std::string_view symbol) const {
        return token_.kind == Token::Kind::symbol && token_.source == symbol;
    }

    std::optional<Problem> expect(std::string_view symbol, std::string_view where) {
        if (!is_symbol(symbol))
            return syntax_problem(token_.offset, fmt::format("found {}, meant `{}` {}", describe(token_), symbol, where));
        return advance();
    }

    /// What stands where the condition should have ended or gone on with an operator.
    [[nodiscard]] Problem unexpected_rest() const {
        if (token_.kind == Token::Kind::identifier)
            for (const Word& word : kWords)
                if (word.found == token_.source)
                    return syntax_problem(token_.offset, fmt::format("found `{}`; did you mean `{}`?", word.found, word.meant));
        if (is_symbol(")")) return syntax_problem(token_.offset, "found `)` without its `(`");
        return syntax_problem(token_.offset,
                              fmt::format("found {}, meant an operator or the end of the condition", describe(token_)));
    }

    static Parsed make(Node node) {
        for (const NodePtr& operand : node.operands) node.height = std::max(node.height, operand->height + 1);
        if (node.height > kConditionHeightMax)
            return std::unexpected(
                syntax_problem(node.offset, fmt::format("the condition is nested deeper than {} levels", kConditionHeightMax)));
        return std::make_unique<const Node>(std::move(node));
    }

    template <class... Operands>
    static Parsed make(Op op, std::size_t offset, Operands... operands) {
        Node node;
        node.op = op;
        node.offset = offset;
        (node.operands.push_back(std::move(operands)), ...);
        return make(std::move(node));
    }

    static Parsed make_literal(std::size_t offset, json::Value value) {
        Node node;
        node.offset = offset;
        node.literal = std::move(value);
        return make(std::move(node));
    }

    /// Counts what recursion alone would not: brackets, which leave no node of their own.
    struct Nesting {
        explicit Nesting(int& depth) : depth_(depth) { ++depth_; }
        ~Nesting() { --depth_; }
        Nesting(const Nesting&) = delete;
        Nesting& operator=(const Nesting&) = delete;
        int& depth_;
    };

    Parsed expression() {
        const Nesting nesting(depth_);
        if (depth_ > kConditionHeightMax)
            return std::unexpected(
                syntax_problem(token_.offset, fmt::format("the condition is nested deeper than {} levels", kConditionHeightMax)));
        Parsed condition = binary(1);
        if (!condition || !is_symbol("?")) return condition;
        const std::size_t offset = token_.offset;
        if (auto problem = advance()) return std::unexpected(*std::move(problem));
        Parsed yes = binary(1);
        if (!yes) return yes;
        if (auto problem = expect(":", "between the two values of `?`")) return std::unexpected(*std::move(problem));
        Parsed no = expression();
        if (!no) return no;
        return make(Op::conditional, offset, *std::move(condition), *std::move(yes), *std::move(no));
    }

    [[nodiscard]] const Binary* binary_here() const {
        const bool is_word = token_.kind == Token::Kind::identifier && token_.source == "in";
        if (token_.kind != Token::Kind::symbol && !is_word) return nullptr;
        for (const Binary& candidate : kBinaries)
            if (candidate.symbol == token_.source) return &candidate;
        return nullptr;
    }

    Parsed binary(int precedence_min) {
        Parsed left = unary();
        if (!left) return left;
        while (const Binary* found = binary_here()) {
            if (found->precedence < precedence_min) break;
            const std::size_t offset = token_.offset;
            if (auto problem = advance()) return std::unexpected(*std::move(problem));
            Parsed right = binary(found->precedence + 1);
            if (!right) return right;
            left = make(found->op, offset, *std::move(left), *std::move(right));
            if (!left) return left;
        }
        return left;
    }

    Parsed unary() {
        if (!is_symbol("!") && !is_symbol("-")) return member();
        const Nesting nesting(depth_);
        if (depth_ > kConditionHeightMax)
            return std::unexpected(
                syntax_problem(token_.offset, fmt::format("the condition is nested deeper than {} levels", kConditionHeightMax)));
        const std::size_t offset = token_.offset;
        const Op op = is_symbol("!") ? Op::invert : Op::negate;
        if (auto problem = advance()) return std::unexpected(*std::move(problem));
        // The smallest integer has no positive counterpart, so the sign belongs to the literal.
        if (op == Op::negate && token_.kind == Token::Kind::integer) {
            const auto value = static_cast<std::int64_t>(0 - token_.magnitude);
            if (auto problem = advance()) return std::unexpected(*std::move(problem));
            Parsed literal = make_literal(offset, json::Value(value));
            return literal ? postfix(*std::move(literal)) : std::move(literal);
        }
        Parsed operand = unary();
        if (!operand) return operand;
        return make(op, offset, *std::move(operand));
    }

    Parsed member() {
        Parsed base = primary();
        return base ? postfix(*std::move(base)) : std::move(base);
    }

    /// `.name`, `.method(…)` and `[…]` behind a value.
    Parsed postfix(NodePtr base) {
        while (is_symbol(".") || is_symbol("[")) {
            Parsed next = is_symbol(".") ? selection(std::move(base)) : indexing(std::move(base));
            if (!next) return next;
            base = *std::move(next);
        }
        return base;
    }

    Parsed selection(NodePtr base) {
        if (auto problem = advance()) return std::unexpected(*std::move(problem));
        if (token_.kind != Token::Kind::identifier)
            return std::unexpected(syntax_problem(
                token_.offset, fmt::format("found {}, meant the name of a field behind the point", describe(token_))));
        const Token name = token_;
        if (auto problem = advance()) return std::unexpected(*std::move(problem));
        if (is_symbol("(")) return method(std::move(base), name);
        Node node;
        node.op = Op::select;
        node.offset = name.offset;
        node.name = name.text;
        if (!base->path.empty()) node.path = base->path + "." + name.text;
        node.operands.push_back(std::move(base));
        return make(std::move(node));
    }

    Parsed indexing(NodePtr base) {
        const std::size_t offset = token_.offset;
        if (auto problem = advance()) return std::unexpected(*std::move(problem));
        Parsed key = expression();
        if (!key) return key;
        if (auto problem = expect("]", "behind the index")) return std::unexpected(*std::move(problem));
        Node node;
        node.op = Op::index;
        node.offset = offset;
        if (!base->path.empty() && (*key)->op == Op::literal && (*key)->literal.is_string())
            node.path = base->path + "." + (*key)->literal.as_string();
        node.operands.push_back(std::move(base));
        node.operands.push_back(*std::move(key));
        return make(std::move(node));
    }

    Parsed method(NodePtr base, const Token& name) {
        auto arguments = this->arguments();
        if (!arguments) return std::unexpected(std::move(arguments).error());
        if (name.source == "size") {
            if (!arguments->empty()) return std::unexpected(syntax_problem(name.offset, "found an argument; .size() takes none"));
            return make(Op::size, name.offset, std::move(base));
        }
        const Op op = name.source == "startsWith" ? Op::starts_with
                      : name.source == "endsWith" ? Op::ends_with
                      : name.source == "contains" ? Op::contains
                                                  : Op::literal;
        if (op == Op::literal) return std::unexpected(unknown_function(name));
        if (arguments->size() != 1)
            return std::unexpected(syntax_problem(
                name.offset, fmt::format("found {} arguments; .{}() takes one text", arguments->size(), name.source)));
        return make(op, name.offset, std::move(base), std::move(arguments->front()));
    }

    static Problem unknown_function(const Token& name) {
        const std::string meant = text::closest(name.text, functions());
        if (!meant.empty())
            return syntax_problem(name.offset, fmt::format("found the function `{}`; did you mean `{}`?", name.source, meant));
        return syntax_problem(name.offset,
                              fmt::format("found the function `{}`; known are {}", name.source, text::join(functions(), ", ")));
    }

    std::expected<std::vector<NodePtr>, Problem> arguments() { return sequence("(", ")"); }

    std::expected<std::vector<NodePtr>, Problem> sequence(std::string_view open, std::string_view close) {
        std::vector<NodePtr> items;
        if (auto problem = expect(open, "")) return std::unexpected(*std::move(problem));
        while (!is_symbol(close)) {
            Parsed item = expression();
            if (!item) return std::unexpected(std::move(item).error());
            items.push_back(*std::move(item));
            if (is_symbol(close)) break;
            if (auto problem = expect(",", fmt::format("or `{}`", close))) return std::unexpected(*std::move(problem));
        }
        if (auto problem = advance()) return std::unexpected(*std::move(problem));
        return items;
    }

    Parsed primary() {
        const Token token = token_;
        switch (token.kind) {
            case Token::Kind::integer:
                if (token.magnitude > static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max()))
                    return std::unexpected(syntax_problem(
                        token.offset, fmt::format("the number {} is out of range (64 bits with a sign)", token.source)));
                if (auto problem = advance()) return std::unexpected(*std::move(problem));
                return make_literal(token.offset, json::Value(static_cast<std::int64_t>(token.magnitude)));
            case Token::Kind::real:
                if (auto problem = advance()) return std::unexpected(*std::move(problem));
                return make_literal(token.offset, json::Value(token.real));
            case Token::Kind::string:
                if (auto problem = advance()) return std::unexpected(*std::move(problem));
                return make_literal(token.offset, json::Value(token.text));
            case Token::Kind::identifier:
                return name(token);
            case Token::Kind::symbol:
                return bracket(token);
            case Token::Kind::end:
                break;
        }
        return std::unexpected(syntax_problem(token.offset, fmt::format("found {}, meant a value", describe(token))));
    }

    Parsed bracket(const Token& token) {
        if (token.source == "(") {
            if (auto problem = advance()) return std::unexpected(*std::move(problem));
            Parsed inner = expression();
            if (!inner) return inner;
            if (auto problem = expect(")", "to close the bracket")) return std::unexpected(*std::move(problem));
            return inner;
        }
        if (token.source != "[")
            return std::unexpected(syntax_problem(token.offset, fmt::format("found {}, meant a value", describe(token))));
        auto items = sequence("[", "]");
        if (!items) return std::unexpected(std::move(items).error());
        Node node;
        node.op = Op::list;
        node.offset = token.offset;
        node.operands = *std::move(items);
        return make(std::move(node));
    }

    Parsed name(const Token& token) {
        if (auto problem = advance()) return std::unexpected(*std::move(problem));
        if (token.source == "true" || token.source == "false")
            return make_literal(token.offset, json::Value(token.source == "true"));
        if (token.source == "null") return make_literal(token.offset, json::Value(nullptr));
        if (is_symbol("(")) return function(token);
        for (const Word& word : kWords)
            if (word.found == token.source)
                return std::unexpected(
                    syntax_problem(token.offset, fmt::format("found `{}`; did you mean `{}`?", word.found, word.meant)));
        for (const std::string_view word : kReserved)
            if (word == token.source)
                return std::unexpected(
                    syntax_problem(token.offset, fmt::format("found the reserved word `{}`, meant a value", word)));
        Node node;
        node.op = Op::fact;
        node.offset = token.offset;
        node.name = token.text;
        node.path = token.text;
        return make(std::move(node));
    }

    Parsed function(const Token& name) {
        auto arguments = this->arguments();
        if (!arguments) return std::unexpected(std::move(arguments).error());
        const std::size_t count = arguments->size();
        if (name.source == "has") {
            if (count != 1 || arguments->front()->op != Op::select)
                return std::unexpected(syntax_problem(name.offset, "has() takes one field: has(refund.amount)"));
            return make(Op::has, name.offset, std::move(arguments->front()));
        }
        if (name.source == "size") {
            if (count != 1) return std::unexpected(syntax_problem(name.offset, "size() takes one text, list or map"));
            return make(Op::size, name.offset, std::move(arguments->front()));
        }
        const auto text_of = [&](std::size_t i) -> const std::string* {
            const Node& node = *(*arguments)[i];
            return node.op == Op::literal && node.literal.is_string() ? &node.literal.as_string() : nullptr;
        };
        if (name.source == "duration") {
            const std::string* written = count == 1 ? text_of(0) : nullptr;
            if (written == nullptr)
                return std::unexpected(syntax_problem(name.offset, "duration() takes one text: duration(\"48h\")"));
            const auto value = parse_duration(*written);
            if (!value)
                return std::unexpected(
                    syntax_problem(arguments->front()->offset,
                                   fmt::format("found \"{}\", meant a duration such as \"48h\" or \"7 days\"", *written)));
            return make_literal(name.offset, json::from_duration(*value));
        }
        if (name.source == "money") {
            const std::string* amount = count == 2 ? text_of(0) : nullptr;
            const std::string* currency = count == 2 ? text_of(1) : nullptr;
            if (amount == nullptr || currency == nullptr)
                return std::unexpected(syntax_problem(name.offset, "money() takes two texts: money(\"500.00\", \"USD\")"));
            const auto value = parse_money(*amount, *currency);
            if (!value) return std::unexpected(syntax_problem(arguments->front()->offset, value.error().detail));
            return make_literal(name.offset, json::from_money(*value));
        }
        return std::unexpected(unknown_function(name));
    }

    Lexer lexer_;
    Token token_;
    int depth_ = 0;
};

}  // namespace

std::expected<std::unique_ptr<const Node>, Problem> parse_condition(std::string_view text) {
    if (text.size() > kConditionBytesMax)
        return std::unexpected(syntax_problem(0, fmt::format("the condition is longer than {} bytes", kConditionBytesMax)));
    if (text::trim(text).empty()) return std::unexpected(syntax_problem(0, "found nothing, meant a condition"));
    return Parser(text).parse();
}

std::string_view symbol(Op op) {
    for (const Binary& binary : kBinaries)
        if (binary.op == op) return binary.symbol;
    switch (op) {
        case Op::invert:
            return "!";
        case Op::negate:
            return "-";
        case Op::conditional:
            return "?:";
        case Op::has:
            return "has()";
        case Op::size:
            return "size()";
        case Op::starts_with:
            return "startsWith()";
        case Op::ends_with:
            return "endsWith()";
        case Op::contains:
            return "contains()";
        case Op::select:
            return ".";
        case Op::index:
            return "[]";
        default:
            return "value";
    }
}

}  // namespace resolute::procedure::impl
