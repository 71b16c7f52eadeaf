// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>

#include "base/time.h"

namespace resolute::mailroom {

inline constexpr int kAttemptsMax = 3;                    ///< programs that may end while they read a mail
inline constexpr std::size_t kListMax = 100'000;          ///< positions that an immutable source lists at once
inline constexpr std::size_t kAskMax = 1'000;             ///< of them the store is asked about at once
inline constexpr std::size_t kKeepMailsMax = 64;          ///< mails in one durable write
inline constexpr std::size_t kKeepBytesMax = 32u << 20;   ///< … and their bytes, but for the last one
inline constexpr std::size_t kHeadBytesMax = 256u << 10;  ///< what is kept of a mail that is too large
inline constexpr std::size_t kCaseTextBytesMax = 64u
                                                 << 10;  ///< of a mail's text that goes into the case; the raw mail has it all
inline constexpr std::size_t kScanBytesMax = 64u << 10;  ///< of the header that is searched for the sender
inline constexpr std::size_t kVipScansMax = 64;          ///< mails read in a round only to learn whether a VIP wrote them
inline constexpr std::size_t kThreadIdsMax = 100;        ///< ids of one mail that are looked up
inline constexpr std::size_t kInventoryMax = 1'000'000;     ///< mails of one mailbox that an inventory looks at
inline constexpr Duration kOnTheirWay = std::chrono::minutes(10);  ///< so young a mail need not have been taken in yet
inline constexpr std::size_t kPutAwayMax = 500;           ///< mails put away at a source in one go
inline constexpr std::size_t kCopiedMax = 20;            ///< others whom one mail can make parties
inline constexpr int kFetchErrorsMax = 3;                ///< in a row, before a source is left alone for this round

}  // namespace resolute::mailroom
