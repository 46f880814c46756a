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
# What the pod said of a backup goes to the journal, however this ends.
trap 'cat said >&2; rm -r "$folder"' EXIT
cd "$folder"
: >said

fail() {
  echo "ERROR: no $*" >&2
  exit 1
}

put=(aws s3 cp --only-show-errors --region "$REGION")

# send KEY COMMAND: the output of a command in the pod.
# One that breaks off must not look whole: the upload sees the end of its input only after the command has said on stderr how
# much it made, and as much has arrived. That it ended with 0 is not enough: so does an exec whose connection was closed.
# tee writes to the open descriptor. To open the pipe again would block for ever once the upload has ended.
send() {
  mkfifo pipe count
  wc -c <count >size &
  counter=$!
  # No function: a signal has to reach the program itself.
  "${put[@]}" - "$TARGET/$1" <pipe &
  uploader=$!
  exec 3>pipe
  if ! {
    "${POD[@]}" "$2" 2>>said | tee count >&3 && wait $counter && [[ $(tail -n1 said) == "$(<size) bytes" ]]
  }; then
    kill $uploader $counter 2>/dev/null || :
    fail "$1: it or its upload broke off"
  fi
  exec 3>&-
  wait $uploader || fail "$1: upload failed"
  rm pipe count
  echo "sent $1"
}

now() { date -u +%FT%H%M%SZ; }

dump() {
  send "$(now).dump" dump
  touch "${MADE}dump"
}

# A gap that appears while a base backup is made comes after its beginning, so only another one mends it. systemd starts no
# second one beside the first.
base() {
  touch "${MADE}new"
  send "base/$(now).tar.gz" base
  mv "$MADE"{new,base} 2>/dev/null || base
}

# Tells CloudWatch how many seconds ago the backups were made, and for how long the oldest file of the log has waited. Starts
# those that are due: the first ones, and those of a night in which the node was away. Runs as a process of its own.
report() {
  for kind in dump base; do
    at=$MADE$kind
    [[ -e $at ]] || touch -d "$DUE seconds ago" "$at"
    age=$((EPOCHSECONDS - $(stat -c %Y "$at")))
    # The clock was ahead: a backup from the future would be late for longer than anybody waits.
    ((age >= 0)) || touch "$at"
    ((age < DUE)) || systemctl start --no-block tierstack-backup@$kind || :
    data+=("MetricName=$kind,Value=$age,Unit=Seconds")
  done
  log=$("${POD[@]}" waits)
  aws cloudwatch put-metric-data --region "$REGION" --namespace "$METRICS" \
    --metric-data "${data[@]}" "MetricName=log,Value=$log,Unit=Seconds"
}

wal() {
  sent=()
  SECONDS=$EVERY
  while "${POD[@]}" next "${sent[@]}" >answer; do
    sent=()
    if read -r name <answer; then
      [[ $name =~ ^[0-9]+-[0-9A-Za-z.]+$ ]] || fail "wal: the name $name"
      tail -n +2 answer >file
      gzip -t file
      "${put[@]}" file "$TARGET/wal/${name/-//}"
      sent=("$name")
      # As good as no base backup, until there is one after the gap. One that is due already, such as the first, is being made:
      # nobody is told of it before it is late.
      if [[ $name == *.gap.gz ]]; then
        rm -f "${MADE}new"
        touch -d "$DUE seconds ago" due
        [[ due -nt ${MADE}base ]] || touch -d @0 "${MADE}base"
        SECONDS=$EVERY
      fi
    fi
    # No report holds the log up, or stops it. SECONDS goes back with the clock.
    if ((SECONDS < 0 || SECONDS >= EVERY)); then
      SECONDS=0
      timeout 30 "$0" report || :
    fi
  done
  fail "wal: no answer"
}

"$1"
