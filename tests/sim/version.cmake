# SPDX-License-Identifier: Apache-2.0
# Which sources a life was simulated from: a seed says nothing without them.
execute_process(COMMAND git describe --always --dirty WORKING_DIRECTORY ${SOURCE} OUTPUT_VARIABLE version OUTPUT_STRIP_TRAILING_WHITESPACE
                ERROR_QUIET)
if(NOT version)
  set(version "unknown")
endif()
file(CONFIGURE OUTPUT ${OUTPUT} CONTENT "#define RESOLUTE_SIM_VERSION \"${version}\"\n")
