// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <string_view>

#include "transport/imap_client.h"
#include "transport/test_imap_peer.h"

namespace resolute::transport::test {

inline Deadline soon() {
    return Deadline::in(std::chrono::seconds(10));
}

inline std::unique_ptr<ImapClient> open(const ImapPeer& peer) {
    auto client = ImapClient::open(peer.server(), {}, soon());
    EXPECT_TRUE(client) << describe(client.error());
    return client ? std::move(*client) : nullptr;
}

std::string code_of(const auto& result) {
    return result ? "" : result.error().code;
}

/// What the client makes of this answer to a search.
inline Result<UidSet> search_answered_by(const std::string& answer, std::string_view capabilities = "", ImapUid first = 1) {
    const ImapPeer peer({[&](Wire& wire) {
        wire.greet(capabilities);
        wire.answer(answer);
    }});
    const auto client = open(peer);
    auto found = client->search_from(first, soon());
    // After what it did not understand nothing more is said.
    EXPECT_EQ(client->is_alive(), found || found.error().code == "imap.refused");
    return found;
}

}  // namespace resolute::transport::test
