// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "base/time.h"

/// What an IMAP server says, from bytes to values: RFC 9051 §9 and RFC 3501 §9, as far as we ask. Pure, for any bytes.
/// Limits: transport/imap_limits.h. Errors: `imap.protocol`.
namespace resolute::transport {

struct ImapValue {
    enum class Kind { nil, atom, string, list };
    Kind kind = Kind::nil;
    std::string text;              ///< of an atom (also a number, a flag, "BODY[]<0>") or a string
    std::vector<ImapValue> items;  ///< of a list

    /// The atom of this name, in upper or lower case.
    [[nodiscard]] bool is_atom(std::string_view name) const;
};

/// One answer as it came: each line but the last announces the literal that followed it.
struct ImapLines {
    std::vector<std::string> lines;  ///< without CRLF
    std::vector<std::string> literals;
};

struct ImapAnswer {
    std::string tag;                      ///< "*" untagged, "+" go on, else of the command that is answered
    std::string name;                     ///< upper case: "OK", "EXISTS", "FETCH"; empty for "+"
    std::optional<std::uint32_t> number;  ///< of "* 12 EXISTS"
    std::string code;                     ///< of "* OK [UIDVALIDITY 7] text": upper case
    std::string code_value;               ///< its rest, "7"
    std::string text;                     ///< for people; of a SEARCH the numbers
    std::vector<ImapValue> values;        ///< of FETCH, ESEARCH, LIST and CAPABILITY; others do not concern us

    [[nodiscard]] bool is_untagged(std::string_view which) const { return tag == "*" && name == which; }
};

/// The length of the literal that this line announces at its end, "{12}", "{12+}" or "~{12}" (RFC 7888, RFC 3516); nothing where
/// it announces none. What OK, NO, BAD, BYE and "+" bring is for people and announces nothing, whatever it ends with.
Result<std::optional<std::uint64_t>> announced_literal(std::string_view line, bool is_first_line);

Result<ImapAnswer> parse_imap_answer(ImapLines lines);

/// "17-Jul-1996 02:44:25 -0700", the day perhaps with a space before (RFC 9051 §9, date-time). Nothing where it is none.
std::optional<Instant> parse_internal_date(std::string_view text);

}  // namespace resolute::transport
