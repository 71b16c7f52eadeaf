// SPDX-License-Identifier: Apache-2.0
#include "testkit/postgres_messages.h"

#include <cstdint>

#include "base/text.h"

namespace resolute::testkit {
namespace {

constexpr std::size_t kHeaderBytes = 5;  // the type's letter, and the length of what follows with itself
constexpr std::uint32_t kStartupBytesMax = 10'000;
constexpr std::uint32_t kSslRequest = 80877103;
constexpr std::uint32_t kGssRequest = 80877104;
constexpr std::uint32_t kProtocolMajor = 3;

std::uint32_t number_at(std::string_view bytes, std::size_t at) {
    std::uint32_t number = 0;
    for (std::size_t i = 0; i < 4; ++i) number = number << 8 | static_cast<unsigned char>(bytes[at + i]);
    return number;
}

/// The text up to the next zero byte; `rest` goes behind that.
std::string_view take_text(std::string_view& rest) {
    const std::size_t end = rest.find('\0');
    const std::string_view text = rest.substr(0, end);
    rest = end == std::string_view::npos ? std::string_view() : rest.substr(end + 1);
    return text;
}

bool is_word(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

std::size_t after(std::string_view sql, std::string_view end, std::size_t from) {
    const std::size_t at = sql.find(end, from);
    return at == std::string_view::npos ? sql.size() : at + end.size();
}

/// Behind the quoted text, body or comment that begins here; `at` itself where none does.
std::size_t behind_quoted(std::string_view sql, std::size_t at) {
    const std::string_view rest = sql.substr(at);
    if (rest.front() == '\'' || rest.front() == '"') return after(sql, rest.substr(0, 1), at + 1);
    if (rest.starts_with("--")) return after(sql, "\n", at);
    if (rest.starts_with("/*")) return after(sql, "*/", at + 2);
    if (rest.front() != '$') return at;
    std::size_t end = 1;
    while (end < rest.size() && is_word(rest[end])) ++end;
    if (end == rest.size() || rest[end] != '$') return at;  // "$1" is a parameter
    return after(sql, rest.substr(0, end + 1), at + end + 1);
}

}  // namespace

bool has_commit(std::string_view sql) {
    bool is_at_start = true;
    for (std::size_t at = 0; at < sql.size();) {
        if (const std::size_t behind = behind_quoted(sql, at); behind != at) {
            // A comment may stand before a statement's first word; a quoted text means that it has begun.
            is_at_start = is_at_start && (sql[at] == '-' || sql[at] == '/');
            at = behind;
        } else if (is_word(sql[at])) {
            std::size_t end = at;
            while (end < sql.size() && is_word(sql[end])) ++end;
            const std::string word = text::to_lower(sql.substr(at, end - at));
            if (is_at_start && (word == "commit" || word == "end")) return true;
            is_at_start = false;
            at = end;
        } else {
            if (sql[at] == ';') is_at_start = true;
            ++at;
        }
    }
    return false;
}

void PostgresStreams::Stream::add(std::string_view bytes) {
    // What is taken goes when more comes, not with each message: else a long row of small ones would cost its square.
    bytes_.erase(0, std::exchange(taken_, 0));
    bytes_.append(bytes);
}

std::string PostgresStreams::Stream::take(std::size_t count) {
    std::string taken(rest().substr(0, count));
    taken_ += taken.size();
    return taken;
}

std::optional<std::string> PostgresStreams::Stream::take_message() {
    if (rest().size() < kHeaderBytes) return std::nullopt;
    const std::size_t size = std::size_t{1} + number_at(rest(), 1);
    if (rest().size() < size) return std::nullopt;
    return take(size);
}

PostgresStreams::PostgresStreams(bool is_postgres) : stage_(is_postgres ? Stage::startup : Stage::opaque) {}

std::optional<PostgresStreams::Piece> PostgresStreams::next_from_client() {
    if (client_.rest().empty()) return std::nullopt;
    if (stage_ == Stage::opaque) return Piece{.bytes = client_.take(client_.rest().size())};
    if (stage_ == Stage::startup) return next_of_startup();
    auto message = client_.take_message();
    if (!message) return std::nullopt;
    const bool asks = asks_for_commit(*message);
    return Piece{.bytes = *std::move(message), .asks_for_commit = asks};
}

std::optional<PostgresStreams::Piece> PostgresStreams::next_of_startup() {
    // No type here: the length, and what the client wants.
    if (single_bytes_ > 0 || client_.rest().size() < 8) return std::nullopt;
    const std::uint32_t size = number_at(client_.rest(), 0);
    const std::uint32_t wish = number_at(client_.rest(), 4);
    const bool is_encryption = wish == kSslRequest || wish == kGssRequest;
    if (size < 8 || size > kStartupBytesMax || (!is_encryption && wish >> 16 != kProtocolMajor)) {
        stage_ = Stage::opaque;  // A request to cancel, which nobody answers, or another protocol.
        return Piece{.bytes = client_.take(client_.rest().size())};
    }
    if (client_.rest().size() < size) return std::nullopt;
    Piece piece{.bytes = client_.take(size)};
    if (is_encryption)
        ++single_bytes_;
    else
        stage_ = Stage::messages;
    return piece;
}

std::optional<PostgresStreams::Piece> PostgresStreams::next_from_server() {
    if (server_.rest().empty()) return std::nullopt;
    if (stage_ == Stage::opaque) return Piece{.bytes = server_.take(server_.rest().size())};
    if (single_bytes_ > 0) {
        --single_bytes_;
        Piece piece{.bytes = server_.take(1)};
        if (piece.bytes == "S" || piece.bytes == "G") stage_ = Stage::opaque;
        return piece;
    }
    auto message = server_.take_message();
    if (!message) return std::nullopt;
    const bool says = says_committed(*message);
    return Piece{.bytes = *std::move(message), .says_committed = says};
}

bool PostgresStreams::asks_for_commit(std::string_view message) {
    std::string_view body = message.substr(kHeaderBytes);
    switch (message.front()) {
        case 'Q':
            return has_commit(take_text(body));
        case 'P': {  // Parse: the statement's name, its text
            const std::string name(take_text(body));
            statements_[name] = has_commit(take_text(body));
            return false;
        }
        case 'B': {  // Bind: the portal's name, the statement's
            const std::string portal(take_text(body));
            portals_[portal] = statements_[std::string(take_text(body))];
            return false;
        }
        case 'E':
            return portals_[std::string(take_text(body))];
        default:
            return false;
    }
}

bool PostgresStreams::says_committed(std::string_view message) {
    std::string_view body = message.substr(kHeaderBytes);
    if (message.front() == 'C') {  // CommandComplete
        const std::string_view tag = take_text(body);
        for (const char* writing : {"INSERT", "UPDATE", "DELETE", "MERGE", "COPY", "CALL"})
            has_written_ = has_written_ || (!is_in_block_ && tag.starts_with(writing));
        if (tag == "BEGIN" || tag == "START TRANSACTION") is_in_block_ = true;
        if (tag != "COMMIT" && tag != "ROLLBACK") return false;
        is_in_block_ = false;
        has_written_ = false;
        return tag == "COMMIT";
    }
    if (message.front() == 'E') has_written_ = false;  // ErrorResponse: a transaction without BEGIN is undone
    if (message.front() != 'Z') return false;
    is_in_block_ = body != "I";
    return std::exchange(has_written_, false) && !is_in_block_;
}

}  // namespace resolute::testkit
