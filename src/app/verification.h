// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "app/runtime.h"
#include "json/json.h"

namespace resolute::app {

/// Every hash of every journal; for every case that the fold of its journal is the state the engine works with, and its snapshot, and
/// that what went out is known for ever; every raw mail against its hash; the store against its anchor:
/// {"cases","events","is_sound","broken":[{"case","number","why"}],"mails_without_outcome"}. Mails without an outcome are no
/// fault by themselves: the intake works on them.
Result<json::Value> verify_everything(Runtime& runtime);

/// Why the state is not the fold of the journal; empty where it is. Pure.
std::string differs_from_fold(const casework::CaseState& state, const std::vector<casework::CaseEvent>& journal);

}  // namespace resolute::app
