// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/time.h"

namespace resolute::app {

/// Ctrl-C and TERM as something to wait for instead of something that interrupts: they are blocked in this thread and in all that it
/// starts from now on. A peer that goes away while we write is an error of the write, not the end of the program. Make one before
/// the first thread.
class StopSignals {
public:
    StopSignals();
    /// Waits at most so long; true: the program shall stop. Once true it stays true.
    bool wait(Duration at_most);

private:
    bool is_stopping_ = false;
};

}  // namespace resolute::app
