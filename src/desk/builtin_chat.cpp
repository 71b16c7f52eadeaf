// SPDX-License-Identifier: Apache-2.0
#include "desk/builtin_chat.h"

#include "base/invariant.h"

namespace resolute::desk {

Result<bool> BuiltinChat::post(const ports::ChatMessage& message, Deadline) {
    INVARIANT(!message.key.empty(), "a message is posted under a key, or it could be shown twice");
    return store_.insert_notification({.key = message.key,
                                       .role = message.role,
                                       .person = message.person,
                                       .case_id = message.case_id,
                                       .text = message.text,
                                       .at = message.at});
}

}  // namespace resolute::desk
