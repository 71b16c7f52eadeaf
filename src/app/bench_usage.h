// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <sys/types.h>

#include <optional>
#include <string>
#include <vector>

/// What processes use, as the kernel counts it.
namespace resolute::app {

/// CPU seconds of this process, all its threads.
double own_cpu_seconds();
/// CPU seconds of a process, of all that descend from it, and of those of its children that have ended.
double tree_cpu_seconds(pid_t root);
/// Since boot, all cores together; what a hypervisor took from us counts as busy.
struct MachineCpu { double busy = 0; double all = 0; };
MachineCpu machine_cpu();
/// Resident memory of this process, in MB: what is its own, and a share of what others have too (PSS).
double own_memory_mb();
std::optional<pid_t> parent_of(pid_t process);
/// The name the kernel knows it by; empty: it is not there.
std::string name_of_process(pid_t process);

/// The value below which this share of the values lies; 0 where there are none.
double percentile(std::vector<double> values, double share);

}  // namespace resolute::app
