// SPDX-License-Identifier: Apache-2.0
#include "transport/imap_client.h"

#include <algorithm>

#include <fmt/format.h>

#include "base/text.h"
#include "transport/imap_limits.h"

/// The session: what goes out, what comes in, and what is noticed on the way. The commands are in imap_commands.cpp.
namespace resolute::transport {

/// What one command may bring.
struct ImapClient::Budget {
    std::size_t bytes = imap_limits::answer_bytes_max;
    std::size_t answers = imap_limits::answers_max;
};

namespace {

constexpr Duration kGoodbyeWithin = std::chrono::seconds(1);      ///< when the program stops
constexpr Duration kIdleAnswerWithin = std::chrono::seconds(30);  ///< to IDLE and DONE, and for the rest of a line that has begun

/// "UID FETCH 1:3 (…)" → "UID FETCH": the arguments are nobody's business.
std::string verb_of(const ImapCommand& command) {
    const std::string& words = command.pieces().front();
    const std::size_t first = words.find(' ');
    if (first == std::string::npos || !words.starts_with("UID ")) return words.substr(0, first);
    return words.substr(0, words.find(' ', first + 1));
}

std::string_view literal_mark(std::size_t size, bool has_plus, bool has_minus) {
    return has_plus || (has_minus && size <= imap_limits::literal_minus_bytes_max) ? "+" : "";
}

}  // namespace

std::unexpected<Error> ImapClient::not_understood(std::string_view what) const {
    return fail("imap.protocol", ErrorKind::corrupt, fmt::format("{}: {}", where_, what));
}

std::unexpected<Error> ImapClient::refused(const ImapCommand& command, const ImapAnswer& answer) const {
    return fail("imap.refused", ErrorKind::refused,
                fmt::format("{} refused {}: {} {}{}", where_, verb_of(command), answer.name,
                            answer.code.empty() ? "" : fmt::format("[{}] ", printable(answer.code)), printable(answer.text)),
                EffectState::refused);
}

std::unexpected<Error> ImapClient::give_up(Error error, bool was_changing) {
    stream_.reset();
    folder_.reset();
    if (was_changing) error.effect = EffectState::unknown;
    return std::unexpected(std::move(error));
}

Result<std::unique_ptr<ImapClient>> ImapClient::open(const MailServer& server, const MailLogin& login, Deadline deadline) {
    TRY(auto stream, MailStream::open(MailStream::Protocol::imap, server, login, deadline));
    std::unique_ptr<ImapClient> client(new ImapClient(std::move(stream), fmt::format("{}:{}", server.host, server.port)));
    // What was said before TLS and login is void: RFC 9051 §6.2.1 and §6.2.2.
    TRY_STATUS(client->ask_capabilities(deadline));
    return client;
}

bool ImapClient::has(std::string_view capability) const {
    return capabilities_.contains(std::string(capability));
}

// --- What comes in -----------------------------------------------------------------------------------------------------------

Result<ImapAnswer> ImapClient::read_answer(Budget& budget, Deadline deadline) {
    if (budget.answers-- == 0) return not_understood("too many answers to one command");
    ImapLines lines;
    while (true) {
        const std::size_t room = std::min(imap_limits::line_bytes_max, budget.bytes);
        TRY(std::string line, stream_->read_line(room, deadline));
        if (line.size() > room) return not_understood("an answer is longer than we take");
        budget.bytes -= line.size();
        auto size = announced_literal(line, lines.lines.empty());
        if (!size) return not_understood(size.error().detail);
        lines.lines.push_back(std::move(line));
        if (!*size) break;
        if (lines.literals.size() == imap_limits::literals_max) return not_understood("too many literals in one answer");
        if (**size > budget.bytes) return not_understood(fmt::format("it announces {} bytes, more than we take", **size));
        TRY(std::string literal, stream_->read_bytes(static_cast<std::size_t>(**size), deadline));
        budget.bytes -= literal.size();
        lines.literals.push_back(std::move(literal));
    }
    auto answer = parse_imap_answer(std::move(lines));
    if (!answer) return not_understood(answer.error().detail);
    TRY_STATUS(note(*answer));
    return answer;
}

/// What may be said at any time (RFC 9051 §5.2), whatever was asked.
Status ImapClient::note(const ImapAnswer& answer) {
    if (answer.is_untagged("BYE"))
        return fail("mail.unreachable", ErrorKind::unavailable,
                    fmt::format("{} ends the session: {}", where_, printable(answer.text)));
    if (answer.is_untagged("CAPABILITY")) {
        capabilities_.clear();
        for (const ImapValue& value : answer.values) {
            std::string name = value.text;
            std::ranges::transform(name, name.begin(),
                                   [](char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c; });
            capabilities_.insert(std::move(name));
        }
    }
    if (!folder_) return {};
    if (answer.is_untagged("EXISTS") && answer.number) {
        // Some servers repeat the number now and then to keep the line open: only more is news.
        if (*answer.number > folder_->exists) has_news_ = true;
        folder_->exists = *answer.number;
    }
    if (answer.is_untagged("EXPUNGE") && folder_->exists > 0) --folder_->exists;
    if (answer.code != "UIDVALIDITY" && answer.code != "UIDNEXT") return {};
    std::uint32_t number = 0;
    if (const auto set = UidSet::parse(answer.code_value, 1)) number = set->last();
    if (answer.code == "UIDNEXT") folder_->uid_next = number;
    if (answer.code != "UIDVALIDITY") return {};
    if (!is_opening_ && number != folder_->uid_validity) return not_understood("the folder was made anew while it was open");
    folder_->uid_validity = number;
    return {};
}

Result<ImapAnswer> ImapClient::read_until(std::string_view tag, bool awaits_go, Budget& budget, Deadline deadline,
                                          const OnAnswer& on_answer) {
    while (true) {
        TRY(ImapAnswer answer, read_answer(budget, deadline));
        if (answer.tag == tag) {
            if (answer.name == "OK" || answer.name == "NO" || answer.name == "BAD") return answer;
            return not_understood("a tag that neither OK, NO nor BAD follows");
        }
        if (answer.tag == "+" && awaits_go) return answer;
        if (answer.tag != "*") return not_understood("an answer to what was not asked");
        if (on_answer) TRY_STATUS(on_answer(answer));
    }
}

// --- What goes out -----------------------------------------------------------------------------------------------------------

Result<ImapAnswer> ImapClient::run(const ImapCommand& command, Deadline deadline, const OnAnswer& on_answer) {
    if (!is_alive()) return fail("mail.unreachable", ErrorKind::unavailable, fmt::format("the session with {} is over", where_));
    if (deadline.has_passed())
        return fail("mail.timed_out", ErrorKind::timed_out, fmt::format("no time was left to ask {}", where_));
    auto answer = converse(command, fmt::format("r{}", ++commands_), deadline, on_answer);
    if (!answer) return give_up(std::move(answer).error(), command.is_changing());
    if (answer->name != "OK") return refused(command, *answer);
    return answer;
}

Result<ImapAnswer> ImapClient::converse(const ImapCommand& command, const std::string& tag, Deadline deadline,
                                        const OnAnswer& on_answer) {
    Budget budget;
    std::string out = tag + ' ';
    for (std::size_t i = 0; i < command.literals().size(); ++i) {
        const std::string& literal = command.literals()[i];
        const std::string_view mark = literal_mark(literal.size(), has("LITERAL+"), has("LITERAL-"));
        out += fmt::format("{}{{{}{}}}\r\n", command.pieces()[i], literal.size(), mark);
        if (mark.empty()) {
            TRY_STATUS(stream_->write(out, deadline));
            out.clear();
            TRY(ImapAnswer answer, read_until(tag, true, budget, deadline, on_answer));
            if (answer.tag == tag && answer.name == "OK") return not_understood("it agrees to half a command");
            if (answer.tag == tag) return answer;  // Refused before it was whole: the rest must not be sent.
        }
        out += literal;
    }
    out += command.pieces().back() + "\r\n";
    TRY_STATUS(stream_->write(out, deadline));
    return read_until(tag, false, budget, deadline, on_answer);
}

// --- Waiting for mail --------------------------------------------------------------------------------------------------------

/// Whether a line has begun. What TLS itself sends makes the socket readable and brings none; the second look tells.
bool ImapClient::has_input(Duration at_most, const Interrupt& stop) {
    return stream_->wait_for_input(at_most, stop) && stream_->wait_for_input(Duration::zero(), stop);
}

Result<bool> ImapClient::wait(Duration at_most, const Interrupt& stop) {
    const Deadline end = Deadline::in(std::clamp(at_most, Duration::zero(), Duration(std::chrono::hours(24))));
    while (!has_news_) {
        if (end.has_passed() || stop.wait(Duration::zero())) return false;
        if (!is_alive())
            return fail("mail.unreachable", ErrorKind::unavailable, fmt::format("the session with {} is over", where_));
        if (!can_idle_ || !has("IDLE")) {
            static_cast<void>(stop.wait(end.remaining()));
            return false;
        }
        Status idled = idle(std::min(end.remaining(), imap_limits::idle_at_most), stop);
        if (idled) continue;
        if (stop.wait(Duration::zero())) return false;  // Nobody will use the session any more.
        if (idled.error().code != "imap.refused") return std::unexpected(std::move(idled).error());
    }
    return true;
}

/// One IDLE: until there is news, `stop` is raised or the time is over.
Status ImapClient::idle(Duration at_most, const Interrupt& stop) {
    const Deadline end = Deadline::in(at_most);
    const std::string tag = fmt::format("r{}", ++commands_);
    const auto session = [&]() -> Result<ImapAnswer> {
        Budget budget;
        TRY_STATUS(stream_->write(tag + " IDLE\r\n", Deadline::in(kIdleAnswerWithin)));
        TRY(ImapAnswer begun, read_until(tag, true, budget, Deadline::in(kIdleAnswerWithin), {}));
        can_idle_ = begun.tag != tag;
        if (!can_idle_) return begun;
        while (!has_news_ && !end.has_passed() && !stop.wait(Duration::zero())) {
            if (!has_input(end.remaining(), stop)) continue;
            TRY(const ImapAnswer answer, read_answer(budget, Deadline::in(kIdleAnswerWithin)));
            can_idle_ = answer.tag != tag;  // A server that does not want to wait is not asked to, again and again.
            if (!can_idle_) return answer;
            if (answer.tag != "*") return not_understood("an answer to what was not asked");
        }
        const Deadline within = Deadline::in(stop.wait(Duration::zero()) ? kGoodbyeWithin : kIdleAnswerWithin);
        TRY_STATUS(stream_->write("DONE\r\n", within));
        return read_until(tag, false, budget, within, {});
    };
    auto answer = session();
    if (!answer) return give_up(std::move(answer).error(), false);
    if (answer->name != "OK") return refused(ImapCommand("IDLE"), *answer);
    return {};
}

}  // namespace resolute::transport
