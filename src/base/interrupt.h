// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/descriptor.h"
#include "base/time.h"

namespace resolute {

/// Ends the waits of other threads, also those that wait for a socket: once raised, its descriptor stays readable.
/// Threads: any.
class Interrupt {
public:
    Interrupt();
    void raise() const;
    /// True: it was raised, before or meanwhile. False: the time is over.
    [[nodiscard]] bool wait(Duration at_most) const;
    /// For poll(2), POLLIN.
    [[nodiscard]] int descriptor() const { return event_.get(); }

private:
    Descriptor event_;
};

}  // namespace resolute
