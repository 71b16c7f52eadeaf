// SPDX-License-Identifier: Apache-2.0
#include "storage/postgres/connection.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <limits>
#include <poll.h>

#include <libpq-fe.h>

#include "base/invariant.h"
#include "base/text.h"

namespace resolute::storage::postgres {

namespace {

constexpr int kBinary = 1;
constexpr std::string_view kNoPassword = "28P01";  ///< libpq gave up before the server had to refuse

/// False: the time was over.
bool wait_for(int socket, short events, Deadline deadline) {
    while (true) {
        const auto remaining = std::min<std::int64_t>(deadline.remaining().count(), std::numeric_limits<int>::max());
        if (remaining <= 0) return false;
        pollfd watched{.fd = socket, .events = events, .revents = 0};
        const int ready = poll(&watched, 1, static_cast<int>(remaining));
        if (ready > 0) return true;
        if (ready < 0 && errno != EINTR) return false;
    }
}

std::string_view field(const PGresult* result, int code) {
    const char* text = PQresultErrorField(result, code);
    return text == nullptr ? std::string_view() : std::string_view(text);
}

/// The state in `…FATAL:  28P01: password authentication failed…`, whatever the language; empty: the server said none. Of several
/// hosts the last one's counts.
std::string_view login_state(std::string_view message) {
    constexpr std::size_t kStateSize = 5;
    for (std::size_t at = message.rfind(":  "); at != std::string_view::npos && at > 0; at = message.rfind(":  ", at - 1)) {
        const std::string_view state = message.substr(at + 3, kStateSize);
        const bool is_state = state.size() == kStateSize && message.substr(at + 3 + kStateSize).starts_with(": ") &&
                              std::ranges::all_of(state, [](char c) { return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z'); });
        if (is_state) return state;
    }
    return {};
}

/// Notices would go to the terminal.
void drop_notice(void*, const PGresult*) {}

/// What the server has said so far in one conversation.
class Collected {
public:
    explicit Collected(std::size_t count) { rows_.reserve(count); }

    /// True: that was the end.
    bool take(PGresult* result) {
        switch (PQresultStatus(result)) {
        case PGRES_PIPELINE_SYNC: PQclear(result); return true;
        case PGRES_TUPLES_OK:
        case PGRES_COMMAND_OK: rows_.emplace_back(result); return false;
        case PGRES_PIPELINE_ABORTED: break;
        default:
            // The first is the cause; a lost connection adds one without a state.
            if (failure_.sqlstate.empty() && !field(result, PG_DIAG_SQLSTATE).empty())
                failure_ = refusal(field(result, PG_DIAG_SQLSTATE), field(result, PG_DIAG_MESSAGE_PRIMARY));
            has_failed_ = true;
        }
        PQclear(result);
        return false;
    }
    [[nodiscard]] bool was_refused() const { return has_failed_ && !failure_.sqlstate.empty(); }
    [[nodiscard]] bool has_failed() const { return has_failed_; }
    [[nodiscard]] Failure failure() && { return std::move(failure_); }
    [[nodiscard]] std::vector<Rows> rows() && { return std::move(rows_); }
    [[nodiscard]] std::size_t size() const { return rows_.size(); }

private:
    std::vector<Rows> rows_;
    Failure failure_;
    bool has_failed_ = false;
};

}  // namespace

Answer<std::unique_ptr<Connection>> Connection::open(const std::string& url, Deadline deadline) {
    // Keep-alives find a server that went without a word; what the URL says goes before these.
    static constexpr std::array<const char*, 7> kNames{"keepalives_idle", "keepalives_interval", "keepalives_count", "fallback_application_name",
                                                       "dbname", "client_encoding", nullptr};
    const std::array<const char*, 7> values{"30", "10", "3", "resolute", url.c_str(), "UTF8", nullptr};
    std::unique_ptr<Connection> connection(new Connection(PQconnectStartParams(kNames.data(), values.data(), 1)));
    // Only so does libpq tell the state of a refused login.
    if (connection->connection_ != nullptr) PQsetErrorVerbosity(connection->connection_, PQERRORS_VERBOSE);
    if (auto connected = connection->finish_connecting(deadline); !connected) return std::unexpected(std::move(connected).error());
    PQsetErrorVerbosity(connection->connection_, PQERRORS_DEFAULT);
    PQsetNoticeReceiver(connection->connection_, drop_notice, nullptr);
    if (PQsetnonblocking(connection->connection_, 1) != 0 || PQenterPipelineMode(connection->connection_) != 1)
        return std::unexpected(loss(connection->last_message(), false));
    return connection;
}

Connection::~Connection() { PQfinish(connection_); }

Answer<void> Connection::finish_connecting(Deadline deadline) {
    PostgresPollingStatusType state = PGRES_POLLING_WRITING;
    while (connection_ != nullptr && PQstatus(connection_) != CONNECTION_BAD) {
        if (state == PGRES_POLLING_OK) return {};
        if (state == PGRES_POLLING_FAILED) break;
        if (!wait_for(PQsocket(connection_), state == PGRES_POLLING_READING ? POLLIN : POLLOUT, deadline))
            return std::unexpected(loss("PostgreSQL did not answer in time", false));
        state = PQconnectPoll(connection_);
    }
    const std::string message = last_message();
    const bool lacks_password = connection_ != nullptr && PQconnectionNeedsPassword(connection_) == 1;
    return std::unexpected(no_connection(message.substr(0, message.find(" LOCATION: ")), lacks_password ? kNoPassword : login_state(message)));
}

std::string Connection::last_message() const {
    if (connection_ == nullptr) return "out of memory";
    return "PostgreSQL: " + text::replace_all(std::string(text::trim(PQerrorMessage(connection_))), "\n", " ");
}

bool Connection::is_idle() const {
    if (PQstatus(connection_) != CONNECTION_OK || PQtransactionStatus(connection_) != PQTRANS_IDLE) return false;
    // A server that ended says so on the socket, though nobody asked.
    pollfd watched{.fd = PQsocket(connection_), .events = POLLIN, .revents = 0};
    if (poll(&watched, 1, 0) == 0) return true;
    return PQconsumeInput(connection_) == 1 && PQstatus(connection_) == CONNECTION_OK;
}

int Connection::socket() const { return PQsocket(connection_); }

std::int64_t Connection::server_process() const { return PQbackendPID(connection_); }

Answer<std::vector<std::string>> Connection::take_notifications() {
    if (PQconsumeInput(connection_) != 1) return std::unexpected(loss(last_message(), false));
    std::vector<std::string> payloads;
    while (PGnotify* one = PQnotifies(connection_)) {
        payloads.emplace_back(one->extra);
        PQfreemem(one);
    }
    if (PQstatus(connection_) != CONNECTION_OK) return std::unexpected(loss(last_message(), false));
    return payloads;
}

void Connection::close() {
    PQfinish(connection_);
    connection_ = nullptr;  // libpq takes null for a broken connection.
}

bool Connection::send(std::span<const Statement> statements) {
    std::vector<Oid> types;
    std::vector<const char*> values;
    std::vector<int> sizes;
    for (const Statement& statement : statements) {
        const auto& parameters = statement.parameters();
        types.clear();
        values.clear();
        sizes.clear();
        for (const Statement::Parameter& parameter : parameters) {
            types.push_back(static_cast<Oid>(parameter.type));
            values.push_back(parameter.is_null ? nullptr : parameter.bytes.data());
            sizes.push_back(static_cast<int>(parameter.bytes.size()));
        }
        const std::vector<int> formats(parameters.size(), kBinary);
        if (PQsendQueryParams(connection_, statement.sql(), static_cast<int>(parameters.size()), types.data(), values.data(), sizes.data(),
                              formats.data(), kBinary) != 1)
            return false;
    }
    return PQpipelineSync(connection_) == 1;
}

Answers Connection::run(std::span<const Statement> statements, Ending ending, Deadline deadline) {
    // The end of the pipeline, which commits, is the last that is sent: what breaks before leaves nothing.
    if (!send(statements)) return std::unexpected(loss(last_message(), ending == Ending::commits_by_word));
    return converse(statements.size(), ending, deadline);
}

Answers Connection::converse(std::size_t count, Ending ending, Deadline deadline) {
    Collected collected(count);
    bool is_sent = false;
    const auto lost = [&](std::string detail) -> Answers {
        // Where the server refused a statement it committed nothing. Where it shut down after it had run all of them, it may have.
        if (collected.was_refused() && collected.size() < count) return std::unexpected(std::move(collected).failure());
        return std::unexpected(loss(std::move(detail), ending == Ending::commits_by_word || (ending == Ending::commits && is_sent)));
    };
    int separators = 0;
    while (true) {
        if (!is_sent) {
            const int left = PQflush(connection_);
            if (left < 0) return lost(last_message());
            is_sent = left == 0;
        }
        while (PQisBusy(connection_) == 0) {
            PGresult* result = PQgetResult(connection_);
            if (result == nullptr) {
                // One stands between the answers of two statements; more of them mean that nothing comes any more.
                if (++separators > 1) return lost(last_message());
                continue;
            }
            separators = 0;
            if (!collected.take(result)) continue;
            if (collected.has_failed())
                return collected.was_refused() ? Answers(std::unexpected(std::move(collected).failure())) : lost(last_message());
            INVARIANT(collected.size() == count, "each statement has its answer");
            return std::move(collected).rows();
        }
        if (!wait_for(PQsocket(connection_), static_cast<short>(is_sent ? POLLIN : POLLIN | POLLOUT), deadline))
            return lost("PostgreSQL did not answer in time");
        if (PQconsumeInput(connection_) != 1) return lost(last_message());
    }
}

}  // namespace resolute::storage::postgres
