#!/bin/sh
# Runs a command beside a throw-away PostgreSQL, whose address it finds in FOREFEND_TEST_DATABASE:
#     sh scripts/postgres.sh .venv/bin/pytest tests/web
# The server is reached through a socket in a temporary folder alone, and is gone afterwards. It never waits for the
# disk (fsync off), which only tests may do; FOREFEND_TEST_FSYNC=on has it wait, for what is measured.
set -eu

bin=""
for folder in /usr/lib/postgresql/*/bin /usr/local/opt/postgresql*/bin /opt/homebrew/opt/postgresql*/bin; do
    [ -x "$folder/initdb" ] && bin=$folder # the newest comes last
done
[ -n "$bin" ] || bin=$(dirname "$(command -v initdb || echo .)")
[ -x "$bin/initdb" ] || { echo "PostgreSQL is not here. Install the package postgresql, or run: sh scripts/system.sh test" >&2; exit 1; }

# PostgreSQL refuses to run as root.
as_somebody() { "$@"; }
if [ "$(id -u)" = 0 ]; then
    somebody=$(id -un postgres 2>/dev/null || echo nobody)
    as_somebody() { (cd / && runuser -u "$somebody" -- "$@"); }
fi

folder=/tmp/forefend-postgresql-$$ # short, as the path of a socket may have 100 letters at most
mkdir -m 700 "$folder"
finish() {
    trap - EXIT INT TERM
    as_somebody "$bin/pg_ctl" -D "$folder/cluster" -m immediate -s stop >/dev/null 2>&1 || true
    rm -rf "$folder"
}
trap finish EXIT
trap 'exit 130' INT
trap 'exit 143' TERM
[ "$(id -u)" = 0 ] && chown "$somebody" "$folder"

as_somebody "$bin/initdb" -D "$folder/cluster" -U forefend -A trust -E UTF8 --locale=C --no-sync >/dev/null
cat >>"$folder/cluster/postgresql.conf" <<END
listen_addresses = ''
unix_socket_directories = '$folder'
fsync = ${FOREFEND_TEST_FSYNC:-off}
synchronous_commit = ${FOREFEND_TEST_FSYNC:-off}
full_page_writes = ${FOREFEND_TEST_FSYNC:-off}
shared_buffers = 64MB
max_connections = 120
END
as_somebody "$bin/pg_ctl" -D "$folder/cluster" -l "$folder/log" -w -s start || { cat "$folder/log" >&2; exit 1; }

escaped=$(printf %s "$folder" | sed 's|/|%2F|g')
FOREFEND_TEST_DATABASE="postgresql://forefend@$escaped/postgres" "$@"
