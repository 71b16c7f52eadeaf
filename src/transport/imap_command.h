// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

/// What we say to an IMAP server: words of ours, and arguments that come from elsewhere and must stay arguments. Pure.
namespace resolute::transport {

/// A mailbox name in modified UTF-7 (RFC 3501 §5.1.3): "Entwürfe" → "Entw&APw-rfe". `imap.argument` where it is no UTF-8.
Result<std::string> encode_mailbox(std::string_view utf8);
/// The other way. What is not encoded well is returned as it is: it still names a folder.
std::string decode_mailbox(std::string_view encoded);

/// A command without its tag. Errors of all: `imap.argument` for CR, LF or NUL, which would begin another command (or end this
/// one), and for what is too long.
class ImapCommand {
public:
    /// Our own words: "UID FETCH 1:3 (UID)".
    explicit ImapCommand(std::string words) : pieces_{std::move(words)} {}
    ImapCommand& words(std::string_view words);
    /// Quoted where that can carry it, else a literal. (RFC 9051 §4.3)
    Status argument(std::string_view bytes);
    /// In modified UTF-7, or as it is for a server that speaks rev2 only (RFC 9051 §5.1).
    Status mailbox(std::string_view utf8, bool is_utf8_server = false);
    /// A flag or keyword, "\Seen", "$Done": an atom.
    Status flag(std::string_view name);
    /// After an unclear end it may have happened.
    ImapCommand& changes_something() {
        changes_ = true;
        return *this;
    }

    /// Between two of them goes a literal: the server is asked before it. pieces = literals + 1.
    [[nodiscard]] const std::vector<std::string>& pieces() const { return pieces_; }
    [[nodiscard]] const std::vector<std::string>& literals() const { return literals_; }
    [[nodiscard]] bool is_changing() const { return changes_; }

private:
    std::vector<std::string> pieces_;
    std::vector<std::string> literals_;
    bool changes_ = false;
};

/// For errors and logs: UTF-8 on one line, shortened.
std::string printable(std::string_view bytes);

}  // namespace resolute::transport
