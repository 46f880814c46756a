#!/bin/sh
# Hands the write-ahead log of the server to the node, which sends it to the bucket (dumps/backup.sh). Runs in the server's
# container. Above this text config.ts puts the values of the names in capitals.
#
#   push PATH FILE  archive_command: lays a file of the log out, and succeeds once the node has sent it
#   next [SENT]     ends what was SENT, waits for the next file, and prints its name, a line end and its content
#   waits           prints for how many seconds the oldest file has waited to be sent; 0 while none does
#   dump            prints a dump of the database
#   base            prints a base backup: a gzipped tar with its manifest
#
# Once dump or base has succeeded, its last line on stderr is "N bytes": of its output.
set -eu
umask 077

# More files wait for the node than the volume should hold.
behind() {
  set -- "$DATA"/pg_wal/archive_status/*.ready
  [ $# -gt "$MOST_WAITING" ]
}

# lay_out FILE: writes its input there, gzipped. A file that is only renamed can be empty after the loss of the node.
lay_out() {
  gzip >"$1.part"
  sync "$1.part"
  mv "$1.part" "$1"
  sync "$SPOOL"
}

# Asks for a base backup, once: a restore needs one after a gap, and at the beginning. The node may already make the one for
# which it was asked with a file that it has taken: what is left out from then on needs another one.
ask_for_base() {
  for gap in "$SPOOL"/*.gap.gz; do
    if [ -e "$gap" ] && [ ! -e "$gap.taken" ]; then return; fi
  done
  lay_out "$SPOOL/$system-$file.gap.gz" </dev/null
}

# Gives the file up, so that the volume does not fill. The server goes on, and the archive has a gap.
give_up() {
  rm -f "$SPOOL/$name"
  ask_for_base
  echo "WARNING: archive: more than $MOST_WAITING files wait, so $file is left out: no restore from here to the next base" \
    "backup" >&2
  exit 0
}

push() {
  path=$1 file=$2
  # A database that is made anew repeats the names of the files.
  system=$(pg_controldata "$DATA" | sed -n 's/^Database system identifier: *//p')
  [ -n "$system" ]
  name=$system-$file.gz
  if [ ! -d "$SPOOL" ]; then
    mkdir "$SPOOL"
    ask_for_base
  fi
  if behind; then give_up; fi
  lay_out "$SPOOL/$name" <"$path"
  tries=$WAIT_TRIES
  while [ -e "$SPOOL/$name" ]; do
    if behind; then give_up; fi
    if [ "$tries" -eq 0 ]; then
      echo "archive: the node has not taken $file yet" >&2
      exit 1
    fi
    tries=$((tries - 1))
    sleep 0.2
  done
}

next() {
  # In this order: a file that waits must not look as if the node had not taken it.
  if [ $# -gt 0 ]; then rm -f "$SPOOL/${1##*/}" "$SPOOL/${1##*/}.taken"; fi
  tries=$WAIT_TRIES
  until set -- "$SPOOL"/*.gz && [ -e "$1" ]; do
    if [ "$tries" -eq 0 ]; then exit 0; fi
    tries=$((tries - 1))
    sleep 1
  done
  # The server writes a damaged file of the log anew, because it has not been sent. Nobody else does so with a gap.
  case $1 in
  *.gap.gz)
    gzip -t "$1" 2>/dev/null || lay_out "$1" </dev/null
    : >"$1.taken"
    ;;
  esac
  echo "${1##*/}"
  cat "$1"
}

# The server marks a file that is complete as ready, until archive_command succeeds with it.
waits() {
  now=$(date +%s)
  # One that is sent just now is no longer there.
  oldest=$(stat -c %Y "$DATA"/pg_wal/archive_status/*.ready 2>/dev/null | sort -n | head -n 1)
  echo $((now - ${oldest:-$now}))
}

# whole COMMAND: prints its output, and on stderr how many bytes that is: kubectl exec ends with 0, too, where its connection was
# closed on the way. tee opens the pipe to wc alone by its path: that of the output may belong to somebody else.
whole() {
  exec 3>&1
  size=$({ { "$@" || echo failed >&4; } | tee /dev/fd/5 5>&1 >&3 | wc -c; } 4>&1)
  case $size in 0 | *failed*) exit 1 ;; esac
  echo "$size bytes" >&2
}

# The superuser needs no password on the server's own socket.
dump() { whole pg_dump --format=custom --username="$SUPERUSER" "$DATABASE"; }

# Ends only once the log that it needs is in the archive. The server's limit is for the statements of the application.
base() {
  export PGOPTIONS='-c statement_timeout=0'
  whole pg_basebackup --host="$SOCKETS" --username="$SUPERUSER" --no-password \
    --pgdata=- --format=tar --wal-method=none --compress=client-gzip --manifest-checksums=SHA256 --max-rate=32M --checkpoint=fast
}

"$@"
