# SPDX-License-Identifier: Apache-2.0
# Sourced by run: a PostgreSQL cluster for one run, or the one that was handed in, and a fresh database for each measurement.
# shellcheck shell=bash
# shellcheck disable=SC2034,SC2154  # base, data_made, database_url and database_pid are run's; it reads our pid and URL.

postgres_folder=''       # of our own cluster
postgres_url=''          # a database to make others from
postgres_database=''     # the one of the measurement under way
postgres_database_url=''
postgres_pid=''          # of the postmaster; empty where we cannot know
postgres_version=''

# PostgreSQL refuses to run as root.
as_postgres() {
    (
        cd /
        if [ "$(id -u)" -eq 0 ]; then
            exec setpriv --reuid=postgres --regid=postgres --init-groups env -i PATH="$PATH" LC_ALL=C.UTF-8 "$@" 9>&-
        fi
        exec env LC_ALL=C.UTF-8 "$@" 9>&-
    )
}

# Debian keeps the server's programs off the PATH.
postgres_find_programs() {
    local folder
    if ! command -v initdb >/dev/null; then
        folder=$(find /usr/lib/postgresql/*/bin -name initdb -printf '%h\n' 2>/dev/null | sort -V | tail -n 1)
        PATH=${folder:-/nowhere}:$PATH
    fi
    if ! command -v initdb >/dev/null || ! command -v pgbench >/dev/null; then
        fail "PostgreSQL with pgbench is missing (Debian: apt-get install postgresql postgresql-contrib), or hand in --database-url"
    fi
    if [ "$(id -u)" -eq 0 ] && ! id postgres &>/dev/null; then
        fail "PostgreSQL cannot run as root and there is no user \"postgres\": run this as another user, or hand in --database-url"
    fi
}

# Stock settings, so fsync and synchronous_commit are on; but for the address, and room for 256 connections (stock: 100).
postgres_start() {
    local port password=$data_made/password
    postgres_folder=$data_made/postgresql
    mkdir "$postgres_folder"
    export PGPASSWORD
    PGPASSWORD=$(od -An -N16 -tx1 /dev/urandom | tr -d ' \n')
    (umask 077 && printf '%s\n' "$PGPASSWORD" >"$password")
    if [ "$(id -u)" -eq 0 ]; then
        chown postgres: "$postgres_folder" "$password"
    fi
    as_postgres initdb --pgdata="$postgres_folder/data" --username=postgres --pwfile="$password" --auth=scram-sha-256 \
        --encoding=UTF8 --no-sync &>"$base/log/initdb.log" ||
        fail "no cluster could be made in $postgres_folder (may user postgres enter that folder?); see $base/log/initdb.log"
    rm -f "$password"
    port=$(node -e 'const s = require("net").createServer().listen(0, "127.0.0.1", () => { console.log(s.address().port); s.close(); });')
    as_postgres pg_ctl start --silent --wait --pgdata="$postgres_folder/data" --log="$postgres_folder/log" \
        --options="-p $port -c listen_addresses=127.0.0.1 -c unix_socket_directories='' -c max_connections=300" >/dev/null ||
        fail "PostgreSQL did not start: $(tail -n 3 "$postgres_folder/log")"
    postgres_pid=$(head -n 1 "$postgres_folder/data/postmaster.pid")
    postgres_url=postgresql://postgres@127.0.0.1:$port/postgres
}

postgres_stop() {
    [ -n "$postgres_folder" ] || return 0
    as_postgres pg_ctl stop --silent --mode=immediate --pgdata="$postgres_folder/data" &>/dev/null || true
    postgres_folder=''
}

# A run that was killed outright left its cluster behind. Whoever holds the lock is alone here.
postgres_stop_leftovers() {
    local folder
    for folder in "$base"/data/peers.*; do
        [ -d "$folder" ] || continue
        as_postgres pg_ctl stop --silent --mode=immediate --pgdata="$folder/postgresql/data" &>/dev/null || true
        rm -rf "$folder"
    done
}

# Starts a cluster, or takes the one that was handed in.
postgres_use() {
    local durable
    postgres_find_programs
    if [ -n "$database_url" ]; then
        [[ $database_url =~ ^postgres(ql)?://[^/]+ ]] || fail "--database-url takes postgresql://USER@HOST:PORT/DATABASE"
        postgres_url=$database_url
        postgres_pid=$database_pid
    else
        postgres_start
    fi
    postgres_version=$(psql -XAtqc 'SHOW server_version' "$postgres_url") || fail "no answer from the database"
    postgres_version=${postgres_version%% *}
    durable=$(psql -XAtqc "SELECT current_setting('fsync') || ' ' || current_setting('synchronous_commit')" "$postgres_url")
    [[ $durable =~ ^on\ (on|local|remote_write|remote_apply)$ ]] ||
        fail "this PostgreSQL answers before a commit is on disk (fsync, synchronous_commit: $durable); what it does cannot be compared"
}

postgres_make_database() {
    local pattern='^(postgres(ql)?://[^/?]+)(/[^?]*)?(\?.*)?$'
    [[ $postgres_url =~ $pattern ]] || fail "$postgres_url is no URL of a database"
    postgres_database=resolute_peers_$$
    postgres_database_url=${BASH_REMATCH[1]}/$postgres_database${BASH_REMATCH[4]:-}
    psql -Xqc "DROP DATABASE IF EXISTS $postgres_database" "$postgres_url" 2>/dev/null
    psql -Xqc "CREATE DATABASE $postgres_database" "$postgres_url" || fail "the user of the database may not create one"
}

postgres_drop_database() {
    [ -n "$postgres_database" ] || return 0
    psql -Xqc "DROP DATABASE IF EXISTS $postgres_database WITH (FORCE)" "$postgres_url" || true
    postgres_database=''
}
