// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "app/runtime.h"
#include "json/json.h"

namespace resolute::app {

/// "store.frozen: nothing leaves since …, said …: …"
std::string describe_freeze(const engine::Freeze& freeze);
json::Value to_json(const engine::Freeze& freeze);
/// Who works on the store, what waits in it, and whether it stands still: {"workers","freeze","queue","clock_skew_ms","store"}.
Result<json::Value> describe_standing(Runtime& runtime);

}  // namespace resolute::app
