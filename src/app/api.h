// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "app/runtime.h"
#include "console/router.h"

namespace resolute::app {

/// The JSON API over a runtime, which must outlive the router (docs/api.md). Lists answer arrays. A case is named by its id, its
/// ticket number, or an unambiguous beginning of the id. Threads: the handlers are called from any.
void add_api(console::Router& router, Runtime& runtime);

}  // namespace resolute::app
