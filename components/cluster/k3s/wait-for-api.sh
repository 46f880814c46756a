#!/bin/bash
# Waits until the API of the k3s node answers and the node has come up with its present launch template. A node that is
# about to be replaced answers too, so the generation that a new one writes into the cluster is what counts.
set -euo pipefail
umask 077

TIMEOUT=${TIMEOUT:-900}
PAUSE=${PAUSE:-10}

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
printf '%s\n' "$CA_CERTIFICATE" >"$folder/ca.crt"
printf '%s\n' "$CLIENT_CERTIFICATE" >"$folder/client.crt"
printf '%s\n' "$CLIENT_KEY" >"$folder/client.key"

get() {
  curl -fsS --connect-timeout 5 --max-time 10 --cacert "$folder/ca.crt" --cert "$folder/client.crt" \
    --key "$folder/client.key" "$SERVER$1" 2>"$folder/error"
}

while ((SECONDS < TIMEOUT)); do
  if get /readyz >/dev/null; then
    found=$(get /api/v1/namespaces/kube-system/configmaps/tierstack-node) || found=
    if [[ $found == *"\"$GENERATION\""* ]]; then
      echo "$SERVER is ready"
      exit 0
    fi
    state="it answers, but the new node has not come up"
  else
    state=$(<"$folder/error")
  fi
  echo "waiting for $SERVER: $state"
  sleep "$PAUSE"
done
{
  echo "ERROR: $SERVER was not ready within $TIMEOUT seconds: $state"
  echo "A timeout: is this machine's address in apiAccessCidrs? Otherwise the node's log says why:"
  echo "aws ssm start-session --target INSTANCE_ID, then: journalctl -u tierstack-node -u k3s"
} >&2
exit 1
