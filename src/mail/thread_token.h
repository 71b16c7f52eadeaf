// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/id.h"
#include "base/seal.h"

namespace resolute::mail {

/// What a Message-ID, an envelope id or a reply address of ours says about itself. A claim: anybody can write one.
struct ThreadClaim {
    CaseId case_id;
    EffectId effect;  ///< empty in a reply address
    std::string mac;

    friend bool operator==(const ThreadClaim&, const ThreadClaim&) = default;
};

/// "<effect>.<case>.<mac>@domain", or the part before the '@' alone, as in an envelope id. Nothing: not of this form.
std::optional<ThreadClaim> read_thread_claim(std::string_view message_id);
/// "support+<case>.<mac>@domain" of the own address "support@domain". Nothing: not of this form, or another mailbox.
std::optional<ThreadClaim> read_reply_claim(std::string_view address, std::string_view own_address);

/// Marks mails so that nobody who did not get one of them can name its conversation: keyed BLAKE2b over case, effect and recipient, 128
/// bits in a Message-ID, 96 in a reply address. Pure: the same mail gets the same mark. Who may *use* a mark is another question: it
/// says which case is meant, never who writes. Threads: any.
class ThreadTokens {
public:
    /// The first key writes; the others are read only, so that answers to mails from before a change of keys still find their case.
    /// `marks_reply_address`: replies go to "support+…@" of a mailbox that takes such addresses (RFC 5233).
    explicit ThreadTokens(std::vector<seal::Key> keys, bool marks_reply_address = false);

    /// Without brackets. The recipient is the one address that the mail goes to.
    [[nodiscard]] std::string message_id(const CaseId& id, const EffectId& effect, std::string_view recipient, std::string_view domain) const;
    /// What stands in the header beside the Message-ID: some services replace that one.
    [[nodiscard]] std::string mac_of(const CaseId& id, const EffectId& effect, std::string_view recipient) const;
    /// Where answers shall go. Empty: to the sender's own address.
    [[nodiscard]] std::string reply_address(const CaseId& id, std::string_view recipient, std::string_view own_address) const;

    /// We made it, for this recipient's mail. Compared in constant time.
    [[nodiscard]] bool is_ours(const ThreadClaim& claim, std::string_view recipient) const;

private:
    std::vector<seal::Key> keys_;
    bool marks_reply_address_;
};

}  // namespace resolute::mail
