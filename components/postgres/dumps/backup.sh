#!/bin/bash
# Sends backups of the in-cluster Postgres to the bucket. Above this text node-files.ts puts the values of the names in
# capitals.
#
#   dump  a dump of the database
#   base  a copy of its data folder, with which a restore to a point in time begins
#   wal   every file of the write-ahead log that the server hands over, until something fails; with it, how old the backups
#         are, to CloudWatch
#
# The time of the file ${MADE}dump or ${MADE}base is when the last one was made. They are on the data volume: another instance
# goes on with them.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -r "$folder"' EXIT
cd "$folder"

fail() {
  echo "ERROR: no $*" >&2
  exit 1
}

put=(aws s3 cp --only-show-errors --region "$REGION")

# send KEY COMMAND: the output of a command in the pod.
# One that breaks off must not look whole: the upload sees the end of its input only after the command has succeeded.
# tee writes to the open descriptor. To open the pipe again would block for ever once the upload has ended.
send() {
  local key=$1 size=0 counter upload
  mkfifo pipe count
  wc -c <count >size &
  counter=$!
  # No function: a signal has to reach the program itself.
  "${put[@]}" - "$TARGET/$key" <pipe &
  upload=$!
  exec 3>pipe
  if "${POD[@]}" "$2" | tee count >&3 && wait "$counter"; then size=$(<size); fi
  if ((size == 0)); then
    kill "$upload" "$counter" 2>/dev/null || true
    fail "$key: $2 gave nothing, or broke off, or the upload did"
  fi
  exec 3>&-
  wait "$upload" || fail "$key: the upload failed"
  rm pipe count
  echo "sent $size bytes to $key"
}

now() { date -u +%Y-%m-%dT%H%M%SZ; }

dump() {
  send "$(now).dump" dump
  touch "${MADE}dump"
}

# A gap that appears while a base backup is made comes after its beginning, so only another one mends it. systemd starts no
# second one beside the first.
base() {
  touch "${MADE}new"
  send "base/$(now).tar.gz" base
  mv "${MADE}new" "${MADE}base" 2>/dev/null || base
}

# Tells CloudWatch how many seconds ago the backups were made, and for how long the oldest file of the log has waited. Starts
# those that are due: the first ones, and those of a night in which the node was away. No backup fails for it.
report() {
  local kind age log data=()
  SECONDS=0
  for kind in dump base; do
    [[ -e $MADE$kind ]] || touch -d "$DUE seconds ago" "$MADE$kind"
    age=$((EPOCHSECONDS - $(stat -c %Y "$MADE$kind")))
    ((age < DUE)) || systemctl start --no-block "tierstack-backup@$kind.service"
    data+=("MetricName=$kind,Value=$age,Unit=Seconds")
  done
  log=$("${POD[@]}" waits) || return 0
  timeout 20 aws cloudwatch put-metric-data --region "$REGION" --namespace "$METRICS" \
    --metric-data "${data[@]}" "MetricName=log,Value=$log,Unit=Seconds" || true
}

wal() {
  local name sent=()
  SECONDS=$EVERY
  while "${POD[@]}" next "${sent[@]}" >answer; do
    sent=()
    if read -r name <answer; then
      [[ $name =~ ^[0-9]+-[0-9A-Za-z.]+$ ]] || fail "wal: the name $name"
      tail -n +2 answer >file
      gzip -t file
      "${put[@]}" file "$TARGET/wal/${name/-//}"
      sent=("$name")
      # As good as no base backup, until there is one after the gap.
      if [[ $name == *.gap.gz ]]; then
        rm -f "${MADE}new"
        touch -d @0 "${MADE}base"
        SECONDS=$EVERY
      fi
    fi
    ((SECONDS < EVERY)) || report
  done
  fail "wal: no answer"
}

"$1"
