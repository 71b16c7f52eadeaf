// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "ports/desk_store.h"

namespace resolute::desk {

/// The customers of a company that keeps them in a file: imported into our own store, see customer_import.h. Threads: any.
class BuiltinCrm final : public ports::Crm {
public:
    explicit BuiltinCrm(ports::DeskStore& store) : store_(store) {}

    Result<std::optional<ports::Customer>> find_customer(std::string_view address, Deadline deadline) override;
    /// Kept as an interaction of the kind "resolution". `crm.no_customer` where the record names none.
    Status record_resolution(const ports::ResolutionRecord& record, Deadline deadline) override;
    Result<std::string> create_deal(const ports::Deal& deal, Deadline deadline) override;

private:
    ports::DeskStore& store_;
};

}  // namespace resolute::desk
