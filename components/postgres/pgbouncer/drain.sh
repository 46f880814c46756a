#!/bin/sh
# Stops PgBouncer without cutting a client off; run before the pod's own stop signal.
# usage: drain.sh PORT SETTLE_SECONDS DRAIN_SECONDS [PID]
set -eu
port=$1 settle=$2 left=$3 pid=${4:-1}

# Until every node knows that the pod is going, new clients still come.
sleep "$settle"

# Clients leave by themselves as their pools renew connections, and come back to another pod.
clients=$(printf '^ *[0-9]+: [0-9A-F]+:%04X [0-9A-F]+:[0-9A-F]+ 01 ' "$port")
while [ "$left" -gt 0 ] && grep -Eq "$clients" /proc/net/tcp; do
  sleep 1
  left=$((left - 1))
done

# Those still there are sent away between two transactions (SIGINT: wait for servers).
kill -INT "$pid"

# The pod's own SIGTERM would now end PgBouncer at once, transactions and all: it has to wait until this returns.
while kill -0 "$pid" 2>/dev/null; do sleep 1; done
