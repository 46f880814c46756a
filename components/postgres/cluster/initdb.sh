#!/bin/sh
# Makes the data folder, once. Takes PGDATA and the file of the superuser's password.
set -eu

if [ -s "$PGDATA/PG_VERSION" ]; then
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
