#!/bin/bash
# Credentials of the application's pods on a k3s node. `refresh` takes the role of the pods by the role of the node;
# `serve` answers one request on standard input, as systemd hands it over for each connection.
set -euo pipefail
umask 077
FILE=${ROOT:-}/run/tierstack/credentials.json

# Role chaining ends after an hour. SDKs ask again minutes before the end.
refresh() {
  mkdir -p "$(dirname "$FILE")"
  aws sts assume-role --region "$REGION" --role-arn "$ROLE_ARN" --role-session-name app --duration-seconds 3600 \
    --query "Credentials.{AccessKeyId: AccessKeyId, SecretAccessKey: SecretAccessKey, Token: SessionToken, Expiration: Expiration}" \
    --output json >"$FILE.new"
  mv "$FILE.new" "$FILE"
}

respond() {
  printf "HTTP/1.1 %s\r\nContent-Type: application/json\r\nContent-Length: %d\r\nConnection: close\r\n\r\n%s" \
    "$1" "${#2}" "$2"
}

serve() {
  local method path line token=""
  read -r -t 5 method path line || exit 0
  while read -r -t 5 -n 8192 line; do
    line=${line%$'\r'}
    [[ -n $line ]] || break
    if [[ ${line,,} == authorization:* ]]; then
      token=${line#*:}
      token=${token# }
    fi
  done
  if [[ $(printf %s "$token" | sha256sum | cut -d " " -f 1) != "$TOKEN_SHA256" ]]; then
    respond "401 Unauthorized" '{"Message":"the token of the pods is missing or wrong"}'
  elif [[ $method != GET || $path != "$REQUEST_PATH" ]]; then
    respond "404 Not Found" '{"Message":"not found"}'
  elif [[ ! -s $FILE ]]; then
    respond "503 Service Unavailable" '{"Message":"no credentials yet"}'
  else
    respond "200 OK" "$(<"$FILE")"
  fi
}

"$1"
