#!/usr/bin/env bash
# Once, in a new database server: an account without special rights for the product, one for the replica, and its slot.
set -euo pipefail
psql -v ON_ERROR_STOP=1 -v password="$POSTGRES_PASSWORD" --username postgres --dbname postgres <<'SQL'
create role tintype login password :'password';
create role replica login replication password :'password';
create database tintype owner tintype locale_provider builtin builtin_locale 'C.UTF-8' template template0;
select pg_create_physical_replication_slot('replica');
SQL
echo 'host replication replica all scram-sha-256' >>"$PGDATA/pg_hba.conf"
