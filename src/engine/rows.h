// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "casework/event.h"
#include "casework/state.h"
#include "engine/store.h"
#include "engine/vault.h"

/// What the store keeps, opened again.
namespace resolute::engine {

/// The events of a row; where the subject's key was destroyed, without what is personal. A row that was blanked reads as so many
/// CaseErased.
Result<std::vector<casework::CaseEvent>> read_row(Vault& vault, const CaseId& id, const std::string& subject, const JournalRow& row);
/// The whole story of a case; empty where there is none.
Result<std::vector<casework::CaseEvent>> read_journal(Store& store, Vault& vault, const CaseId& id);
/// The state as the snapshot has it; nothing where there is none.
Result<std::optional<casework::CaseState>> read_snapshot(Vault& vault, const CaseId& id, const LoadedCase& loaded);
/// The payload of a claimed effect. `case.erased`, and what Vault::open says.
Result<std::string> open_payload(Vault& vault, const EffectRecord& record);

}  // namespace resolute::engine
