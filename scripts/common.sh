# SPDX-License-Identifier: Apache-2.0
# Sourced, not run: what run, test and check share.
# shellcheck shell=bash

cd "$(dirname "${BASH_SOURCE[0]}")/.." || exit 3
# shellcheck source=scripts/packages.sh
. scripts/packages.sh

# With these ccache may reuse objects that were compiled with the shared precompiled header.
export CCACHE_SLOPPINESS="${CCACHE_SLOPPINESS:-pch_defines,time_macros}"
export NINJA_STATUS="[%f/%t, %es] "

# step TITLE COMMAND…: a header, the command, how long it took. A failure ends the script with its exit code.
step() {
    local title=$1 began=$SECONDS code=0
    shift
    printf '\n== %s\n' "$title"
    "$@" || code=$?
    if [ "$code" -ne 0 ]; then
        printf -- '-- failed: %s, after %s s\n' "$title" "$((SECONDS - began))" >&2
        exit "$code"
    fi
    printf -- '-- %s s\n' "$((SECONDS - began))"
}

# Always, for it takes a second or two: an older cache of the same preset may hold other settings.
configure() {
    cmake --preset "$1" --log-level=WARNING
}

# build PRESET [TARGET…]
build() {
    local preset=$1
    shift
    if [ $# -gt 0 ]; then
        cmake --build --preset "$preset" --target "$@"
    else
        cmake --build --preset "$preset"
    fi
}
