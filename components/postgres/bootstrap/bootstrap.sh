#!/bin/sh
# Runs the SQL scripts of a folder as the superuser. Takes the folder; its passwords come by the environment. A server in
# the cluster learns a password only at initdb, so after a rotation it still has the previous one: that is changed first.
set -eu
cd "$1"

as_superuser() {
  psql --no-psqlrc --quiet "$@"
}

export PGPASSWORD="$SUPERUSER_PASSWORD"
if ! as_superuser --command="SELECT" >/dev/null; then
  PGPASSWORD=$PREVIOUS_SUPERUSER_PASSWORD as_superuser --file=superuser.sql || {
    echo "$PGHOST: given the current and the previous password of $PGUSER; allowed: the one that the server has; fix: if" \
      "the server answers at all, set its password by hand (docs/rotating-secrets.md#recover)" >&2
    exit 1
  }
fi
exec psql --no-psqlrc --quiet --file=bootstrap.sql
