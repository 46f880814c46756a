#!/bin/bash
# Sends backups of the in-cluster Postgres to the bucket. Above this text node-files.ts puts the values of the names in
# capitals.
#
#   dump  a dump of the database
#   base  a copy of its data folder, with which a restore to a point in time begins
#   wal   every file of the write-ahead log that the server hands over, until something fails
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -r "$folder"' EXIT
cd "$folder"

fail() {
  echo "ERROR: no $*" >&2
  exit 1
}

in_pod() { k3s kubectl -n "$NAMESPACE" exec "${POD[@]}" -- "$@"; }

put=(aws s3 cp --only-show-errors --region "$REGION")

# send KEY COMMAND...: the output of a command in the pod.
# One that breaks off must not look whole: the upload sees the end of its input only after the command has succeeded.
# tee writes to the open descriptor. To open the pipe again would block for ever once the upload has ended.
send() {
  local key=$1 size=0 counter uploader
  mkfifo pipe count
  wc -c <count >size &
  counter=$!
  # No function: a signal has to reach the program itself.
  "${put[@]}" - "$TARGET/$key" <pipe &
  uploader=$!
  exec 3>pipe
  if in_pod "${@:2}" | tee count >&3 && wait "$counter"; then size=$(<size); fi
  if ((size == 0)); then
    kill "$uploader" "$counter" 2>/dev/null || true
    fail "$key: $2 gave nothing, or broke off, or the upload did"
  fi
  exec 3>&-
  wait "$uploader" || fail "$key: the upload failed"
  rm pipe count
  echo "sent $size bytes to $key"
}

now() { date -u +%Y-%m-%dT%H%M%SZ; }

# The superuser needs no password on the server's own socket.
dump() { send "$(now).dump" pg_dump --format=custom -U "$SUPERUSER" "$DATABASE"; }

# A gap that appears while a base backup is made comes after its beginning, so only another one mends it. systemd starts no
# second one beside the first.
base() {
  while rm -f "$GAP"; do
    send "base/$(now).tar.gz" sh "$SCRIPT" base
    [[ -e $GAP ]] || break
  done
}

wal() {
  local name sent=()
  while in_pod sh "$SCRIPT" next "${sent[@]}" >answer; do
    sent=()
    read -r name <answer || continue
    [[ $name =~ ^[0-9]+-[0-9A-Za-z.]+$ ]] || fail "wal: the name '$name'"
    tail -n +2 answer >file
    gzip -t file
    "${put[@]}" file "$TARGET/wal/${name/-//}"
    sent=("$name")
    if [[ $name == *.gap.gz ]]; then
      touch "$GAP"
      systemctl start --no-block tierstack-backup@base.service
    fi
  done
  fail "wal: no answer"
}

"$1"
