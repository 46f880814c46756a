#!/bin/bash
# Brings up the k3s node. Above this text user-data.ts puts the values of the names in capitals.
#
#   (nothing)  cloud-init, once an instance: installs this file as the service tierstack-node
#   start      at every boot, and a minute after it failed: takes address and volume, starts k3s
#   watch      waits for the notice of the spot market, then shuts the instance down in order
#
# What is to last is on the data volume; an instance is replaced at any time. Every step can be repeated.
set -euo pipefail
umask 022

# Tests run this in a folder of their own, with shorter waits.
ROOT=${ROOT:-}
TRIES=${TRIES:-120}
PAUSE=${PAUSE:-5}
BLANK_MIB=${BLANK_MIB:-1024}

SELF=/usr/local/sbin/tierstack-node
UNITS=/etc/systemd/system
DATA=$ROOT/var/lib/tierstack-data
RANCHER=$ROOT/var/lib/rancher
SERVER=$RANCHER/k3s/server
K3S=$ROOT/usr/local/bin/k3s
IMDS=http://169.254.169.254/latest
export AWS_DEFAULT_REGION=$REGION

log() { echo "tierstack-node: $*"; }

fail() {
  log "ERROR: $*" >&2
  exit 1
}

# retry WHAT COMMAND...: until the command succeeds, TRIES times. It runs without errexit: chain its steps with &&.
retry() {
  local what=$1 try
  shift
  for ((try = 1; try <= TRIES; try++)); do
    if "$@"; then return 0; fi
    log "$what: not yet ($try of $TRIES)"
    sleep "$PAUSE"
  done
  fail "$what: gave up"
}

# imds PATH: instance metadata, version 2.
imds() {
  local token
  token=$(curl -fsS --max-time 5 -X PUT -H "X-aws-ec2-metadata-token-ttl-seconds: 60" "$IMDS/api/token") &&
    curl -fsS --max-time 5 -H "X-aws-ec2-metadata-token: $token" "$IMDS/meta-data/$1"
}

install_service() {
  mkdir -p "$ROOT$UNITS"
  install -D -m 0755 "${BASH_SOURCE[0]}" "$ROOT$SELF"
  cat >"$ROOT$UNITS/tierstack-node.service" <<END
[Unit]
Description=Address, data volume and k3s of this node
Wants=network-online.target
After=network-online.target

[Service]
Type=oneshot
RemainAfterExit=yes
ExecStart=$SELF start
StandardOutput=journal+console
TimeoutStartSec=infinity
Restart=on-failure
RestartSec=60

[Install]
WantedBy=multi-user.target
END
  systemctl daemon-reload
  systemctl enable tierstack-node.service
  systemctl start --no-block tierstack-node.service
}

identify() { INSTANCE=$(imds instance-id) && [[ -n $INSTANCE ]]; }

take_address() {
  aws ec2 associate-address --allocation-id "$ALLOCATION_ID" --instance-id "$INSTANCE" --allow-reassociation >/dev/null
}

# Never detaches: a volume is pulled from under nobody. A former instance lets go of it when it is gone.
volume_attached() {
  local found state holder attachment
  found=$(aws ec2 describe-volumes --volume-ids "$VOLUME_ID" --output text \
    --query 'Volumes[0].[State,Attachments[0].InstanceId,Attachments[0].State]') || return 1
  read -r state holder attachment <<<"$found"
  if [[ $state == available ]]; then
    aws ec2 attach-volume --volume-id "$VOLUME_ID" --instance-id "$INSTANCE" --device /dev/sdf >/dev/null || true
    return 1
  fi
  [[ $holder == "$INSTANCE" && $attachment == attached ]] && return 0
  log "$VOLUME_ID is $state, $attachment at $holder"
  return 1
}

# Whether the device holds nothing at all, as a new volume does; a damaged file system has its remains there.
blank() { cmp -s -n $((BLANK_MIB * 1048576)) "$DEVICE" /dev/zero; }

file_system() {
  local type status=0 kept="it is left as it is, and so is k3s"
  type=$(blkid -p -s TYPE -o value "$DEVICE") || status=$?
  case $status:$type in
  0:ext4) ;;
  2:)
    blank || fail "$VOLUME_ID has no known file system, but is not blank; $kept"
    log "$VOLUME_ID is blank: making its file system"
    mkfs.ext4 -q -m 1 -L tierstack "$DEVICE"
    ;;
  *) fail "$VOLUME_ID holds '$type' (blkid: $status), not ext4; $kept" ;;
  esac
  status=0
  e2fsck -p "$DEVICE" || status=$?
  ((status <= 1)) || fail "the file system of $VOLUME_ID is damaged (e2fsck: $status); $kept"
}

# bind FOLDER PATH: the path lives in this folder of the data volume.
bind() {
  mkdir -p "$DATA/$1" "$2"
  mountpoint -q "$2" || mount --bind "$DATA/$1" "$2"
}

mount_volume() {
  local link=$ROOT/dev/disk/by-id/nvme-Amazon_Elastic_Block_Store_${VOLUME_ID/-/}
  retry "the device of $VOLUME_ID" test -e "$link"
  DEVICE=$(readlink -f "$link")
  mkdir -p "$DATA"
  if ! mountpoint -q "$DATA"; then
    file_system
    mount -o noatime "$DEVICE" "$DATA"
  fi
  # The volume may have grown since.
  resize2fs "$DEVICE"
  bind rancher "$RANCHER"
  # Holds the node's password too: with it a new instance is taken for the same node.
  bind etc-rancher "$ROOT/etc/rancher"
  # When timers last ran: a new instance catches up on what the former one missed.
  bind timers "$ROOT/var/lib/systemd/timers"
}

make_swap_file() {
  (umask 077 && fallocate -l "${SWAP_MIB}MiB" "$1.part") && mkswap "$1.part" >/dev/null && mv "$1.part" "$1"
}

# For k3s and the operating system. On the root volume, which is encrypted and goes with the instance.
swap() {
  local file=$ROOT/var/swap
  if swapon --show=NAME --noheadings | grep -qxF "$file"; then return 0; fi
  if [[ ! -e $file ]]; then make_swap_file "$file" || return 1; fi
  swapon "$file"
}

read_parameter() {
  VALUE=$(aws ssm get-parameter --with-decryption --name "$PARAMETER_PATH/$1" --query Parameter.Value --output text) &&
    [[ -n $VALUE ]]
}

authorities() {
  local file tls=$SERVER/tls
  install -d -m 0700 "$tls"
  for file in {server,client,request-header}-ca.{crt,key}; do
    retry "reading $PARAMETER_PATH/$file" read_parameter "$file"
    if [[ -s $tls/$file && -e $SERVER/db/state.db ]]; then
      [[ $(<"$tls/$file") == "$VALUE" ]] ||
        fail "$tls/$file is not the one in $PARAMETER_PATH: this volume belongs to another cluster"
      continue
    fi
    (umask 077 && printf '%s\n' "$VALUE" >"$tls/$file.part")
    mv "$tls/$file.part" "$tls/$file"
  done
}

sound() { echo "$K3S_SHA256  $1" | sha256sum --check --status 2>/dev/null; }

download_k3s() {
  curl -fsSL --connect-timeout 10 --max-time 600 -o "$1" \
    "https://github.com/k3s-io/k3s/releases/download/${K3S_VERSION//+/%2B}/k3s-arm64"
}

# Kept on the data volume, so that a new instance need not download it.
binary() {
  local folder=$DATA/k3s file
  file=$folder/k3s-$K3S_VERSION
  mkdir -p "$folder" "${K3S%/*}"
  if ! sound "$file"; then
    rm -f "$folder"/k3s-*
    retry "downloading k3s $K3S_VERSION" download_k3s "$file.part"
    sound "$file.part" || fail "k3s $K3S_VERSION has the wrong checksum, not $K3S_SHA256: not installed"
    chmod 0755 "$file.part"
    mv "$file.part" "$file"
  fi
  ln -sfn "$file" "$K3S"
}

# What node-files.ts made: units, by their names alone, configuration, manifests. After the mounts, for some lie below them.
files() {
  local name path
  rm -f "$SERVER"/manifests/tierstack-*.yaml
  for name in "${!FILES[@]}"; do
    path=$ROOT$name
    [[ $name == /* ]] || path=$ROOT$UNITS/$name
    mkdir -p "${path%/*}"
    printf '%s\n' "${FILES[$name]}" >"$path"
    if [[ $path == */sbin/* ]]; then chmod 0755 "$path"; fi
  done
}

start() {
  retry "instance metadata" identify
  log "$INSTANCE takes address $ADDRESS"
  retry "taking address $ADDRESS" take_address
  retry "attaching $VOLUME_ID" volume_attached
  mount_volume
  log "$VOLUME_ID is mounted"
  swap || log "WARNING: no swap: k3s has only what its pods leave"
  authorities
  binary
  files
  sysctl -q -p "$ROOT/etc/sysctl.d/90-tierstack.conf"
  systemctl daemon-reload
  systemctl restart k3s.service "${SERVICES[@]}"
  log "k3s $K3S_VERSION runs"
}

# Two minutes are left after the notice; the kubelet ends the pods before systemd goes on.
watch() {
  until imds spot/instance-action >/dev/null 2>&1; do sleep "$PAUSE"; done
  log "the spot market takes this instance back: shutting down"
  systemctl poweroff
}

case ${1:-} in
"") install_service ;;
start | watch) "$1" ;;
*) fail "unknown command '$1'" ;;
esac
