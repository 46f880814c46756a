#!/bin/sh
# Restores a database beside the server, never over it: restore.sh FOLDER [TIME]
#
# FOLDER has a base backup, base.tar.gz, and the write-ahead log, wal/. The data goes to FOLDER/restored, and a server on
# it answers on a socket in FOLDER alone. It is as at TIME, or at the end of the log. A second run begins anew.
set -eu
umask 077
folder=$1 to=${2:-}
data=$folder/restored
# PostgreSQL reads its configuration before it knows any name of a time zone.
case $to in *Z) to=${to%Z}+00 ;; esac

fail() {
  echo "ERROR: not restored: $*" >&2
  exit 1
}

# A damaged file of the log would pass for its end.
for file in "$folder/base.tar.gz" "$folder"/wal/*.gz; do
  gzip -t "$file" || fail "$file is damaged"
done

if [ -e "$data/postmaster.pid" ]; then pg_ctl -D "$data" -m immediate stop >/dev/null 2>&1 || true; fi
rm -rf "$data" "$folder/log"
mkdir "$data"
gzip -dc "$folder/base.tar.gz" | tar -x -C "$data" || fail "the base backup is no whole tar"
pg_verifybackup --quiet --no-parse-wal "$data" || fail "the base backup does not match its manifest"

# From the first file that the base backup needs to the last one there must be no gap.
# The last 16 digits of its name say where a file belongs, the first 8 from which timeline it is.
number() { echo "$((0x$(echo "$1" | cut -c 9-16) * 256 + 0x$(echo "$1" | cut -c 23-24)))"; }
at=$(number "$(sed -n 's/^START WAL LOCATION: .*(file \([0-9A-F]*\))$/\1/p' "$data/backup_label")")
last=$at
for file in "$folder"/wal/????????????????????????.gz; do
  name=${file##*/}
  number=$(number "${name%.gz}")
  if [ "$number" -gt "$last" ]; then last=$number; fi
done
gap=
while [ "$at" -le "$last" ]; do
  position=$(printf '%08X000000%02X' $((at / 256)) $((at % 256)))
  set -- "$folder"/wal/????????"$position".gz
  if [ ! -e "$1" ]; then
    gap=$position
    break
  fi
  at=$((at + 1))
done
# With a time, the server itself stops at a gap before it. Without one it would take the gap for the end.
[ -z "$gap" ] || [ -n "$to" ] || fail "the log has a gap at $gap: give a time before it, or take a later base backup"

cat >"$folder/pg_hba.conf" <<END
local all all trust
END
cat >"$folder/postgresql.conf" <<END
data_directory = '$data'
hba_file = '$folder/pg_hba.conf'
listen_addresses = ''
unix_socket_directories = '$folder'
restore_command = 'gzip -dc "$folder/wal/%f.gz" >"%p"'
recovery_target_action = 'promote'
shared_preload_libraries = 'pg_stat_statements'
hot_standby = off
lc_messages = 'C'
shared_buffers = 32MB
END
if [ -n "$to" ]; then echo "recovery_target_time = '$to'" >>"$folder/postgresql.conf"; fi
touch "$data/recovery.signal"

# Says why the server ended. It stops at the first commit after the time, so there must be one.
explain() {
  if ! grep -q "recovery ended before configured recovery target was reached" "$folder/log"; then
    cat "$folder/start" >&2
    tail -n 20 "$folder/log" >&2
    fail "the server did not reach ${to:-the end of the log}"
  fi
  last=$(sed -n 's/.*last completed transaction was at log time //p' "$folder/log" | tail -n 1)
  [ -z "$gap" ] || fail "the log has a gap at $gap, before $to: give an earlier time, or take a later base backup" \
    "(the last commit before the gap: ${last:-none after the base backup})"
  [ -n "$last" ] || fail "the log has no commit after the base backup, and no gap: give no time, and all of it is restored"
  fail "the last commit in the log was at $last, and the log has no gap: give no time, and all of it is restored, or an" \
    "earlier one"
}

pg_ctl -D "$data" -o "-c config_file=$folder/postgresql.conf" -l "$folder/log" -t 3600 -w -s start 2>"$folder/start" || true
# Takes connections only once it has left recovery.
until pg_isready --quiet --host="$folder"; do
  sleep 0.5
  if ! pg_ctl -D "$data" status >/dev/null; then explain; fi
done
echo "restored to ${to:-the end of the log}"
