#!/bin/sh
# Runs the only node of a Valkey cluster, and answers the kubelet's probes:
#   valkey.sh start   starts the server and sees to it that it holds every slot
#   valkey.sh ready   succeeds once the cluster serves every slot
#   valkey.sh live    succeeds while the server answers
# VALKEY_CONFIG, VALKEY_PORT, VALKEY_CA and VALKEY_PASSWORD_FILE say where things are.
set -eu

# The password goes to the client by its environment: everybody can read a command line.
cli() {
  password=$(cat "$VALKEY_PASSWORD_FILE")
  VALKEYCLI_AUTH=$password REDISCLI_AUTH=$password \
    valkey-cli --tls --cacert "$VALKEY_CA" -h localhost -p "$VALKEY_PORT" "$@"
}

# The value of a field of CLUSTER INFO; nothing while the server does not answer.
cluster_info() {
  cli cluster info 2>/dev/null | tr -d '\r' | sed -n "s/^$1://p"
}

# A new volume knows of no slots; a used one remembers them (nodes.conf), whatever the pod's address.
assign_slots() {
  while kill -0 "$server" 2>/dev/null; do
    case $(cluster_info cluster_slots_assigned) in
      '') sleep 1 ;;
      0) cli -e cluster addslotsrange 0 16383 || sleep 1 ;;
      *) return ;;
    esac
  done
}

start() {
  valkey-server "$VALKEY_CONFIG" &
  server=$!
  trap 'kill -TERM "$server" 2>/dev/null || :' TERM INT
  assign_slots
  # A signal ends `wait` before the server has saved and ended: wait again. Its exit status is the container's.
  while :; do
    status=0
    wait "$server" || status=$?
    [ "$status" -gt 128 ] && kill -0 "$server" 2>/dev/null || exit "$status"
  done
}

case ${1:-} in
  start) start ;;
  ready) [ "$(cluster_info cluster_state)" = ok ] ;;
  live) [ "$(cli ping)" = PONG ] ;;
  *)
    echo "usage: valkey.sh start|ready|live" >&2
    exit 2
    ;;
esac
