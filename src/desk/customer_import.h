// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "ports/desk_store.h"

namespace resolute::desk {

/// A JSON array:
///   [{"id":"C-1","name":"Ann","emails":["ann@example.com"],"tier":"vip"|"regular",
///     "orders":[{"id":"A-1","date":"2026-11-01","total":{"amount":"129.00","currency":"USD"},"items":["Lamp"],"status":"delivered"}],
///     "interactions":[{"at":"2026-10-02T09:00:00Z","kind":"call","summary":"…"}]}]
/// An item may be an object with "name". Unknown keys are tolerated. `import.bad_customer` names file, record and field.
/// An address of two customers is no error here: who looks it up is told (`crm.ambiguous`).
Result<std::vector<ports::Customer>> parse_customers_json(std::string_view text, const std::string& file);

/// A header line with `id` and `emails` (divided by ";"), maybe `name` and `tier`; other columns are tolerated. RFC 4180 quoting.
Result<std::vector<ports::Customer>> parse_customers_csv(std::string_view text, const std::string& file);

/// Reads a .json or .csv file into the store, all or nothing, as an upsert by id; says how many. What a CSV file cannot say
/// (orders, imported interactions) stays as it is for a customer found under one of the addresses.
Result<std::size_t> import_customers(ports::DeskStore& store, const std::filesystem::path& path);

}  // namespace resolute::desk
