// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine/store.h"
#include "storage/sqlite/connection.h"

namespace resolute::storage::sqlite {

/// `store.fenced` where another owner came after this one.
Status check_lease(Connection& connection, const engine::Lease& lease);

}  // namespace resolute::storage::sqlite
