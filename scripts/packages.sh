# SPDX-License-Identifier: Apache-2.0
# Sourced, not run. The Debian 12 packages that building and testing need: one list for all scripts, in step with CMakeLists.txt.
# docs/dependencies.md says why each is there.
# shellcheck shell=bash

readonly resolute_packages=(
    # Tools
    g++ cmake ninja-build pkg-config ccache mold
    # Mail, HTML, Markdown
    libgmime-3.0-dev libxml2-dev libcmark-gfm-dev libcmark-gfm-extensions-dev
    # Values, text, configuration
    nlohmann-json3-dev libyaml-cpp-dev libre2-dev libstemmer-dev libfmt-dev libspdlog-dev libcli11-dev
    # Storage, hashes, encryption, HTTP, connections to mail servers
    libsqlite3-dev libpq-dev libssl-dev libsodium-dev libcpp-httplib-dev libcurl4-openssl-dev
    # Tests, and the servers that they start for themselves
    libgtest-dev libgmock-dev postgresql-15 pgbouncer
    clang-19 libclang-rt-19-dev
    dovecot-imapd dovecot-lmtpd exim4-daemon-light openssl nodejs npm
)

# Prints the packages of the list that are not installed.
missing_packages() {
    local installed
    # dpkg-query fails where it does not know one of the names (under "set -e" that would end this with nothing said to be missing);
    # what it does know is printed all the same.
    installed=$(dpkg-query -W -f='${db:Status-Abbrev} ${Package}\n' "${resolute_packages[@]}" 2>/dev/null | awk '$1 == "ii" { print $2 }') || true
    local package
    for package in "${resolute_packages[@]}"; do
        grep -qxF -- "$package" <<<"$installed" && continue
        # Who has Node.js from elsewhere has npm with it, and Debian's npm would not go with it.
        case "$package" in nodejs | npm) command -v node >/dev/null && command -v npm >/dev/null && continue ;; esac
        printf '%s\n' "$package"
    done
}

# Installs what is missing. Runs nothing, not even an update of the lists, where nothing is.
install_packages() {
    if ! command -v dpkg-query >/dev/null || ! command -v apt-get >/dev/null; then
        echo "error: this script installs what it needs with apt-get, on Debian 12. Elsewhere install the counterparts of these" >&2
        echo "packages, then use cmake directly (CONTRIBUTING.md): ${resolute_packages[*]}" >&2
        return 1
    fi
    local missing
    mapfile -t missing < <(missing_packages)
    if [ "${#missing[@]}" -eq 0 ]; then
        echo "nothing is missing"
        return 0
    fi
    local as_root=()
    if [ "$(id -u)" -ne 0 ]; then
        if ! command -v sudo >/dev/null; then
            echo "error: packages are missing, and there is no sudo. As root: apt-get install ${missing[*]}" >&2
            return 1
        fi
        as_root=(sudo)
    fi
    echo "installing ${missing[*]}"
    # Retries, since one lost connection to a mirror should not end a build.
    local apt=("${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get -q -o Acquire::Retries=3)
    if ! "${apt[@]}" update </dev/null; then
        echo "error: apt-get update failed; what it says stands above. Is there a network, and are the package sources right?" >&2
        return 1
    fi
    if ! "${apt[@]}" install -y --no-remove --no-install-recommends "${missing[@]}" </dev/null; then
        echo "error: apt-get could not install the packages; what it says stands above. Nothing is ever removed to make room:" >&2
        echo "where a package conflicts with an installed one, decide yourself, then run this again." >&2
        return 1
    fi
}
