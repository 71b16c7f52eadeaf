// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "ports/desk_store.h"

namespace resolute::desk {

/// Notifications of a company without a chat: a log in our own store, which the console shows. Threads: any.
class BuiltinChat final : public ports::Chat {
public:
    explicit BuiltinChat(ports::DeskStore& store) : store_(store) {}

    Result<bool> post(const ports::ChatMessage& message, Deadline deadline) override;

private:
    ports::DeskStore& store_;
};

}  // namespace resolute::desk
