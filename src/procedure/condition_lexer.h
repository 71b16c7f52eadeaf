// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <expected>
#include <string>
#include <string_view>

#include "procedure/condition_node.h"

namespace resolute::procedure::impl {

struct Token {
    enum class Kind { end, identifier, integer, real, string, symbol };
    Kind kind = Kind::end;
    std::size_t offset = 0;
    std::string_view source;  ///< as written
    std::string text;         ///< string: its value
    /// integer: its magnitude; 2^63 is only meaningful behind a minus.
    std::uint64_t magnitude = 0;
    double real = 0;
};

/// Cuts a condition into tokens, one look ahead.
class Lexer {
public:
    explicit Lexer(std::string_view text) : text_(text) {}
    std::expected<Token, Problem> next();

private:
    std::expected<Token, Problem> number();
    std::expected<Token, Problem> string();
    std::expected<Token, Problem> symbol();
    /// Behind a backslash; appends what it stands for.
    std::optional<Problem> escape(std::string& value);

    std::string_view text_;
    std::size_t at_ = 0;
};

/// For messages: "`&&`", "the text \"vip\"", "the end of the condition".
std::string describe(const Token& token);

Problem syntax_problem(std::size_t offset, std::string message);

}  // namespace resolute::procedure::impl
