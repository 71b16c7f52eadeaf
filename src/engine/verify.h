// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "engine/store.h"

namespace resolute::engine {

/// Where a journal stops being what was written.
struct BrokenJournal {
    CaseId case_id;
    std::uint64_t number = 0;  ///< of the first row that is wrong; 0: the case's own row contradicts its journal
    std::string why;           ///< one sentence for people
};

struct VerifyReport {
    std::uint64_t cases = 0;   ///< looked at
    std::uint64_t events = 0;
    std::vector<BrokenJournal> broken;
    [[nodiscard]] bool is_sound() const { return broken.empty(); }
};

/// The chain of one journal, against the head that the case's row keeps. Pure.
std::optional<BrokenJournal> find_break(const CaseId& id, const std::vector<JournalRow>& journal, const LoadedCase& head);

/// Walks the journals of the given cases and recomputes every hash. Reads one case at a time; a case that grows meanwhile is
/// read again.
Result<VerifyReport> verify(Store& store, const std::vector<CaseId>& cases);

}  // namespace resolute::engine
