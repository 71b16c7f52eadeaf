// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <limits>
#include <memory>

#include "base/result.h"
#include "base/time.h"

namespace resolute::testkit {

/// How often a connection is cut at a commit. Which ones follows from the seed and the commit's number in this proxy alone.
struct CommitCuts {
    double before = 0;  ///< probability that COMMIT (END) never reaches the server: the transaction is undone
    /// That the client never sees the reply to it: the transaction is there. Also the end of a transaction without BEGIN that
    /// wrote (INSERT, UPDATE, DELETE, MERGE, COPY).
    double after = 0;
    std::uint64_t seed = 1;
    std::uint64_t cuts_max = std::numeric_limits<std::uint64_t>::max();
};

/// What a proxy did so far.
struct ProxyCounters {
    std::uint64_t accepted = 0;         ///< connections
    std::uint64_t open = 0;             ///< now
    std::uint64_t unreachable = 0;      ///< the server did not take a connection
    std::uint64_t commits_asked = 0;    ///< that a client sent, cut ones too
    std::uint64_t commits_replied = 0;  ///< that the server told, cut ones too
    std::uint64_t cut_before = 0;       ///< connections, each
    std::uint64_t cut_after = 0;
    std::uint64_t cut_by_hand = 0;
    std::uint64_t bytes_to_server = 0;
    std::uint64_t bytes_to_client = 0;
};

/// Stands between a client and a server on 127.0.0.1 and is the network that fails: one thread, any number of connections.
/// It understands PostgreSQL's protocol where it is not encrypted. Threads: any.
class CuttingProxy {
public:
    /// `is_postgres` false: bytes of any kind, of which no commit is seen.
    static Result<std::unique_ptr<CuttingProxy>> start(std::uint16_t server_port, bool is_postgres = true);
    ~CuttingProxy();
    CuttingProxy(const CuttingProxy&) = delete;
    CuttingProxy& operator=(const CuttingProxy&) = delete;

    /// Where clients connect; stays the same.
    [[nodiscard]] std::uint16_t port() const;

    /// From now on. What the last call said holds no more, and its count of cuts begins anew.
    void cut_at_commits(const CommitCuts& cuts);
    /// Resets all connections; how many there were. What was on its way is lost.
    std::uint64_t cut_all();
    /// New connections are refused, as where nobody listens; those that are there stay.
    void refuse(bool is_refusing);
    /// Each byte arrives this much later, in either direction.
    void delay(Duration by);
    /// Nothing passes and nothing is closed, though connections stand: a cable that is out.
    void pause();
    void resume();
    /// New connections go to this server: after a failover.
    void retarget(std::uint16_t server_port);

    [[nodiscard]] ProxyCounters counters() const;

private:
    class Loop;
    explicit CuttingProxy(std::unique_ptr<Loop> loop);
    std::unique_ptr<Loop> loop_;
};

}  // namespace resolute::testkit
