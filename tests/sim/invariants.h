// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <vector>

#include "engine/engine.h"
#include "engine/vault.h"
#include "storage/memory/memory_storage.h"
#include "tests/sim/customers.h"
#include "tests/sim/faulty_stores.h"
#include "tests/sim/world.h"

/// What must hold in every life, numbered as in the design's list (reliability, 4.3). Each is a function over what is there: the
/// journals, the stores, the world's ledger. A new one: a function here, a line in check_all or check_delivery.
namespace resolute::sim {

struct Evidence {
    World& world;
    const Witness& witness;
    const Customers& customers;
    storage::MemoryStorage& storage;
    engine::Vault& vault;
    engine::Engine& engine;
};

/// Everything, when all has come to rest.
void check_all(const Evidence& evidence);

/// At the moment a mail reaches its reader: 4, 5, 8, 23, 24.
void check_delivery(World& world, const Witness& witness, const Customers& customers, storage::MemoryStorage& storage, const Delivered& mail,
                    const engine::EffectTicket& ticket);

/// One case with all that happened to it.
struct Life {
    CaseId id;
    std::vector<casework::CaseEvent> events;
    casework::CaseState state;  ///< the fold
};

// Over the whole.
void every_mail_ends_once(const Evidence& evidence, const std::vector<Life>& lives);             // 1
void no_kept_mail_is_missing(const Evidence& evidence);                                         // 3
void nobody_is_mailed_twice(const Evidence& evidence);                                          // 4
void what_is_recorded_as_sent_was_sent(const Evidence& evidence, const std::vector<Life>& lives);  // 5
void poison_is_set_aside(const Evidence& evidence, const std::vector<Life>& lives);              // 31
void nothing_unclear_is_repeated_blindly(const Evidence& evidence);                             // 6
void every_attempt_has_the_same_bytes(const Evidence& evidence);                                // 7
void policy_grants_stay_within_the_limit(const Evidence& evidence, const std::vector<Life>& lives);  // 11
void acknowledged_commits_are_there(const Evidence& evidence);                                  // 22
void case_and_ticket_are_one_to_one(const Evidence& evidence, const std::vector<Life>& lives);  // 28
void nothing_is_forgotten(const Evidence& evidence, const std::vector<Life>& lives);            // 17, 31, 32, 35

// Over one case, event by event.
void timers_fire_once_and_in_time(World& world, const Life& life, const casework::CaseState& before, const casework::CaseEvent& event);  // 17
void grants_have_their_reason(World& world, const Life& life, const casework::CaseState& before, std::size_t index);                     // 10, 13
void outgoing_text_passes_the_gate(World& world, const Life& life, const casework::CaseState& before, const casework::CaseEvent& event,
                                   const procedure::Procedure& procedure);                                                       // 10, 14, 24, 27
void reminders_respect_the_customer(World& world, const Life& life, const casework::CaseState& before, const casework::CaseEvent& event);  // 18, 19
void only_listed_transitions(World& world, const Life& life, const casework::CaseState& before, const casework::CaseEvent& event);        // 20
void the_journal_is_the_state(const Evidence& evidence, const Life& life);                                                               // 21

}  // namespace resolute::sim
