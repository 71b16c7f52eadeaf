// SPDX-License-Identifier: Apache-2.0
#pragma once

namespace resolute::app {

/// The program `resolute`: reads the arguments, runs the command, prints its error. The exit code: 0 fine, 1 the work found a
/// problem, 2 wrong use, 3 environment.
int run_command_line(int argc, const char* const* argv);

}  // namespace resolute::app
