#!/usr/bin/env bash
# A copy of the primary, made when the folder is empty; afterwards it follows by itself.
set -euo pipefail
if [[ ! -s $PGDATA/PG_VERSION ]]; then
    mkdir -p "$PGDATA"
    rm -rf "${PGDATA:?}"/*
    pg_basebackup --host postgres --username replica --pgdata "$PGDATA" --slot replica -R -X stream --checkpoint=fast
    chmod 700 "$PGDATA"
    chown -R postgres:postgres "$PGDATA"
fi
exec docker-entrypoint.sh "$@"
