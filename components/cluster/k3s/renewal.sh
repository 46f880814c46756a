#!/bin/bash
# Restarts k3s if a certificate that it issued for itself is about to expire: k3s renews them when it starts, and at no
# other time. Above this text renewal.ts puts the value of DAYS.
set -euo pipefail
K3S=${ROOT:-}/var/lib/rancher/k3s

# The authorities (*-ca.crt, *-ca.nochain.crt) are not k3s's to renew. What cannot be read counts as expiring.
expiring() {
  local file
  for file in "$K3S"/server/tls/*.crt "$K3S"/agent/*.crt; do
    [[ ${file##*/} == *-ca.* ]] && continue
    openssl x509 -noout -checkend $((DAYS * 86400)) -in "$file" >/dev/null 2>&1 || echo "$file"
  done
}

old=$(expiring)
[[ -n $old ]] || exit 0
printf "restarting k3s, because these expire within %d days:\n%s\n" "$DAYS" "$old"
systemctl try-restart k3s.service
old=$(expiring)
if [[ -n $old ]]; then
  printf "ERROR: k3s has not renewed:\n%s\n" "$old" >&2
  exit 1
fi
