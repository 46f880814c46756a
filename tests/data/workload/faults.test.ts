import { expect } from "chai";
import { until } from "../../long/support/instance";
import {
  type FaultResult,
  faults,
  measuredNow,
  postgresVersion,
  recordFault,
  redisVersion,
  sinceFault,
} from "../support/faults";
import type { Answer, WorkloadProcess } from "../support/workload";
import { Product } from "./support/product";

describe("what a caller sees while a store is down", () => {
  let product: Product;
  let app: WorkloadProcess;
  let token: string;

  before(async function () {
    product = await Product.start(this);
    product.sql("INSERT INTO items (title, category, price_cents) VALUES ('one', 'a', 1), ('two', 'a', 2)");
    app = await product.startApp();
    token = await app.join("fault");
  });

  after(async () => product?.close());

  const put = (name: string) => app.ask("/api/me", { method: "PUT", token, json: { name } });
  const health = async () => {
    const { status, body } = await app.ask("/healthz");
    return { code: status, ...body };
  };

  const healthy = (right: (body: Answer["body"]) => boolean) =>
    until(
      async () => right((await app.ask("/healthz")).body),
      () => app.log,
      30,
    );

  const record = (result: Omit<FaultResult, "measured">) => {
    const { bin, version } = product.server;
    recordFault({
      ...result,
      measured: measuredNow(postgresVersion(bin.postgres), `PgBouncer ${version}`, redisVersion()),
    });
  };

  /** Names that were acknowledged, and how many of them a later read did not have. */
  let names = { acknowledged: 0, lost: 0 };
  beforeEach(() => {
    names = { acknowledged: 0, lost: 0 };
  });

  const nameNow = async () => (await app.ask("/api/me", { token })).body.name;

  async function rename(name: string): Promise<Answer> {
    const answer = await put(name);
    if (answer.status !== 200) return answer;
    names.acknowledged++;
    if ((await nameNow()) !== name) names.lost++;
    return answer;
  }

  it("Redis: nothing but speed, and limits that do not count", async () => {
    const port = product.redis.masterOf("any");
    await product.redis.kill(port);
    const since = sinceFault();
    const visitor = { token, headers: { "x-real-ip": "192.0.2.9" } };
    const statuses: number[] = [];
    let recoveredSeconds: number | undefined;
    for (let round = 0; round < 30; round++) {
      for (const path of ["/items", "/items/1", "/api/me", "/api/me/credits", "/reference/categories"]) {
        statuses.push((await app.ask(path, visitor)).status);
        recoveredSeconds ??= since();
      }
      statuses.push((await rename(`without Redis ${round}`)).status);
    }
    const failed = statuses.filter((status) => status !== 200);
    const saw = `${failed.length || "no"} errors in ${statuses.length} requests; nothing cached, nothing limited`;
    record({ fault: faults.redis, saw, recoveredSeconds, ...names });
    expect(failed).to.deep.equal([]);
    expect(names).to.deep.equal({ acknowledged: 30, lost: 0 });
    expect(await health()).to.deep.equal({ code: 200, status: "ready", primary: "up", reads: "up", redis: "down" });
    await product.redis.restart(port);
    await product.redis.whole();
    await healthy((body) => body.redis === "up");
    for (let request = 0; request < 100; request++) await app.ask("/items", visitor);
    expect((await app.ask("/items", visitor)).status).to.equal(429);
  });

  it("the database: cached answers, else 503 with a time to wait; the process lives, and is not ready", async () => {
    expect((await app.ask("/items/2")).status).to.equal(200);
    expect((await rename("before")).status).to.equal(200);
    const since = sinceFault();
    await product.replica.stop();
    await product.server.stopServer();
    expect((await app.ask("/items/2")).status).to.equal(200);
    for (const answer of [await app.ask("/items?page=7"), await rename("lost")]) {
      expect([answer.status, answer.headers.get("retry-after")]).to.deep.equal([503, "5"]);
      // Nothing about the inside.
      expect(String(answer.body.error)).to.match(/^(primary|read) is not available$/);
    }
    expect(await health()).to.deep.equal({
      code: 503,
      status: "not ready",
      primary: "down",
      reads: "down",
      redis: "up",
    });
    expect((await app.ask("/livez")).status).to.equal(200);
    await product.server.startServer();
    await product.replica.start();
    await healthy((body) => body.primary === "up" && body.reads === "up");
    if ((await nameNow()) !== "before") names.lost++;
    expect((await rename("back")).status).to.equal(200);
    const saw = "503 with the seconds to wait, until both are back; what is cached is still answered";
    record({ fault: faults.databases, saw, recoveredSeconds: since(), ...names });
    expect(names).to.deep.equal({ acknowledged: 2, lost: 0 });
  });

  it("and the log has no secret", () => {
    const { passwords } = product.server;
    const secrets = [passwords.app, token, new URL(product.redis.url).password, "fault@example.com"];
    expect(secrets.filter((secret) => app.log.includes(secret))).to.deep.equal([]);
    expect(app.log).to.contain('"msg":"request failed"');
  });
});
