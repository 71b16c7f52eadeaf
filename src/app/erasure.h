// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "app/person.h"

namespace resolute::app {

/// Where a person's data lies that the program may not or cannot reach. Names of files, which tell nothing by themselves.
struct OutOfReach {
    std::vector<std::string> outgoing;  ///< mails of ours in the outgoing folder
    std::vector<std::string> intake;    ///< their mails in the folders that are only read
    std::vector<std::string> imports;   ///< files that would bring their CRM record back at the next start
};
Result<OutOfReach> find_out_of_reach(Runtime& runtime, const Person& person);

/// What an erasure would take: counts, cases, files. Changes nothing.
Result<json::Value> plan_erasure(Runtime& runtime, const Person& person);

struct ErasureOptions {
    std::string by;
    bool compacts = true;  ///< the database's files too hold nothing any more; else only its rows
};
/// Destroys the person's keys and empties what was kept in plain text; their cases end with CaseErased. Done again it goes on where
/// it was. `care.legal_hold`, `care.still_running`. Takes a lease's time where workers share the database.
Result<json::Value> erase_person(Runtime& runtime, Person person, const ErasureOptions& options);

/// One case alone, as when its time to be kept is over; its person's key goes with the last of them.
Status erase_case(Runtime& runtime, const CaseId& id, const std::string& by);

/// Erasures that the log has and this database has not: it was restored from a backup that is older, or the program died in the
/// middle. Returns how many.
Result<std::size_t> repeat_erasures(Runtime& runtime);

}  // namespace resolute::app
