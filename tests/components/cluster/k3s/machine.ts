import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import type { NodeTask } from "../../../../components/cluster/k3s/node-task";
import type { UserDataArgs } from "../../../../components/cluster/k3s/user-data";
import { userData } from "../../../../components/cluster/k3s/user-data";
import { versions } from "../../../../versions";

/** Work besides k3s. */
export const task: NodeTask = {
  files: { "/usr/local/sbin/nightly": "#!/bin/sh" },
  units: ["nightly.timer"],
  statements: [{ Sid: "Nightly", Effect: "Allow", Action: ["s3:PutObject"], Resource: "arn:aws:s3:::nightly/*" }],
};

/** Stand-ins for what the scripts call. Each notes its arguments; `$WORLD` is what surrounds the instance. */
const standIns: Record<string, string> = {
  curl: `
case "$*" in
*api/token*) echo token ;;
*meta-data/instance-id*) cat "$WORLD/instance" ;;
*spot/instance-action*) [[ -e $WORLD/spot-notice ]] || exit 22 ;;
*github.com*)
  while [[ $1 != -o ]]; do shift; done
  if ! next download; then exit 22; fi
  cp "$WORLD/k3s" "$2"
  ;;
*) cat "$WORLD/api$(sed 's|.*6443||' <<<"$*" | tr / _)" ;;
esac`,
  aws: `
case "$1 $2" in
"ec2 associate-address") next address ;;
"ec2 describe-volumes") head -1 "$WORLD/volume-states"; sed -i '1{$!d}' "$WORLD/volume-states" ;;
"ec2 attach-volume") ;;
"ssm get-parameter") while [[ $1 != --name ]]; do shift; done; cat "$WORLD/parameters/\${2##*/}" ;;
"s3 cp")
  case \${@: -2:1} in
  -) cat >"$WORLD/uploading" && next upload && mv "$WORLD/uploading" "$WORLD/uploaded" ;;
  *) mkdir -p "$WORLD/bucket" && next upload && cp "\${@: -2:1}" "$WORLD/bucket/$(basename "\${@: -1}")" ;;
  esac
  ;;
"cloudwatch put-metric-data") shift 2; put_metric_data "$@" ;;
*) exit 99 ;;
esac`,
  blkid: `cat "$WORLD/file-system"; exit "$(cat "$WORLD/blkid-status")"`,
  "mkfs.ext4": `echo ext4 >"$WORLD/file-system"; echo 0 >"$WORLD/blkid-status"`,
  e2fsck: `exit "$(cat "$WORLD/e2fsck-status")"`,
  resize2fs: "",
  mountpoint: `[[ -L $2 ]]`,
  mount: `
if [[ $1 == --bind ]]; then from=$2 to=$3; else from=$WORLD/volume to=$4; fi
rmdir "$to" && ln -s "$from" "$to"`,
  fallocate: `next swap-file && : >"$3"`,
  mkswap: "",
  swapon: `
case $1 in
--show=NAME) cat "$WORLD/swaps" 2>/dev/null || : ;;
*) echo "$1" >>"$WORLD/swaps" ;;
esac`,
  sysctl: "",
  systemctl: "",
  sleep: "",
  k3s: `
case "$*" in
*" exec "*) cat "$WORLD/database" && next pod && echo "$(wc -c <"$WORLD/database") bytes" >&2 ;;
esac`,
};

/**
 * Ends with 252 where the AWS CLI does, because the words are wrong, and with 254 where CloudWatch refuses (AWS CLI User Guide,
 * "Return codes"; API reference of PutMetricData: the namespace has no colon in front and not the prefix of AWS, a value is a
 * number, and the unit is one of a list).
 */
const putMetricData = `
put_metric_data() {
  local namespace= data=() one
  while (($#)); do
    case $1 in
    --region) shift 2 ;;
    --namespace) namespace=$2; shift 2 ;;
    --metric-data) shift; while (($#)) && [[ $1 != --* ]]; do data+=("$1"); shift; done ;;
    *) echo "Unknown options: $1" >&2; exit 252 ;;
    esac
  done
  [[ -n $namespace ]] || { echo "the following arguments are required: --namespace" >&2; exit 252; }
  for one in "\${data[@]}"; do
    [[ $one =~ ^MetricName=[^,]+,Value=-?[0-9]+([.][0-9]+)?,Unit=(Seconds|Count|None)$ ]] || exit 252
  done
  [[ $namespace != :* && $namespace != AWS/* && \${#data[@]} -gt 0 ]] || exit 254
  next metric || { echo "An error occurred (InternalFailure)" >&2; exit 254; }
  echo "$namespace \${data[*]}" >>"$WORLD/metrics"
}
`;

/** `next NAME` fails as often as the file `$WORLD/NAME-failures` says, then succeeds. */
const prologue = `#!/bin/bash
echo "$(basename "$0") $*" >>"$WORLD/calls"
next() {
  local left
  left=$(cat "$WORLD/$1-failures" 2>/dev/null || echo 0)
  ((left == 0)) && return 0
  echo $((left - 1)) >"$WORLD/$1-failures"
  return 1
}
${putMetricData}`;

export const k3sBinary = "the k3s binary\n";
export const authorityFiles = ["server-ca", "client-ca", "request-header-ca"].flatMap((kind) => [
  `${kind}.crt`,
  `${kind}.key`,
]);

export const nodeArgs: UserDataArgs = {
  region: "eu-west-1",
  volumeId: "vol-0123456789abcdef0",
  allocationId: "eipalloc-1",
  address: "203.0.113.10",
  parameterPath: "/tierstack/test/k3s",
  spot: true,
  storePriority: 1000,
  generation: "0123456789abcdef",
  traefik: { certificates: false },
};

export interface Run {
  status: number | null;
  output: string;
  /** Commands called, in order. */
  calls: string[];
}

/** An instance without a machine: its root is a folder, and the world around it outlives it. */
export class Machine {
  readonly world = mkdtempSync(join(tmpdir(), "tierstack-node-"));
  private readonly bin = join(this.world, "bin");
  private readonly scriptFile = join(this.world, "user-data");
  root = "";

  constructor(private readonly args: UserDataArgs = nodeArgs) {
    for (const [name, body] of Object.entries(standIns)) this.command(name, body);
    this.write("k3s", k3sBinary);
    this.fileSystem("", 2);
    this.write("e2fsck-status", "0");
    mkdirSync(join(this.world, "volume"));
    for (const file of authorityFiles) this.write(`parameters/${file}`, `content of ${file}\n`);
    this.newInstance("i-first");
  }

  /** Another instance: an empty root, the same volume. */
  newInstance(id: string): void {
    this.root = join(this.world, id);
    this.write("instance", `${id}\n`);
    this.volumeStates("available None None", `in-use ${id} attached`);
    mkdirSync(join(this.root, "etc"), { recursive: true });
    this.device();
  }

  get deviceLink(): string {
    const name = `nvme-Amazon_Elastic_Block_Store_${this.args.volumeId.replace("-", "")}`;
    return join(this.root, "dev/disk/by-id", name);
  }

  /** The device is there, and blank but for the content given. */
  device(content = ""): void {
    mkdirSync(dirname(this.deviceLink), { recursive: true });
    writeFileSync(this.deviceLink, content);
    truncateSync(this.deviceLink, 2 * 1024 * 1024);
  }

  /** What blkid finds on the device. */
  fileSystem(type: string, status: number): void {
    this.write("file-system", type);
    this.write("blkid-status", String(status));
  }

  /** What AWS says of the volume, each time it is asked; the last answer stays. */
  volumeStates(...states: string[]): void {
    this.write("volume-states", `${states.join("\n")}\n`);
  }

  write(file: string, content: string | Buffer): void {
    const path = join(this.world, file);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, content);
  }

  command(name: string, body: string): void {
    this.write(`bin/${name}`, `${prologue}${body}\n`);
    chmodSync(join(this.bin, name), 0o755);
  }

  /** Runs the user data; its checksum of k3s is the stand-in's. */
  run(command?: "start" | "watch", env: Record<string, string> = {}): Run {
    const checksum = createHash("sha256").update(k3sBinary).digest("hex");
    writeFileSync(this.scriptFile, userData(this.args).replace(versions.k3sSha256, checksum));
    return this.bash([this.scriptFile, ...(command ? [command] : [])], env);
  }

  bash(words: string[], env: Record<string, string> = {}): Run {
    rmSync(join(this.world, "calls"), { force: true });
    const { status, stdout, stderr } = spawnSync("bash", words, {
      encoding: "utf8",
      timeout: 20000,
      // A bash whose input is a socket reads the user's .bashrc.
      stdio: ["ignore", "pipe", "pipe"],
      env: {
        PATH: `${this.bin}:/usr/bin:/bin`,
        WORLD: this.world,
        DEVICE_LINK: this.deviceLink,
        ROOT: this.root,
        TRIES: "9",
        PAUSE: "0",
        BLANK_MIB: "1",
        ...env,
      },
    });
    const calls = this.has("calls") ? this.read("calls").trimEnd().split("\n") : [];
    return { status, output: stdout + stderr, calls };
  }

  read(file: string): string {
    return readFileSync(join(this.world, file), "utf8");
  }

  bytes(file: string): Buffer {
    return readFileSync(join(this.world, file));
  }

  has(file: string): boolean {
    return existsSync(join(this.world, file));
  }

  /** A file of the instance. */
  file(path: string): string {
    return readFileSync(join(this.root, path), "utf8");
  }

  mode(path: string): string {
    return (statSync(join(this.root, path)).mode & 0o777).toString(8);
  }

  exists(path: string): boolean {
    return existsSync(join(this.root, path));
  }

  remove(): void {
    rmSync(this.world, { recursive: true, force: true });
  }
}
