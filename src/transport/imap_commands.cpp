// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <map>

#include <fmt/format.h>

#include "base/text.h"
#include "transport/imap_client.h"
#include "transport/imap_limits.h"

/// The commands, one function each. How they are carried is in imap_client.cpp.
namespace resolute::transport {
namespace {

constexpr std::size_t kFoldersNamed = 20;         ///< in an error
constexpr std::size_t kFolderListBytesMax = 600;  ///< of their names

/// A command line stays short: so many UIDs at once. Stops at the first error.
Status in_parts(std::span<const ImapUid> uids, const std::function<Status(const UidSet&, std::span<const ImapUid>)>& each) {
    while (!uids.empty()) {
        const auto part = uids.first(std::min(uids.size(), imap_limits::uids_in_command_max));
        TRY_STATUS(each(UidSet({part.begin(), part.end()}), part));
        uids = uids.subspan(part.size());
    }
    return {};
}

std::unexpected<Error> not_understood(std::string_view what) {
    return fail("imap.protocol", ErrorKind::corrupt, fmt::format("the IMAP server answers with {}", what));
}

/// "2 5 7", perhaps with "(MODSEQ 917162500)" behind.
Result<UidSet> read_search(std::string_view numbers) {
    UidSet found;
    std::uint64_t count = 0;
    while (!numbers.empty()) {
        const std::size_t space = std::min(numbers.find(' '), numbers.size());
        const std::string_view number = numbers.substr(0, space);
        numbers.remove_prefix(std::min(space + 1, numbers.size()));
        if (number.starts_with('(')) break;
        if (number.empty()) continue;
        const auto uid = UidSet::parse(number, 1);
        if (++count > imap_limits::uids_max) return not_understood("more UIDs than we take");
        if (!uid) return not_understood("a UID that is none");
        found.insert(uid->last());
    }
    return found;
}

/// RFC 4731 §3.1: (TAG "r5") UID ALL 1:3,5 COUNT 4
Result<UidSet> read_extended_search(const std::vector<ImapValue>& values) {
    for (std::size_t i = 0; i + 1 < values.size(); ++i) {
        if (!values[i].is_atom("ALL")) continue;
        auto found = UidSet::parse(values[i + 1].text, imap_limits::uids_max);
        if (!found) return not_understood("UIDs that are none, or too many");
        return *std::move(found);
    }
    return UidSet{};
}

/// Adds what one answer tells of a mail; a server may tell it in several.
Status read_fetch(ImapAnswer& answer, std::map<ImapUid, ImapMessage>& messages, const UidSet& asked) {
    if (answer.values.size() != 1 || answer.values[0].kind != ImapValue::Kind::list)
        return not_understood("a FETCH that is none");
    std::vector<ImapValue>& items = answer.values[0].items;
    ImapMessage told;
    for (std::size_t i = 0; i + 1 < items.size(); i += 2) {
        ImapValue& value = items[i + 1];
        if (items[i].is_atom("UID")) {
            const auto uid = UidSet::parse(value.text, 1);
            if (!uid) return not_understood("a UID that is none");
            told.uid = uid->last();
        } else if (items[i].is_atom("INTERNALDATE")) {
            told.received_at = parse_internal_date(value.text);
        } else if (items[i].is_atom("RFC822.SIZE")) {
            std::uint64_t size = 0;
            for (const char digit : value.text) {
                if (digit < '0' || digit > '9' || size > (1ULL << 56)) return not_understood("a size that is none");
                size = size * 10 + static_cast<std::uint64_t>(digit - '0');
            }
            told.size = size;
        } else if ((items[i].is_atom("BODY[]") || items[i].is_atom("BODY[]<0>")) && value.kind == ImapValue::Kind::string) {
            told.bytes = std::move(value.text);
        }
    }
    // Flags that somebody changed are told too, with or without a UID.
    if (!asked.contains(told.uid)) return {};
    ImapMessage& message = messages[told.uid];
    message.uid = told.uid;
    if (told.received_at) message.received_at = told.received_at;
    if (told.size) message.size = told.size;
    if (told.bytes) message.bytes = std::move(told.bytes);
    return {};
}

}  // namespace

Status ImapClient::ask_capabilities(Deadline deadline) {
    TRY(const ImapAnswer answer, run(ImapCommand("CAPABILITY"), deadline));
    if (has("IMAP4REV1") || has("IMAP4REV2")) return {};
    return give_up(not_understood("it offers neither IMAP4rev1 nor IMAP4rev2").error(), false);
}

// --- Folders -----------------------------------------------------------------------------------------------------------------

Result<ImapFolder> ImapClient::open_folder(std::string_view verb, std::string_view folder, Deadline deadline) {
    ImapCommand command{std::string(verb)};
    TRY_STATUS(command.mailbox(folder, is_utf8_server()));
    // RFC 9051 §6.3.2: whatever was open before is closed, also where this fails.
    folder_ = ImapFolder{};
    is_opening_ = true;
    auto answer = run(command, deadline);
    is_opening_ = false;
    has_news_ = false;
    if (!answer) {
        folder_.reset();
        if (answer.error().code != "imap.refused") return std::unexpected(std::move(answer).error());
        return std::unexpected(explain_missing(folder, std::move(answer).error(), deadline));
    }
    // RFC 9051 §2.3.1.1: where it is missing, UIDs do not outlive the session, and nothing can be remembered by them.
    if (folder_->uid_validity == 0) return give_up(not_understood("the folder has no UIDVALIDITY").error(), false);
    return *folder_;
}

/// The server's own words for it differ; the list of folders tells whether it is there.
Error ImapClient::explain_missing(std::string_view folder, Error refused, Deadline deadline) {
    const auto listed = list(deadline);
    if (!listed) return refused;
    std::vector<std::string> names;
    for (const ImapListing& listing : *listed) {
        if (listing.name == folder ||
            (text::equals_ignore_case(folder, "INBOX") && text::equals_ignore_case(listing.name, "INBOX"))) {
            if (listing.is_selectable) return refused;
            continue;
        }
        if (listing.is_selectable) names.push_back(fmt::format("\"{}\"", printable(listing.name)));
    }
    std::ranges::sort(names);
    const std::size_t count = names.size();
    if (count > kFoldersNamed) names.resize(kFoldersNamed);
    return fail("imap.folder_missing", ErrorKind::not_found,
                fmt::format("{} has no folder \"{}\"; it has {}{}", where_, printable(folder),
                            count == 0 ? "none" : text::shorten(text::join(names, ", "), kFolderListBytesMax),
                            count > kFoldersNamed ? fmt::format(" and {} more", count - kFoldersNamed) : ""),
                EffectState::refused)
        .error();
}

Result<std::vector<ImapListing>> ImapClient::list(Deadline deadline) {
    std::vector<ImapListing> listed;
    const OnAnswer on_answer = [&](ImapAnswer& answer) -> Status {
        if (!answer.is_untagged("LIST")) return {};
        // (\HasNoChildren) "/" INBOX, and in rev2 perhaps more behind.
        if (answer.values.size() < 3 || answer.values[0].kind != ImapValue::Kind::list)
            return not_understood("a LIST that is none");
        const std::string& name = answer.values[2].text;
        ImapListing listing{.name = is_utf8_server() ? name : decode_mailbox(name)};
        for (const ImapValue& attribute : answer.values[0].items)
            if (attribute.is_atom("\\Noselect") || attribute.is_atom("\\NonExistent")) listing.is_selectable = false;
        listed.push_back(std::move(listing));
        return {};
    };
    TRY(const ImapAnswer answer, run(ImapCommand("LIST \"\" \"*\""), deadline, on_answer));
    return listed;
}

// --- Searching and fetching --------------------------------------------------------------------------------------------------

Result<UidSet> ImapClient::search(const ImapCommand& command, Deadline deadline) {
    UidSet found;
    const OnAnswer on_answer = [&](ImapAnswer& answer) -> Status {
        if (answer.is_untagged("SEARCH")) {
            TRY(const UidSet some, read_search(answer.text));
            found.insert(some);
        } else if (answer.is_untagged("ESEARCH")) {
            TRY(const UidSet some, read_extended_search(answer.values));
            found.insert(some);
        }
        return {};
    };
    TRY(const ImapAnswer answer, run(command, deadline, on_answer));
    return found;
}

Result<UidSet> ImapClient::search_from(ImapUid first, Deadline deadline, std::string_view since) {
    has_news_ = false;  // What comes from now on may be missing in the answer.
    // RFC 4731: ranges, where each UID by itself would be megabytes.
    const bool is_short = has("ESEARCH") || has("IMAP4REV2");
    const ImapCommand command(fmt::format("UID SEARCH {}UID {}:*{}{}", is_short ? "RETURN (ALL) " : "", first,
                                          since.empty() ? "" : " SINCE ", since));
    TRY(UidSet found, search(command, deadline));
    // "n:*" holds the last mail even where its UID is below n: RFC 9051 §6.4.8.
    if (first > 1) found.erase(1, first - 1);
    return found;
}

Result<UidSet> ImapClient::search_before(std::string_view day, Deadline deadline) {
    const bool is_short = has("ESEARCH") || has("IMAP4REV2");
    return search(ImapCommand(fmt::format("UID SEARCH {}BEFORE {}", is_short ? "RETURN (ALL) " : "", day)), deadline);
}

Result<UidSet> ImapClient::search_header(std::string_view field, std::string_view value, Deadline deadline) {
    const bool is_ascii = std::ranges::all_of(value, [](char c) { return c >= 0 && c < 0x7f; });
    ImapCommand command(fmt::format("UID SEARCH {}HEADER ", is_ascii ? "" : "CHARSET UTF-8 "));
    TRY_STATUS(command.argument(field));
    command.words(" ");
    TRY_STATUS(command.argument(value));
    return search(command, deadline);
}

Result<std::vector<ImapMessage>> ImapClient::fetch(std::span<const ImapUid> uids, const std::string& items, Deadline deadline) {
    std::map<ImapUid, ImapMessage> messages;
    TRY_STATUS(in_parts(uids, [&](const UidSet& set, std::span<const ImapUid>) -> Status {
        const OnAnswer on_answer = [&](ImapAnswer& answer) -> Status {
            if (!answer.is_untagged("FETCH")) return {};
            return read_fetch(answer, messages, set);
        };
        TRY(const ImapAnswer answer, run(ImapCommand(fmt::format("UID FETCH {} {}", set.text(), items)), deadline, on_answer));
        return {};
    }));
    std::vector<ImapMessage> found;
    for (auto& [uid, message] : messages) found.push_back(std::move(message));
    return found;
}

Result<std::vector<ImapMessage>> ImapClient::fetch_sizes(std::span<const ImapUid> uids, Deadline deadline) {
    return fetch(uids, "(UID INTERNALDATE RFC822.SIZE)", deadline);
}

Result<std::vector<ImapMessage>> ImapClient::fetch_bodies(std::span<const ImapUid> uids, std::optional<std::uint32_t> first_bytes,
                                                          Deadline deadline) {
    const std::string part = first_bytes ? fmt::format("<0.{}>", *first_bytes) : "";
    return fetch(uids, fmt::format("(UID INTERNALDATE BODY.PEEK[]{})", part), deadline);
}

// --- Changing ----------------------------------------------------------------------------------------------------------------

Status ImapClient::store(std::span<const ImapUid> uids, FlagChange change, const std::vector<std::string>& flags,
                         Deadline deadline) {
    return in_parts(uids, [&](const UidSet& set, std::span<const ImapUid>) -> Status {
        ImapCommand command(fmt::format("UID STORE {} {}FLAGS.SILENT (", set.text(), change == FlagChange::add ? '+' : '-'));
        for (std::size_t i = 0; i < flags.size(); ++i) {
            if (i > 0) command.words(" ");
            TRY_STATUS(command.flag(flags[i]));
        }
        command.words(")").changes_something();
        TRY(const ImapAnswer answer, run(command, deadline));
        return {};
    });
}

Status ImapClient::move(std::span<const ImapUid> uids, std::string_view folder, Deadline deadline) {
    const bool can_move = has("MOVE") || has("IMAP4REV2");
    if (!can_move && !has("UIDPLUS"))
        return fail(
            "imap.cannot_move", ErrorKind::refused,
            fmt::format("{} offers neither MOVE nor UIDPLUS: mails cannot be moved there without taking others along", where_));
    return in_parts(uids, [&](const UidSet& set, std::span<const ImapUid> part) -> Status {
        ImapCommand command(fmt::format("UID {} {} ", can_move ? "MOVE" : "COPY", set.text()));
        TRY_STATUS(command.mailbox(folder, is_utf8_server()));
        command.changes_something();
        TRY(const ImapAnswer answer, run(command, deadline));
        if (can_move) return {};
        // From here on there are two of each: whatever fails, it did happen in part.
        const auto remove = [&]() -> Status {
            TRY_STATUS(store(part, FlagChange::add, {"\\Deleted"}, deadline));
            TRY(const ImapAnswer expunged, run(ImapCommand("UID EXPUNGE " + set.text()).changes_something(), deadline));
            return {};
        };
        Status removed = remove();
        if (!removed) removed.error().effect = EffectState::unknown;
        return removed;
    });
}

Status ImapClient::create(std::string_view folder, Deadline deadline) {
    ImapCommand command("CREATE ");
    TRY_STATUS(command.mailbox(folder, is_utf8_server()));
    command.changes_something();
    TRY(const ImapAnswer created, run(command, deadline));
    ImapCommand subscribe("SUBSCRIBE ");
    TRY_STATUS(subscribe.mailbox(folder, is_utf8_server()));
    subscribe.changes_something();
    const auto subscribed = run(subscribe, deadline);
    if (!subscribed && !is_alive()) return std::unexpected(subscribed.error());  // A server without subscriptions may say no.
    return {};
}

// --- The session itself ------------------------------------------------------------------------------------------------------

Status ImapClient::noop(Deadline deadline) {
    TRY(const ImapAnswer answer, run(ImapCommand("NOOP"), deadline));
    return {};
}

Status ImapClient::logout(Deadline deadline) {
    if (!is_alive()) return {};
    // It says BYE, which anywhere else ends the session with an error (RFC 9051 §6.1.3).
    const auto answer = run(ImapCommand("LOGOUT"), deadline);
    const bool is_over = !is_alive();
    stream_.reset();
    folder_.reset();
    if (answer || is_over) return {};
    return std::unexpected(answer.error());
}

}  // namespace resolute::transport
