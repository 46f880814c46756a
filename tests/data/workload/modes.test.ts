import { setTimeout as sleep } from "node:timers/promises";
import { expect } from "chai";
import type { WorkloadProcess } from "../support/workload";
import { Product, type Redis } from "./support/product";

describe("modes, switched while the product runs", () => {
  let product: Product;
  let apps: WorkloadProcess[];
  let redis: Redis;
  let token: string;

  before(async function () {
    product = await Product.start(this);
    apps = await Promise.all([1, 2].map(() => product.startApp()));
    redis = product.connect().redis;
    await new Promise((resolve) => redis.once("ready", resolve));
    token = await (apps[0] as WorkloadProcess).join("mode");
  });

  after(async () => {
    redis?.disconnect();
    await product?.close();
  });

  /** Switches every process: each reads the switches every second. */
  async function change(...words: string[]) {
    const command = await product.startCommand("switch.ts", ...words);
    await command.succeeded();
    await sleep(2500);
    return command.log;
  }

  /** What each process answers: its status and `Retry-After`. */
  const answers = async (path: string, method = "GET") => {
    const given = { method, token, ...(method === "PUT" && { json: { name: "other" } }) };
    const all = await Promise.all(apps.map((app) => app.ask(path, given)));
    return all.map(({ status, headers }) => [status, headers.get("retry-after")]);
  };
  const both = (status: number, retryAfter: string | null = null) => [
    [status, retryAfter],
    [status, retryAfter],
  ];

  it("read-only refuses writes with a time to wait, and answers reads", async () => {
    expect(await change("mode", "read-only")).to.equal("mode read-only\n");
    expect(await answers("/api/me", "PUT")).to.deep.equal(both(503, "60"));
    for (const path of ["/api/me", "/reference/categories", "/healthz", "/livez"])
      expect(await answers(path), path).to.deep.equal(both(200));
    expect((await apps[0]?.ask("/api/me", { token }))?.body.name).to.equal("mode");
  });

  it("maintenance refuses visitors with a time to wait, and neither probes nor Prometheus", async () => {
    await change("mode", "maintenance");
    for (const path of ["/api/me", "/reference/categories", "/static/sitemap.json", "/none"])
      expect(await answers(path), path).to.deep.equal(both(503, "60"));
    for (const path of ["/healthz", "/livez", "/metrics"]) expect(await answers(path), path).to.deep.equal(both(200));
  });

  it("normal serves again; so does a mode that there is not", async () => {
    await change("mode", "normal");
    expect(await answers("/api/me", "PUT")).to.deep.equal(both(200));
    await redis.hset("switches", "mode", "closed");
    await sleep(2500);
    expect(await answers("/api/me", "PUT")).to.deep.equal(both(200));
  });

  it("are the environment's while Redis holds none", async () => {
    expect(await change("limits", "2")).to.equal("mode closed, limits 2\n");
    expect(await change("off")).to.equal("off\n");
    expect(await redis.exists("switches")).to.equal(0);
    const app = await product.startApp({ MODE: "read-only" });
    expect((await app.ask("/api/me", { method: "PUT", token, json: { name: "x" } })).status).to.equal(503);
    await redis.hset("switches", "mode", "normal");
    await sleep(2500);
    expect((await app.ask("/api/me", { method: "PUT", token, json: { name: "x" } })).status).to.equal(200);
  });
});
