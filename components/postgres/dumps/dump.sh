#!/bin/bash
# Sends a dump of the in-cluster Postgres to the bucket. Above this text node-files.ts puts the values of the names in
# capitals.
set -euo pipefail

target=s3://$BUCKET/$PREFIX/$(date -u +%Y-%m-%dT%H%M%SZ).dump
folder=$(mktemp -d)
trap 'rm -r "$folder"' EXIT

fail() {
  echo "ERROR: no dump: $*" >&2
  exit 1
}

in_data() { k3s kubectl -n "$NAMESPACE" "$@"; }

# The password goes in by standard input: the arguments of a process are for everybody to read.
pg_dump() {
  local template="{{index .data \"$PASSWORD_KEY\" | base64decode}}" password
  password=$(in_data get secret "$PASSWORD_SECRET" -o "go-template=$template") || return 1
  # shellcheck disable=SC2016 # expanded in the container
  in_data exec -i "$POD" -c "$CONTAINER" -- \
    sh -c 'read -r PGPASSWORD && export PGPASSWORD && exec pg_dump --format=custom -U "$0" "$1"' \
    "$SUPERUSER" "$DATABASE" <<<"$password"
}

# A dump that breaks off must not look whole: the upload sees the end of its input only after pg_dump has succeeded.
# tee writes to the open descriptor. To open the pipe again would block for ever once the upload has ended.
mkfifo "$folder/pipe" "$folder/count"
wc -c <"$folder/count" >"$folder/size" &
counter=$!
aws s3 cp --only-show-errors --region "$REGION" - "$target" <"$folder/pipe" &
uploader=$!
exec 3>"$folder/pipe"
size=0
if pg_dump | tee "$folder/count" >&3 && wait "$counter"; then size=$(<"$folder/size"); fi
if ((size == 0)); then
  kill "$uploader" "$counter" 2>/dev/null || true
  fail "pg_dump gave nothing or broke off, or the upload did"
fi
exec 3>&-
wait "$uploader" || fail "the upload to $target failed"
echo "dumped $size bytes to $target"
