#!/bin/bash
# Runs once, when the server's data folder is empty: a role and a database for
# each service, and no way from one to another's.
set -euo pipefail

sql() { # sql ROLE: standard input, with the role's name and password as variables
  { echo '\set password `cat "/run/secrets/postgres/$ROLE"`' && cat; } |
    ROLE=$1 psql -v ON_ERROR_STOP=1 --no-psqlrc --quiet -U "${POSTGRES_USER:-postgres}" -d postgres -v role="$1"
}

for service in auth catalog chat; do
  sql "$service" <<'SQL'
CREATE ROLE :"role" LOGIN PASSWORD :'password' NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION;
CREATE DATABASE :"role" OWNER :"role";
REVOKE ALL ON DATABASE :"role" FROM PUBLIC;
SQL
done

# Everything public is read with this role; catalog-service grants it the
# projection's tables and nothing else.
sql catalog_public <<'SQL'
CREATE ROLE :"role" LOGIN PASSWORD :'password' NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION;
GRANT CONNECT ON DATABASE catalog TO :"role";
REVOKE ALL ON DATABASE postgres FROM PUBLIC;
REVOKE ALL ON DATABASE template1 FROM PUBLIC;
SQL
