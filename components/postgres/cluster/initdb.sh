#!/bin/sh
# Makes the data folder, once. Takes PGDATA and the file of the superuser's password.
set -eu

if [ -s "$PGDATA/PG_VERSION" ]; then
  found=$(cat "$PGDATA/PG_VERSION")
  major=$(postgres --version | sed 's/^[^0-9]*\([0-9]*\).*/\1/')
  if [ "$found" != "$major" ]; then
    # The server would refuse too, but only from restart to restart, and without a way out.
    echo "$PGDATA: given the data of PostgreSQL $found; allowed: that of $major, the image's version; fix: go back to" \
      "the version before, dump and restore (docs/upgrading-postgres.md)" >&2
    exit 1
  fi
  echo "$PGDATA holds a database"
  exit 0
fi
if [ -e "$PGDATA" ]; then
  echo "$PGDATA is there but is no database: left as it is" >&2
  exit 1
fi
# A first start cut short leaves half a database. It is made beside its place, and moved there in one step when whole.
rm -rf "$PGDATA.new"
initdb --pgdata="$PGDATA.new" --username=postgres --pwfile="$1" --auth=scram-sha-256 --encoding=UTF8 \
  --locale="${INITDB_LOCALE:-en_US.utf8}" --data-checksums
mv "$PGDATA.new" "$PGDATA"
