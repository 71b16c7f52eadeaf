// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

/// As much of PostgreSQL's protocol (version 3) as it takes to see a COMMIT pass by.
namespace resolute::testkit {

/// Whether one of the statements in this text is COMMIT or END; the words in quotes, bodies and comments do not count.
bool has_commit(std::string_view sql);

/// One connection's two streams, cut into whole messages. Encrypted connections pass as they are: nothing is seen in them.
class PostgresStreams {
public:
    /// With `is_postgres` false everything passes as it is.
    explicit PostgresStreams(bool is_postgres);

    struct Piece {
        std::string bytes;
        bool asks_for_commit = false;  ///< from the client: when the server gets this, it commits
        bool says_committed = false;   ///< from the server: tells the client that its transaction is there
    };
    void add_from_client(std::string_view bytes) { client_.add(bytes); }
    void add_from_server(std::string_view bytes) { server_.add(bytes); }
    /// The next whole message; nothing where it has not all come.
    std::optional<Piece> next_from_client();
    std::optional<Piece> next_from_server();

private:
    enum class Stage { startup, messages, opaque };

    /// Bytes that have come and are taken from the front.
    class Stream {
    public:
        void add(std::string_view bytes);
        [[nodiscard]] std::string_view rest() const { return std::string_view(bytes_).substr(taken_); }
        std::string take(std::size_t count);
        /// A whole message with type and length.
        std::optional<std::string> take_message();

    private:
        std::string bytes_;
        std::size_t taken_ = 0;
    };
    std::optional<Piece> next_of_startup();
    bool asks_for_commit(std::string_view message);
    bool says_committed(std::string_view message);

    Stage stage_;
    Stream client_;
    Stream server_;
    int single_bytes_ = 0;                    ///< answers without a length, to the question for encryption
    std::map<std::string, bool> statements_;  ///< prepared: whether it commits
    std::map<std::string, bool> portals_;
    bool has_written_ = false;  ///< since the last ReadyForQuery, as the server's tags say
    bool is_in_block_ = false;  ///< between BEGIN and its end, as the last ReadyForQuery said
};

}  // namespace resolute::testkit
