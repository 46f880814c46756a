import { spawnSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { expect } from "chai";
import { maxMemoryMiB } from "../../components/redis/cluster/memory";
import { host, missingServer, password, previousPassword, script, Valkey } from "./support/valkey";

const memoryMiB = 96;

describe("Valkey in the cluster", () => {
  let valkey: Valkey;

  before(async function () {
    const created = await Valkey.create(memoryMiB);
    if (!created) {
      console.log(`      ${missingServer}`);
      return this.skip();
    }
    valkey = created;
  });

  after(async () => valkey?.remove());

  const cli = (...command: string[]) => valkey.cli(...command);
  const info = () => valkey.fields("cluster", "info");

  /** Connects like a client: TLS to the URL's host name, then AUTH with its password. */
  function ask(url: URL, command: string): Promise<string> {
    return new Promise((resolve, reject) => {
      const socket = valkey.connect(url.hostname, () => socket.write(`AUTH ${url.password}\r\n${command}\r\n`));
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
    await valkey.start();
    expect(info()).to.include({
      cluster_state: "ok",
      cluster_slots_assigned: "16384",
      cluster_known_nodes: "1",
      cluster_size: "1",
    });
    expect(valkey.probe("live")).to.equal(0);
    expect(valkey.log.match(/^OK$/gm)).to.have.lengthOf(1);
  });

  it("writes and reads values in cluster mode", () => {
    expect(cli("set", "{emails}:emails:wait", "kept")).to.equal("OK");
    expect(cli("get", "{emails}:emails:wait")).to.equal("kept");
    expect(cli("eval", "return redis.call('llen', KEYS[1])", "1", "{emails}:emails:active")).to.equal("0");
    expect(cli("config", "get", "maxmemory")).to.equal(`maxmemory\n${maxMemoryMiB(memoryMiB) * 1024 * 1024}`);
    expect(cli("config", "get", "maxmemory-policy")).to.match(/\nnoeviction$/);
  });

  it("serves the host name of its URL, and announces it to clients", async () => {
    const url = new URL(`rediss://:${password}@${host}:${valkey.port}`);
    expect(await ask(url, "PING")).to.equal("+OK\r\n+PONG\r\n");
    const [first, last, endpoint, tlsPort] = cli("cluster", "slots").split("\n");
    expect([first, last, endpoint, tlsPort]).to.deep.equal(["0", "16383", host, String(valkey.port)]);
  });

  it("rejects a client without a password, and fails verification for another host name", async () => {
    expect(await ask(new URL(`rediss://:wrong@${host}:${valkey.port}`), "PING")).to.match(
      /^-WRONGPASS .*\r\n-NOAUTH /s,
    );
    const failure = await ask(new URL(`rediss://:${password}@example.com:${valkey.port}`), "PING").catch(
      (error) => error,
    );
    expect(failure).to.have.property("code", "ERR_TLS_CERT_ALTNAME_INVALID");
  });

  it("keeps the password off command lines and out of the server's environment", () => {
    const calls = readFileSync(join(valkey.folder, "calls"), "utf8");
    expect(calls).to.contain("valkey-server\n").and.to.contain("valkey-cli\n").and.to.contain("VALKEY_CONFIG=");
    expect(calls).not.to.contain(password);
  });

  it("saves and shuts down on SIGTERM, and restarts with slots and data", async () => {
    const node = cli("cluster", "myid");
    expect(await valkey.stop("SIGTERM")).to.equal(0);
    expect(valkey.log).to.match(/ready to exit/);
    expect(valkey.probe("ready")).not.to.equal(0);
    expect(valkey.probe("live")).not.to.equal(0);
    await valkey.start();
    expect(cli("cluster", "myid")).to.equal(node);
    expect(cli("get", "{emails}:emails:wait")).to.equal("kept");
    expect(valkey.log).not.to.match(/^OK$/m);
  });

  it("accepts the password before too during a rotation, and refuses it after the next", async () => {
    const login = (secret: string) =>
      ask(new URL(`rediss://:${secret}@${host}:${valkey.port}`), "GET {emails}:emails:wait");
    const accepted = /^\+OK\r\n\$4\r\nkept\r\n$/;
    const refused = /^-WRONGPASS .*\r\n-NOAUTH /s;
    const [second, third] = ["Second0Horse1Battery2Staple3Ghi1", "Third00Horse1Battery2Staple3Jkl2"];

    valkey.setPasswords(second, password);
    expect(await valkey.stop("SIGTERM")).to.equal(0);
    await valkey.start();
    expect(await login(second)).to.match(accepted);
    expect(await login(password)).to.match(accepted);
    expect(await login(previousPassword)).to.match(refused);
    expect(await ask(new URL(`rediss://${host}:${valkey.port}`), "PING")).to.match(/-NOAUTH /);

    valkey.setPasswords(third, second);
    expect(await valkey.stop("SIGTERM")).to.equal(0);
    await valkey.start();
    expect(await login(third)).to.match(accepted);
    expect(await login(second)).to.match(accepted);
    expect(await login(password)).to.match(refused);
    for (const question of ["ready", "live"]) expect(valkey.probe(question), question).to.equal(0);
    // The other tests use the first password.
    valkey.setPasswords(password, third);
    expect(await valkey.stop("SIGTERM")).to.equal(0);
    await valkey.start();
  }).timeout(60_000);

  it("recovers slots and data after the loss of its node", async () => {
    // appendfsync everysec flushes the append-only file within a second.
    await sleep(1500);
    await valkey.stop("SIGKILL");
    await valkey.start();
    expect(info()).to.include({ cluster_state: "ok", cluster_slots_assigned: "16384" });
    expect(cli("get", "{emails}:emails:wait")).to.equal("kept");
  });

  it("exits when the server cannot start", () => {
    const broken = join(valkey.folder, "broken.conf");
    writeFileSync(broken, "no-such-setting yes\n");
    const run = spawnSync("sh", [script, "start"], {
      env: { ...valkey.environment, VALKEY_CONFIG: broken },
      timeout: 20000,
    });
    expect(run.status).to.equal(1);
  });

  it("exits on SIGTERM although the server never became ready", async () => {
    await valkey.stop("SIGTERM");
    const env = { ...valkey.environment, VALKEY_PORT: "1" };
    valkey.launch(env);
    await sleep(1500);
    expect(await valkey.stop("SIGTERM")).to.equal(0);
  });

  it("prints its usage", () => {
    const run = spawnSync("sh", [script], { env: valkey.environment });
    expect([run.status, run.stderr.toString()]).to.deep.equal([2, "usage: valkey.sh start|ready|live\n"]);
  });
});
