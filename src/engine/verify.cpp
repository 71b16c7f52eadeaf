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
        const bool grew = journal.size() > head->version;
        if (grew && look < kLooksMax) continue;
        report.events += journal.size();
        return find_break(id, journal, *head);
    }
}

}  // namespace

std::optional<BrokenJournal> find_break(const CaseId& id, const std::vector<JournalRow>& journal, const LoadedCase& head) {
    std::string hash = chain_start(id);
    std::uint64_t number = 0;
    for (const JournalRow& row : journal) {
        ++number;
        if (row.number != number)
            return BrokenJournal{.case_id = id, .number = number, .why = fmt::format("event {} is missing; {} follows", number, row.number)};
        hash = chain_hash(hash, row.event);
        if (row.hash != hash)
            return BrokenJournal{.case_id = id, .number = number, .why = "the event and its hash do not belong together"};
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
