// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>

#include "app/screen.h"
#include "casework/event.h"
#include "json/json.h"

namespace resolute::app {

/// A case told step by step, for a person: what happened when, which branch was taken and what it saw, what the answer rests on
/// sentence by sentence, the mails and the tasks. `described` and `journal` are the API's answers.
std::string narrate_case(const json::Value& described, const json::Value& journal, const Screen& screen);

/// One event in words; nothing where it is bookkeeping that tells a person nothing. `steps` are the titles by number.
struct Line {
    std::string text;
    Colour colour = Colour::none;
    bool is_step = false;  ///< begins a new step
};
std::optional<Line> narrate(const casework::CaseEvent& event, const json::Value& steps);

}  // namespace resolute::app
