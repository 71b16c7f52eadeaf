// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/interrupt.h"
#include "base/result.h"
#include "transport/imap_command.h"
#include "transport/imap_parser.h"
#include "transport/imap_uids.h"
#include "transport/mail_stream.h"

namespace resolute::transport {

struct ImapFolder {
    std::uint32_t uid_validity = 0;  ///< where it changed, UIDs name other mails than before
    ImapUid uid_next = 0;            ///< a hint; 0 where the server gives none
    std::uint32_t exists = 0;        ///< mails
};

/// What a server told of a mail; only what was asked for.
struct ImapMessage {
    ImapUid uid = 0;
    std::optional<Instant> received_at;  ///< INTERNALDATE
    std::optional<std::uint64_t> size;   ///< bytes; some servers guess it
    std::optional<std::string> bytes;    ///< RFC 5322, all or the beginning
};

struct ImapListing {
    std::string name;  ///< UTF-8
    bool is_selectable = true;
};

/// A session with an IMAP server, IMAP4rev1 (RFC 3501) or rev2 (RFC 9051): one signed-in connection, and at most one folder open
/// on it. Mails are named by UID only: sequence numbers change under one's hands. Nothing that is read is marked \Seen
/// (BODY.PEEK).
///
/// Errors: `imap.refused` (the server said no, with its words), `imap.folder_missing`, `imap.argument` (would not be sent): the
/// session goes on. `imap.protocol` (not understood, or beyond a limit of imap_limits.h) and all `mail.*` of MailStream: the
/// session is over, `is_alive` is false, and a new one is opened for the next command. A command that changes something and was
/// not answered has the effect unknown. Threads: one at a time.
class ImapClient {
public:
    static Result<std::unique_ptr<ImapClient>> open(const MailServer& server, const MailLogin& login, Deadline deadline);

    [[nodiscard]] bool is_alive() const { return stream_ != nullptr; }
    /// As the server lists it after the login, "UIDPLUS".
    [[nodiscard]] bool has(std::string_view capability) const;

    /// EXAMINE: read-only, changes not even \Recent. `imap.folder_missing` lists what there is.
    Result<ImapFolder> examine(std::string_view folder, Deadline deadline) { return open_folder("EXAMINE ", folder, deadline); }
    Result<ImapFolder> select(std::string_view folder, Deadline deadline) { return open_folder("SELECT ", folder, deadline); }

    /// All in the folder from `first` on; with `since` only what came on that day or later, by the server's calendar ("1-Feb-1994", RFC
    /// 9051 §6.4.4: INTERNALDATE without time and zone).
    Result<UidSet> search_from(ImapUid first, Deadline deadline, std::string_view since = {});
    /// What came before that day.
    Result<UidSet> search_before(std::string_view day, Deadline deadline);
    /// Mails with this header field, the value anywhere in it and in any case (RFC 9051 §6.4.4).
    Result<UidSet> search_header(std::string_view field, std::string_view value, Deadline deadline);

    /// UID, INTERNALDATE and RFC822.SIZE, by UID. A mail that is gone is left out.
    Result<std::vector<ImapMessage>> fetch_sizes(std::span<const ImapUid> uids, Deadline deadline);
    /// The bytes and INTERNALDATE; with `first_bytes` only the beginning. All answers together stay below answer_bytes_max.
    Result<std::vector<ImapMessage>> fetch_bodies(std::span<const ImapUid> uids, std::optional<std::uint32_t> first_bytes,
                                                  Deadline deadline);

    enum class FlagChange { add, remove };
    Status store(std::span<const ImapUid> uids, FlagChange change, const std::vector<std::string>& flags, Deadline deadline);
    /// MOVE (RFC 6851) where it is offered; else COPY, \Deleted and UID EXPUNGE, which needs UIDPLUS (RFC 4315), else
    /// `imap.cannot_move`: a plain EXPUNGE would take other people's mails with it.
    Status move(std::span<const ImapUid> uids, std::string_view folder, Deadline deadline);

    /// Makes a folder and subscribes to it, so that people see it. That it is there already is `imap.refused`.
    Status create(std::string_view folder, Deadline deadline);

    Result<std::vector<ImapListing>> list(Deadline deadline);
    Status noop(Deadline deadline);

    /// The server told of more mails than there were when `search_from` was last asked.
    [[nodiscard]] bool has_news() const { return has_news_; }
    /// Until the folder has more mails than when `search_from` was last asked (true), `stop` is raised or the time is over
    /// (false). By IDLE (RFC 2177) where the server offers it, else only the time passes.
    Result<bool> wait(Duration at_most, const Interrupt& stop);

    /// Says goodbye; the session is over, however it ends.
    Status logout(Deadline deadline);

private:
    using OnAnswer = std::function<Status(ImapAnswer&)>;
    struct Budget;

    ImapClient(std::unique_ptr<MailStream> stream, std::string where) : stream_(std::move(stream)), where_(std::move(where)) {}
    Status ask_capabilities(Deadline deadline);
    /// Names of folders are UTF-8: rev2, and rev1 was never in use (RFC 9051 §5.1).
    [[nodiscard]] bool is_utf8_server() const { return !has("IMAP4REV1"); }
    Result<ImapFolder> open_folder(std::string_view verb, std::string_view folder, Deadline deadline);
    Error explain_missing(std::string_view folder, Error refused, Deadline deadline);
    Result<UidSet> search(const ImapCommand& command, Deadline deadline);
    Result<std::vector<ImapMessage>> fetch(std::span<const ImapUid> uids, const std::string& items, Deadline deadline);
    Status idle(Duration at_most, const Interrupt& stop);
    bool has_input(Duration at_most, const Interrupt& stop);

    /// Sends it and reads until its tagged answer. `on_answer` sees each untagged one; its error ends the session.
    Result<ImapAnswer> run(const ImapCommand& command, Deadline deadline, const OnAnswer& on_answer = {});
    Result<ImapAnswer> converse(const ImapCommand& command, const std::string& tag, Deadline deadline, const OnAnswer& on_answer);
    /// The next answer that is tagged, or "+" where `awaits_go` is true.
    Result<ImapAnswer> read_until(std::string_view tag, bool awaits_go, Budget& budget, Deadline deadline,
                                  const OnAnswer& on_answer);
    Result<ImapAnswer> read_answer(Budget& budget, Deadline deadline);
    Status note(const ImapAnswer& answer);
    [[nodiscard]] std::unexpected<Error> refused(const ImapCommand& command, const ImapAnswer& answer) const;
    [[nodiscard]] std::unexpected<Error> not_understood(std::string_view what) const;
    [[nodiscard]] std::unexpected<Error> give_up(Error error, bool was_changing);

    std::unique_ptr<MailStream> stream_;  // Nothing: the session is over.
    std::string where_;                   // "imap.example:993", for errors.
    std::set<std::string> capabilities_;  // Upper case.
    std::uint64_t commands_ = 0;
    std::optional<ImapFolder> folder_;
    bool is_opening_ = false;
    bool has_news_ = false;
    bool can_idle_ = true;
};

}  // namespace resolute::transport
