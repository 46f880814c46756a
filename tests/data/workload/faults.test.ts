import { setTimeout as sleep } from "node:timers/promises";
import { expect } from "chai";
import { type Answer, type AppProcess, Product } from "./support/product";

describe("what a caller sees while a store is down", () => {
  let product: Product;
  let app: AppProcess;
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

  /** Asks until the answer is right, half a minute at most. */
  async function until(asked: () => Promise<Answer>, right: (answer: Answer) => boolean): Promise<void> {
    for (let attempt = 0; attempt < 150; attempt++) {
      if (right(await asked())) return;
      await sleep(200);
    }
    throw new Error("not as expected after 30 seconds");
  }

  it("Redis: nothing but speed, and limits that do not count", async () => {
    const port = product.redis.masterOf("any");
    await product.redis.kill(port);
    const visitor = { token, headers: { "x-real-ip": "192.0.2.9" } };
    const statuses = new Set<number>();
    for (let round = 0; round < 30; round++)
      for (const path of ["/items", "/items/1", "/api/me", "/api/me/credits", "/reference/categories"])
        statuses.add((await app.ask(path, visitor)).status);
    expect([...statuses]).to.deep.equal([200]);
    expect([(await put("without Redis")).status, (await app.ask("/api/me", { token })).body.name]).to.deep.equal([
      200,
      "without Redis",
    ]);
    expect(await health()).to.deep.equal({ code: 200, status: "ready", primary: "up", reads: "up", redis: "down" });
    await product.redis.restart(port);
    await product.redis.whole();
    await until(
      () => app.ask("/healthz"),
      ({ body }) => body.redis === "up",
    );
    for (let request = 0; request < 100; request++) await app.ask("/items", visitor);
    expect((await app.ask("/items", visitor)).status).to.equal(429);
  });

  it("the database: cached answers, else 503 with a time to wait; the process lives, and is not ready", async () => {
    expect((await app.ask("/items/2")).status).to.equal(200);
    await product.replica.stop();
    await product.server.stopServer();
    expect((await app.ask("/items/2")).status).to.equal(200);
    for (const answer of [await app.ask("/items?page=7"), await put("lost")]) {
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
    await until(
      () => app.ask("/healthz"),
      ({ body }) => body.primary === "up" && body.reads === "up",
    );
    expect([(await put("back")).status, (await app.ask("/api/me", { token })).body.name]).to.deep.equal([200, "back"]);
  });

  it("and the log has no secret", () => {
    const { passwords } = product.server;
    const secrets = [passwords.app, token, new URL(product.redis.url).password, "fault@example.com"];
    expect(secrets.filter((secret) => app.log.includes(secret))).to.deep.equal([]);
    expect(app.log).to.contain('"msg":"request failed"');
  });
});
