// SPDX-License-Identifier: Apache-2.0
#include "engine/verify.h"

#include <fmt/format.h>

namespace resolute::engine {

namespace {

/// The case's row and its journal are two looks; between them the case may have gone on, so it is looked at again.
constexpr int kLooksMax = 100;

Result<std::optional<BrokenJournal>> verify_case(Store& store, const CaseId& id, VerifyReport& report) {
    for (int look = 1;; ++look) {
        TRY(const auto head, store.load(id));
        TRY(auto journal, store.journal(id));
        if (!head) return BrokenJournal{.case_id = id, .number = 0, .why = "the case is listed, but not there"};
        const std::uint64_t events = journal.empty() ? 0 : journal.back().number + journal.back().count - 1;
        if (events > head->version && look < kLooksMax) continue;
        report.events += events;
        return find_break(id, journal, *head);
    }
}

}  // namespace

std::optional<BrokenJournal> find_break(const CaseId& id, const std::vector<JournalRow>& journal, const LoadedCase& head) {
    std::string hash = chain_start(id);
    std::uint64_t number = 0;  // Of the last event seen.
    for (const JournalRow& row : journal) {
        if (row.number != number + 1)
            return BrokenJournal{.case_id = id, .number = number + 1, .why = fmt::format("event {} is missing; {} follows", number + 1, row.number)};
        // A row of format 1 whose person's data was erased is blank, and its hash stands for it.
        hash = row.events.empty() ? row.hash : chain_hash(hash, row.events, row.sealed);
        if (row.hash != hash)
            return BrokenJournal{.case_id = id, .number = row.number, .why = "the events and their hash do not belong together"};
        number += row.count;
    }
    if (head.version != number)
        return BrokenJournal{.case_id = id,
                             .number = 0,
                             .why = fmt::format("the journal has {} events, the case says {}", number, head.version)};
    if (head.head_hash != hash)
        return BrokenJournal{.case_id = id, .number = 0, .why = "the case does not carry the hash of its last event"};
    return std::nullopt;
}

Result<VerifyReport> verify(Store& store, const std::vector<CaseId>& cases) {
    VerifyReport report;
    for (const CaseId& id : cases) {
        ++report.cases;
        TRY(auto broken, verify_case(store, id, report));
        if (broken) report.broken.push_back(*std::move(broken));
    }
    return report;
}

}  // namespace resolute::engine
