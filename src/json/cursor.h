// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "json/json.h"

namespace resolute::json {

/// Goes through well-formed JSON once, without looking back. Each function is false where the text goes on with something else, or
/// with what is rare (numbers out of range, escaped surrogates, broken UTF-8): then the cursor is of no more use, and parse() has
/// to judge. The text must outlive it.
class Cursor {
public:
    explicit Cursor(std::string_view text) : at_(text.data()), end_(text.data() + text.size()) {}

    /// After white space.
    bool take(char wanted);
    bool read_value(Value& value, std::size_t depth = 0);
    bool read_text(std::string& text);
    [[nodiscard]] bool is_at_end();

    /// For text as we write it, without white space. The name of the next member, in an object that was begun with take('{'); where
    /// the next one is another, nothing is taken.
    bool take_name(std::string_view name);
    bool take_word(std::string_view word);
    /// A string without escapes, as ids, moments and names of ours are.
    bool read_plain(std::string_view& text);
    bool read_int(std::int64_t& value);

private:
    void skip_space();
    bool read_object(Value& value, std::size_t depth);
    bool read_array(Value& value, std::size_t depth);
    void skip_plain();  ///< eight bytes at once
    bool read_escape(std::string& text);
    bool skip_digits();
    bool read_number(Value& value);

    const char* at_;
    const char* end_;
};

}  // namespace resolute::json
