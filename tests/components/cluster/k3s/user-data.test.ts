import { spawnSync } from "node:child_process";
import { rmSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { userData, userDataLimit } from "../../../../components/cluster/k3s/user-data";
import { versions } from "../../../../versions";
import { authorityFiles, k3sBinary, Machine, nodeArgs, type Run, task } from "./machine";

const folder = join(__dirname, "../../../../components/cluster/k3s");
const tls = "var/lib/rancher/k3s/server/tls";
const manifests = "var/lib/rancher/k3s/server/manifests";
const kept = `volume/k3s/k3s-${versions.k3s}`;

const called = (run: Run, command: string) => run.calls.filter((call) => call.startsWith(command));
const commands = (run: Run) => run.calls.map((call) => call.split(" ")[0]);

function expectStarted(run: Run): void {
  expect(run.output).to.contain("runs");
  expect(run.status).to.equal(0);
  expect(run.calls.at(-1)).to.equal("systemctl restart k3s.service tierstack-watch.service tierstack-renewal.timer");
}

/** Failed, said why, made no file system and did not start k3s. */
function expectRefused(run: Run, why: RegExp): void {
  expect(run.status).to.equal(1);
  expect(run.output).to.match(why);
  expect(called(run, "mkfs")).to.deep.equal([]);
  expect(called(run, "systemctl")).to.deep.equal([]);
}

describe("user data", () => {
  it("fits EC2's limit with everything in it, and says so when it does not", () => {
    const full = { ...nodeArgs, traefik: { certificates: true, email: "a@example.com" }, task };
    expect(userData(full).length).to.be.below(userDataLimit);
    expect(() => userData({ ...full, task: { ...task, files: { large: "x".repeat(userDataLimit) } } })).to.throw(
      /^user data of the k3s node: given \d+ bytes; allowed: at most 16384 bytes; fix: shorten the files of its tasks$/,
    );
  });

  it("passes shellcheck, with its values and without", function () {
    if (spawnSync("shellcheck", ["--version"]).error) this.skip();
    const scripts = ["user-data.sh", "wait-for-api.sh", "ecr.sh", "renewal.sh"];
    const others = [
      "../../postgres/dumps/backup.sh",
      "../../postgres/archive/archive.sh",
      "../../identity/credentials.sh",
    ];
    const alone = spawnSync("shellcheck", [...scripts, ...others], { cwd: folder, encoding: "utf8" });
    expect([alone.stdout, alone.stderr]).to.deep.equal(["", ""]);
    // Scripts inside of it are quoted.
    const quoted = ["--exclude=SC2016", "-"];
    const rendered = spawnSync("shellcheck", quoted, { input: userData(nodeArgs), encoding: "utf8" });
    expect(rendered.stdout).to.equal("");
  });
});

describe("user data on an instance", function () {
  this.timeout(20000);
  let machine: Machine;
  beforeEach(() => {
    machine = new Machine();
  });
  afterEach(() => machine.remove());

  it("installs itself as a service that runs at every boot, and again after it failed", () => {
    const run = machine.run();
    expect(run.status).to.equal(0);
    expect(run.calls).to.deep.equal([
      "systemctl daemon-reload",
      "systemctl enable tierstack-node.service",
      "systemctl start --no-block tierstack-node.service",
    ]);
    const unit = machine.file("etc/systemd/system/tierstack-node.service");
    expect(unit).to.contain("\nExecStart=/usr/local/sbin/tierstack-node start\n");
    expect(unit).to.contain("\nRestart=on-failure\n");
    expect(machine.file("usr/local/sbin/tierstack-node")).to.equal(machine.read("user-data"));
    expect(machine.mode("usr/local/sbin/tierstack-node")).to.equal("755");
  });

  it("first boot: takes address and volume, makes a file system, starts k3s with our authorities", () => {
    const run = machine.run("start");
    expectStarted(run);
    const { volumeId, allocationId } = nodeArgs;
    const device = machine.deviceLink;
    expect(run.calls.filter((call) => /^(aws ec2|blkid|mkfs|e2fsck|mount |resize2fs)/.test(call))).to.deep.equal([
      `aws ec2 associate-address --allocation-id ${allocationId} --instance-id i-first --allow-reassociation`,
      ...[0, 1].flatMap((at) => [
        `aws ec2 describe-volumes --volume-ids ${volumeId} --output text --query Volumes[0].[State,Attachments[0].InstanceId,Attachments[0].State]`,
        ...(at === 0 ? [`aws ec2 attach-volume --volume-id ${volumeId} --instance-id i-first --device /dev/sdf`] : []),
      ]),
      `blkid -p -s TYPE -o value ${device}`,
      `mkfs.ext4 -q -m 1 -L tierstack ${device}`,
      `e2fsck -p ${device}`,
      `mount -o noatime ${device} ${machine.root}/var/lib/tierstack-data`,
      `resize2fs ${device}`,
      `mount --bind ${machine.root}/var/lib/tierstack-data/rancher ${machine.root}/var/lib/rancher`,
      `mount --bind ${machine.root}/var/lib/tierstack-data/etc-rancher ${machine.root}/etc/rancher`,
      `mount --bind ${machine.root}/var/lib/tierstack-data/timers ${machine.root}/var/lib/systemd/timers`,
    ]);
    for (const file of authorityFiles) {
      expect(machine.file(`${tls}/${file}`)).to.equal(`content of ${file}\n`);
      expect(machine.mode(`${tls}/${file}`)).to.equal("600");
    }
    expect(machine.mode(tls)).to.equal("700");
    expect(called(run, "curl").at(-1)).to.contain(
      "https://github.com/k3s-io/k3s/releases/download/v1.36.3%2Bk3s1/k3s-arm64",
    );
    expect(machine.file("usr/local/bin/k3s")).to.equal(k3sBinary);
    expect(machine.mode("usr/local/bin/k3s")).to.equal("755");
    expect(machine.read(kept)).to.equal(k3sBinary);
    expect(machine.file("etc/rancher/k3s/config.yaml")).to.contain("node-name: tierstack\n");
    expect(machine.read("volume/etc-rancher/k3s/config.yaml")).to.contain("- 203.0.113.10\n");
    expect(machine.file(`${manifests}/tierstack-node.yaml`)).to.contain("generation: 0123456789abcdef\n");
    expect(run.output).not.to.match(/content of .*key/);
  });

  it("replaced instance: keeps data, authorities, node password and binary", () => {
    expectStarted(machine.run("start"));
    machine.write("volume/rancher/k3s/server/db/state.db", "the cluster");
    machine.write("volume/rancher/k3s/server/manifests/tierstack-former.yaml", "of a former launch template");
    machine.write("volume/etc-rancher/node/password", "node password");
    machine.write("volume/timers/stamp-nightly.timer", "");
    machine.newInstance("i-second");
    const run = machine.run("start");
    expectStarted(run);
    expect(commands(run)).not.to.include("mkfs.ext4");
    expect(called(run, "curl").filter((call) => call.includes("github.com"))).to.deep.equal([]);
    expect(machine.file("var/lib/rancher/k3s/server/db/state.db")).to.equal("the cluster");
    expect(machine.file("etc/rancher/node/password")).to.equal("node password");
    expect(machine.exists("var/lib/systemd/timers/stamp-nightly.timer")).to.equal(true);
    expect(machine.file(`${tls}/server-ca.key`)).to.equal("content of server-ca.key\n");
    expect(machine.exists(`${manifests}/tierstack-former.yaml`)).to.equal(false);
    expect(machine.exists(`${manifests}/tierstack-node.yaml`)).to.equal(true);
  });

  it("refuses a volume whose cluster has other authorities, and leaves them", () => {
    expectStarted(machine.run("start"));
    machine.write("volume/rancher/k3s/server/db/state.db", "the cluster");
    machine.write("parameters/client-ca.key", "another key\n");
    machine.newInstance("i-second");
    expectRefused(machine.run("start"), /client-ca\.key is not the one in \/tierstack\/test\/k3s/);
    expect(machine.file(`${tls}/client-ca.key`)).to.equal("content of client-ca.key\n");
  });

  it("waits while the former instance holds the volume, and until the device is there", () => {
    rmSync(machine.deviceLink);
    // Five looks at the volume that are not what we wait for, then one at the device.
    machine.command("sleep", `n=$(grep -c ^sleep "$WORLD/calls"); ((n < 6)) || truncate -s 2M "$DEVICE_LINK"`);
    machine.volumeStates(
      "in-use i-former attached",
      "in-use i-former detaching",
      "available None None",
      "in-use i-first attaching",
      "in-use i-first attached",
    );
    const run = machine.run("start");
    expectStarted(run);
    expect(called(run, "aws ec2 attach-volume")).to.have.length(1);
    expect(called(run, "sleep")).to.have.length(6);
    expect(run.output).to.contain("is in-use, attached at i-former");
  });

  it("gives up on a volume that is never let go, without touching it", () => {
    machine.volumeStates("in-use i-former attached");
    const run = machine.run("start");
    expectRefused(run, /ERROR: attaching vol-0123456789abcdef0: gave up/);
    expect(called(run, "aws ec2 attach-volume")).to.deep.equal([]);
    expect(called(run, "aws ec2 describe-volumes")).to.have.length(9);
  });

  it("gives up on a device that never appears", () => {
    rmSync(machine.deviceLink);
    expectRefused(machine.run("start"), /the device of vol-0123456789abcdef0: gave up/);
  });

  it("goes on where an earlier boot broke off", () => {
    machine.fileSystem("ext4", 0);
    machine.write(`${kept}.part`, "half a bin");
    machine.write("volume/rancher/k3s/server/tls/server-ca.crt", "content of serv");
    machine.write("volume/rancher/k3s/server/tls/server-ca.key.part", "content of");
    machine.write("volume/rancher/k3s/server/manifests/tierstack-node.yaml", "apiVersi");
    machine.write("address-failures", "2");
    machine.write("download-failures", "2");
    const run = machine.run("start");
    expectStarted(run);
    expect(commands(run)).not.to.include("mkfs.ext4");
    expect(machine.file("usr/local/bin/k3s")).to.equal(k3sBinary);
    expect(machine.exists(`${kept}.part`)).to.equal(false);
    for (const file of authorityFiles) expect(machine.file(`${tls}/${file}`)).to.equal(`content of ${file}\n`);
    expect(machine.exists(`${tls}/server-ca.key.part`)).to.equal(false);
    expect(machine.file(`${manifests}/tierstack-node.yaml`)).to.contain("kind: ConfigMap");
  });

  it("can run again on the same instance, and mounts nothing twice", () => {
    expectStarted(machine.run("start"));
    const run = machine.run("start");
    expectStarted(run);
    for (const command of ["mkfs.ext4", "e2fsck", "mount", "blkid"]) expect(commands(run)).not.to.include(command);
    expect(commands(run)).to.include("resize2fs");
  });

  const damaged: Record<string, { type: string; status: number; content?: string; why: RegExp }> = {
    "whose signature is gone": { type: "", status: 2, content: "remains", why: /is not blank; it is left as it is/ },
    "of another kind": { type: "xfs", status: 0, why: /holds 'xfs' \(blkid: 0\), not ext4/ },
    "that is ambiguous": { type: "", status: 8, why: /holds '' \(blkid: 8\), not ext4/ },
  };
  for (const [what, { type, status, content, why }] of Object.entries(damaged)) {
    it(`refuses a file system ${what}`, () => {
      machine.fileSystem(type, status);
      machine.device(content);
      const run = machine.run("start");
      expectRefused(run, why);
      expect(commands(run)).not.to.include("mount");
    });
  }

  it("refuses a file system that e2fsck cannot mend, and takes one that it could", () => {
    machine.fileSystem("ext4", 0);
    machine.write("e2fsck-status", "4");
    const run = machine.run("start");
    expectRefused(run, /the file system of vol-0123456789abcdef0 is damaged \(e2fsck: 4\)/);
    expect(commands(run)).not.to.include("mount");
    machine.write("e2fsck-status", "1");
    expectStarted(machine.run("start"));
  });

  it("adds swap once for each instance, before k3s starts", () => {
    const run = machine.run("start");
    expectStarted(run);
    const file = `${machine.root}/var/swap`;
    const swap = ["fallocate", "mkswap", "swapon", "systemctl restart"];
    expect(run.calls.filter((call) => swap.some((start) => call.startsWith(start)))).to.deep.equal([
      "swapon --show=NAME --noheadings",
      `fallocate -l 1280MiB ${file}.part`,
      `mkswap ${file}.part`,
      `swapon ${file}`,
      run.calls.at(-1),
    ]);
    expect(machine.mode("var/swap")).to.equal("600");
    expect(commands(machine.run("start")).filter((command) => swap.includes(command as string))).to.deep.equal([
      "swapon",
    ]);
    machine.newInstance("i-second");
    expect(called(machine.run("start"), "fallocate")).to.have.length(1);
  });

  it("uses the swap file again after a reboot", () => {
    expectStarted(machine.run("start"));
    machine.write("swaps", "");
    const run = machine.run("start");
    expectStarted(run);
    expect(called(run, "fallocate")).to.deep.equal([]);
    expect(called(run, "swapon").at(-1)).to.equal(`swapon ${machine.root}/var/swap`);
  });

  it("starts k3s without swap where none can be made, and says so", () => {
    machine.write("swap-file-failures", "1");
    const run = machine.run("start");
    expectStarted(run);
    expect(run.output).to.contain("WARNING: no swap");
    expect(called(run, "mkswap")).to.deep.equal([]);
    expect(machine.exists("var/swap")).to.equal(false);
  });

  it("refuses a k3s of the wrong checksum", () => {
    machine.fileSystem("ext4", 0);
    machine.write("k3s", "something else");
    const run = machine.run("start");
    expectRefused(run, /ERROR: k3s \S+ has the wrong checksum/);
    expect(machine.exists("usr/local/bin/k3s")).to.equal(false);
    expect(machine.has(kept)).to.equal(false);
    expect(run.calls.filter((call) => call.includes("github.com"))).to.have.length(1);
  });

  it("refuses to start when the authorities cannot be read", () => {
    machine.write("parameters/server-ca.key", "");
    machine.fileSystem("ext4", 0);
    expectRefused(machine.run("start"), /reading \/tierstack\/test\/k3s\/server-ca\.key: gave up/);
    expect(machine.exists("usr/local/bin/k3s")).to.equal(false);
  });

  it("shuts down on the notice of the spot market, not before", () => {
    machine.command("sleep", `touch "$WORLD/spot-notice"`);
    const run = machine.run("watch");
    expect(run.status).to.equal(0);
    expect(called(run, "sleep")).to.have.length(1);
    expect(run.calls.at(-1)).to.equal("systemctl poweroff");
  });

  it("does not know other commands", () => {
    expect(machine.bash([join(folder, "user-data.sh"), "format"], { REGION: "x" }).output).to.contain(
      "unknown command 'format'",
    );
  });
});

describe("user data on an on-demand instance with dumps", () => {
  it("starts the timer, not the watch", () => {
    const machine = new Machine({ ...nodeArgs, spot: false, task });
    try {
      const run = machine.run("start");
      expect(run.calls.at(-1)).to.equal("systemctl restart k3s.service tierstack-renewal.timer nightly.timer");
      expect(machine.mode("usr/local/sbin/nightly")).to.equal("755");
    } finally {
      machine.remove();
    }
  });
});
