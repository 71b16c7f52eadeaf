// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "casework/event.h"

/// Events as the journal keeps them (docs/journal.md): what is open apart from what is personal, so that the second can be sealed
/// with a key of its own, and erased by destroying it.
namespace resolute::casework {

/// The events of one commit. Each a JSON array, one line, members in the order of event_fields.h: equal events have equal text.
struct EventsText {
    std::string open;      ///< [{"at":…,"kind":"StepEntered","step":3},…]
    std::string personal;  ///< of the same length, null where an event holds nothing personal; empty where none does
    friend bool operator==(const EventsText&, const EventsText&) = default;
};
EventsText write_events(const std::vector<CaseEvent>& events);

/// Back. Without `personal` (its key was destroyed) personal members keep their defaults. Reads format 1 too: `open` is one
/// event's JSON object with everything in it. `journal.unreadable`, `journal.unknown_event`.
Result<std::vector<CaseEvent>> read_events(std::string_view open, std::string_view personal);

}  // namespace resolute::casework
