import { type ChildProcess, execFileSync, spawn, spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { connect } from "node:tls";
import { expect } from "chai";
import { renderAuth, renderConfig } from "../../components/redis/cluster/config";
import { serviceNames } from "../../components/support/names";

const host = "redis.data.svc.cluster.local";
const password = "Correct0Horse1Battery2Staple3Abc";
const previous = "Earlier4Horse5Battery6Staple7Def";
const script = join(__dirname, "../../components/redis/cluster/valkey.sh");

/** Paths of the commands: Valkey's, or Redis 7 as a fallback. */
function findCommands(): Record<string, string> | undefined {
  const find = (command: string) =>
    spawnSync("sh", ["-c", `command -v ${command}`])
      .stdout.toString()
      .trim();
  for (const flavour of ["valkey", "redis"]) {
    const [server, cli] = [find(`${flavour}-server`), find(`${flavour}-cli`)];
    if (server && cli) return { "valkey-server": server, "valkey-cli": cli };
  }
  return undefined;
}

const isFree = (port: number) =>
  new Promise<boolean>((resolve) => {
    const server = createServer();
    server.once("error", () => resolve(false));
    server.listen(port, () => server.close(() => resolve(true)));
  });

/** Returns a free port whose cluster bus port, 10,000 higher, is free too. */
async function freePort(): Promise<number> {
  for (let port = 20000 + (process.pid % 20000); ; port++) {
    if ((await isFree(port)) && (await isFree(port + 10000))) return port;
  }
}

/** Creates a CA and a server certificate like those of `CertificateAuthority`. */
function makeCertificates(folder: string): void {
  const openssl = (...args: string[]) => execFileSync("openssl", args, { cwd: folder, stdio: "pipe" });
  const key = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"];
  const names = [...serviceNames("redis", "data"), "localhost"].map((name) => `DNS:${name}`).join(",");
  writeFileSync(
    join(folder, "extensions"),
    `subjectAltName=${names}\nkeyUsage=digitalSignature,keyEncipherment\nextendedKeyUsage=serverAuth\n`,
  );
  openssl("req", "-x509", ...key, "-keyout", "ca.key", "-out", "ca.crt", "-days", "1", "-subj", "/CN=authority");
  openssl("req", ...key, "-keyout", "tls.key", "-out", "tls.csr", "-subj", "/CN=redis");
  const authority = ["-CA", "ca.crt", "-CAkey", "ca.key", "-CAcreateserial", "-extfile", "extensions"];
  openssl("x509", "-req", "-in", "tls.csr", ...authority, "-out", "tls.crt", "-days", "1");
}

describe("Valkey in the cluster", () => {
  let folder: string;
  let environment: NodeJS.ProcessEnv;
  let port: number;
  let server: ChildProcess | undefined;
  let log = "";

  before(async function () {
    const commands = findCommands();
    if (!commands || spawnSync("openssl", ["version"]).status !== 0) {
      console.log("      skipped: needs valkey-server or redis-server (apt-get install redis-server), and openssl");
      return this.skip();
    }
    folder = mkdtempSync(join(tmpdir(), "tierstack-redis-"));
    for (const part of ["bin", "data"]) mkdirSync(join(folder, part));
    for (const [name, target] of Object.entries(commands)) install(name, target);
    port = await freePort();
    makeCertificates(folder);
    const file = (name: string) => join(folder, name);
    const files = {
      data: file("data"),
      auth: file("auth.conf"),
      authority: file("ca.crt"),
      certificate: file("tls.crt"),
      key: file("tls.key"),
    };
    writeFileSync(file("valkey.conf"), renderConfig({ hostname: host, port, memoryMiB: 96, files }));
    setPasswords(password, previous);
    environment = {
      PATH: `${file("bin")}:${process.env.PATH}`,
      VALKEY_CONFIG: file("valkey.conf"),
      VALKEY_PORT: String(port),
      VALKEY_CA: files.authority,
      VALKEY_PASSWORD_FILE: file("password"),
    };
  });

  after(async () => {
    if (server) await stop("SIGKILL");
    if (folder) rmSync(folder, { recursive: true, force: true });
  });

  /** Writes the files of the Secret that have passwords. */
  function setPasswords(current: string, before: string): void {
    writeFileSync(join(folder, "auth.conf"), renderAuth([current, before]));
    writeFileSync(join(folder, "password"), current);
  }

  /** Puts a wrapper on the PATH that logs its arguments: a running server rewrites its command line. */
  function install(name: string, target: string): void {
    const note = `printf '%s\\n' '${name}' "$@" >>'${join(folder, "calls")}'`;
    const environ = name === "valkey-server" ? `env >>'${join(folder, "calls")}'` : ":";
    writeFileSync(join(folder, "bin", name), `#!/bin/sh\n${note}\n${environ}\nexec '${target}' "$@"\n`, {
      mode: 0o755,
    });
  }

  const probe = (question: string) => spawnSync("sh", [script, question], { env: environment }).status;

  async function start(): Promise<void> {
    log = "";
    // A separate process group, so that killing the script always kills the server too.
    const started = spawn("sh", [script, "start"], { env: environment, detached: true });
    server = started;
    for (const stream of [started.stdout, started.stderr]) {
      stream?.on("data", (text) => {
        log += text;
      });
    }
    for (let tries = 0; probe("ready") !== 0; tries++) {
      if (tries > 100 || started.exitCode !== null) throw new Error(`the server is not ready:\n${log}`);
      await sleep(100);
    }
  }

  /** Signals the script, as the kubelet does. SIGKILL also kills the server, like the loss of a node. */
  async function stop(signal: NodeJS.Signals): Promise<number | null> {
    const stopped = server as ChildProcess;
    server = undefined;
    const ended = new Promise<number | null>((resolve) => stopped.once("close", resolve));
    process.kill(signal === "SIGKILL" ? -(stopped.pid as number) : (stopped.pid as number), signal);
    return ended;
  }

  function cli(...command: string[]): string {
    const options = ["-c", "--tls", "--cacert", join(folder, "ca.crt"), "-h", "localhost", "-p", String(port)];
    const env = { ...environment, REDISCLI_AUTH: password, VALKEYCLI_AUTH: password };
    return execFileSync("valkey-cli", [...options, ...command], { env })
      .toString()
      .trim();
  }

  const info = () =>
    Object.fromEntries(
      cli("cluster", "info")
        .split(/\r?\n/)
        .map((line) => line.split(":")),
    );

  /** Connects like a client: TLS to the URL's host name, then AUTH with its password. */
  function ask(url: URL, command: string): Promise<string> {
    return new Promise((resolve, reject) => {
      const ca = readFileSync(join(folder, "ca.crt"));
      const socket = connect({ host: "localhost", port: Number(url.port), servername: url.hostname, ca }, () =>
        socket.write(`AUTH ${url.password}\r\n${command}\r\n`),
      );
      let answer = "";
      socket.on("data", (data) => {
        answer += data;
        if (answer.split("\r\n").length > 2) socket.end();
      });
      socket.on("close", () => resolve(answer));
      socket.on("error", reject);
    });
  }

  it("starts on an empty volume with every slot", async () => {
    await start();
    expect(info()).to.include({
      cluster_state: "ok",
      cluster_slots_assigned: "16384",
      cluster_known_nodes: "1",
      cluster_size: "1",
    });
    expect(probe("live")).to.equal(0);
    expect(log.match(/^OK$/gm)).to.have.lengthOf(1);
  });

  it("writes and reads values in cluster mode", () => {
    expect(cli("set", "{emails}:emails:wait", "kept")).to.equal("OK");
    expect(cli("get", "{emails}:emails:wait")).to.equal("kept");
    expect(cli("eval", "return redis.call('llen', KEYS[1])", "1", "{emails}:emails:active")).to.equal("0");
    expect(cli("config", "get", "maxmemory")).to.match(/\n75497472$/);
    expect(cli("config", "get", "maxmemory-policy")).to.match(/\nnoeviction$/);
  });

  it("serves the host name of its URL, and announces it to clients", async () => {
    const url = new URL(`rediss://:${password}@${host}:${port}`);
    expect(await ask(url, "PING")).to.equal("+OK\r\n+PONG\r\n");
    const [first, last, endpoint, tlsPort] = cli("cluster", "slots").split("\n");
    expect([first, last, endpoint, tlsPort]).to.deep.equal(["0", "16383", host, String(port)]);
  });

  it("rejects a client without a password, and fails verification for another host name", async () => {
    expect(await ask(new URL(`rediss://:wrong@${host}:${port}`), "PING")).to.match(/^-WRONGPASS .*\r\n-NOAUTH /s);
    const failure = await ask(new URL(`rediss://:${password}@example.com:${port}`), "PING").catch((error) => error);
    expect(failure).to.have.property("code", "ERR_TLS_CERT_ALTNAME_INVALID");
  });

  it("keeps the password off command lines and out of the server's environment", () => {
    const calls = readFileSync(join(folder, "calls"), "utf8");
    expect(calls).to.contain("valkey-server\n").and.to.contain("valkey-cli\n").and.to.contain("VALKEY_CONFIG=");
    expect(calls).not.to.contain(password);
  });

  it("saves and shuts down on SIGTERM, and restarts with slots and data", async () => {
    const node = cli("cluster", "myid");
    expect(await stop("SIGTERM")).to.equal(0);
    expect(log).to.match(/ready to exit/);
    expect(probe("ready")).not.to.equal(0);
    expect(probe("live")).not.to.equal(0);
    await start();
    expect(cli("cluster", "myid")).to.equal(node);
    expect(cli("get", "{emails}:emails:wait")).to.equal("kept");
    expect(log).not.to.match(/^OK$/m);
  });

  it("accepts the password before too during a rotation, and refuses it after the next", async () => {
    const login = (secret: string) => ask(new URL(`rediss://:${secret}@${host}:${port}`), "GET {emails}:emails:wait");
    const accepted = /^\+OK\r\n\$4\r\nkept\r\n$/;
    const refused = /^-WRONGPASS .*\r\n-NOAUTH /s;
    const [second, third] = ["Second0Horse1Battery2Staple3Ghi1", "Third00Horse1Battery2Staple3Jkl2"];

    setPasswords(second, password);
    expect(await stop("SIGTERM")).to.equal(0);
    await start();
    expect(await login(second)).to.match(accepted);
    expect(await login(password)).to.match(accepted);
    expect(await login(previous)).to.match(refused);
    expect(await ask(new URL(`rediss://${host}:${port}`), "PING")).to.match(/-NOAUTH /);

    setPasswords(third, second);
    expect(await stop("SIGTERM")).to.equal(0);
    await start();
    expect(await login(third)).to.match(accepted);
    expect(await login(second)).to.match(accepted);
    expect(await login(password)).to.match(refused);
    for (const question of ["ready", "live"]) expect(probe(question), question).to.equal(0);
    // The other tests use the first password.
    setPasswords(password, third);
    expect(await stop("SIGTERM")).to.equal(0);
    await start();
  }).timeout(60_000);

  it("recovers slots and data after the loss of its node", async () => {
    // appendfsync everysec flushes the append-only file within a second.
    await sleep(1500);
    await stop("SIGKILL");
    await start();
    expect(info()).to.include({ cluster_state: "ok", cluster_slots_assigned: "16384" });
    expect(cli("get", "{emails}:emails:wait")).to.equal("kept");
  });

  it("exits when the server cannot start", () => {
    const broken = join(folder, "broken.conf");
    writeFileSync(broken, "no-such-setting yes\n");
    const run = spawnSync("sh", [script, "start"], { env: { ...environment, VALKEY_CONFIG: broken }, timeout: 20000 });
    expect(run.status).to.equal(1);
  });

  it("exits on SIGTERM although the server never became ready", async () => {
    await stop("SIGTERM");
    const env = { ...environment, VALKEY_PORT: "1" };
    server = spawn("sh", [script, "start"], { env, detached: true, stdio: "ignore" });
    await sleep(1500);
    expect(await stop("SIGTERM")).to.equal(0);
  });

  it("prints its usage", () => {
    const run = spawnSync("sh", [script], { env: environment });
    expect([run.status, run.stderr.toString()]).to.deep.equal([2, "usage: valkey.sh start|ready|live\n"]);
  });
});
