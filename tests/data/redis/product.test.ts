import { randomUUID } from "node:crypto";
import { expect } from "chai";
import { loadConfig } from "../../../workload/config";
import { type App, buildApp } from "../../../workload/http/server";
import { connectRedis } from "../../../workload/stores/redis";
import { createLogger } from "../../../workload/telemetry/logger";
import { Metrics } from "../../../workload/telemetry/metrics";
import { sign } from "../../../workload/webhooks/signature";
import { until } from "../../long/support/instance";
import { QueueServers } from "./servers";

const secret = Buffer.from("a secret of the provider");
const processes = 3;

describe("jobs and webhooks of the application", () => {
  let servers: QueueServers;
  let apps: App[] = [];

  before(async function () {
    servers = await QueueServers.start(this);
    const { cluster, database } = servers;
    const own = { PORT: "1", LOG_LEVEL: "silent", WEBHOOK_SECRETS: `whsec_${secret.toString("base64")}` };
    const config = loadConfig({ ...servers.environment(), ...own });
    apps = Array.from({ length: processes }, () => {
      const redis = connectRedis(config, { ca: cluster.ca });
      return buildApp({ config, database, redis, metrics: new Metrics(), log: createLogger(config) });
    });
    await until(
      async () => apps.every(({ context }) => context.redis.status === "ready"),
      () => "Redis is not ready",
    );
  });

  after(async () => {
    for (const { server, context } of apps) {
      await server.close();
      context.redis.disconnect();
    }
    await servers?.close();
  });

  const app = (process: number) => (apps[process % processes] as App).server;

  /** Signs a new user up. */
  async function visitor(): Promise<{ id: number; headers: Record<string, string> }> {
    const payload = { email: `${randomUUID()}@example.com`, name: "Ada" };
    const answer = await app(0).inject({ method: "POST", url: "/api/users", payload });
    const { id, token } = answer.json();
    return { id, headers: { authorization: `Bearer ${token}` } };
  }

  const credits = async (headers: Record<string, string>, process = 0) =>
    (await app(process).inject({ url: "/api/me/credits", headers })).json().balance as number;

  /** Kinds of a user's events. */
  async function eventsOf(user: number): Promise<string[]> {
    const sql = "SELECT kind FROM events WHERE user_id = $1 ORDER BY id";
    const { rows } = await servers.database.read((client) => client.query(sql, [user]), { fresh: true });
    return rows.map(({ kind }) => kind);
  }

  it("adds credits once for a request that is repeated, wherever", async () => {
    const [{ id, headers }, other] = [await visitor(), await visitor()];
    const buy = async (key: string, given = headers, process = 0) => {
      const own = { ...given, "idempotency-key": key };
      const request = { method: "POST", url: "/api/me/credits", headers: own, payload: { amount: 5 } } as const;
      return (await app(process).inject(request)).json().balance;
    };
    const balances = await Promise.all([0, 1, 2, 0].map((process) => buy("same-request", headers, process)));
    expect(balances).to.deep.equal([105, 105, 105, 105]);
    expect(await buy("other-request")).to.equal(110);
    // The key is the user's own.
    expect(await buy("same-request", other.headers)).to.equal(105);
    expect(await eventsOf(id)).to.deep.equal(["credits.bought", "credits.bought"]);
  });

  it("has jobs of each kind, at its price and with its limit", async () => {
    const { id, headers } = await visitor();
    const ask = async (path: string, n: number) => {
      const own = { ...headers, "idempotency-key": `${path}-request-${n}` };
      const payload = { prompt: "a car" };
      return (await app(n).inject({ method: "POST", url: `/api/${path}`, headers: own, payload })).statusCode;
    };
    expect([await ask("trainings", 0), await credits(headers)]).to.deep.equal([202, 50]);
    for (const [n, left] of [40, 30, 20].entries())
      expect([await ask("videos", n), await credits(headers)]).to.deep.equal([202, left]);
    expect([await ask("videos", 3), await credits(headers)]).to.deep.equal([429, 20]);
    // Neither paid nor noted.
    expect([await ask("trainings", 1), await credits(headers)]).to.deep.equal([402, 20]);
    expect(await eventsOf(id)).to.deep.equal(Array(4).fill("job.submitted"));
    await servers.queues.of("default").obliterate();
    await servers.database.write((client) => client.query("DELETE FROM jobs WHERE user_id = $1", [id]));
  });

  describe("an image", () => {
    const ask = (headers: Record<string, string>, key: string, payload: object, process = 0) =>
      app(process).inject({
        method: "POST",
        url: "/api/images",
        headers: { ...headers, "idempotency-key": key },
        payload,
      });

    it("is made once for a request that is repeated, wherever, and paid once", async () => {
      const { id: user, headers } = await visitor();
      const answers = await Promise.all(
        [0, 1, 2, 0].map((process) => ask(headers, "same-request", { prompt: "a car" }, process)),
      );
      expect(answers.map(({ statusCode }) => statusCode)).to.deep.equal([202, 202, 202, 202]);
      const ids = new Set(answers.map((answer) => answer.json().id));
      expect(ids.size).to.equal(1);
      expect(answers[0]?.headers.location).to.equal(`/api/jobs/${[...ids][0]}`);
      expect(await credits(headers)).to.equal(99);
      expect(await eventsOf(user)).to.deep.equal(["job.submitted"]);
      expect(await servers.waiting()).to.equal(1);
    });

    it("is asked for at times that the answers name, until it is there: the next question sees it", async () => {
      const { headers } = await visitor();
      const { id } = (await ask(headers, "poll-request", { prompt: "a car" })).json();
      const status = (process: number) => app(process).inject({ url: `/api/jobs/${id}`, headers });
      const queued = await status(1);
      expect(queued.json()).to.include({ id, state: "queued", result: null });
      expect(queued.json().pollAfterMs).to.be.within(500, 45_000);
      expect(Number(queued.headers["retry-after"])).to.equal(Math.ceil(queued.json().pollAfterMs / 1000));
      const worker = await servers.startWorker();
      // Not its row in Postgres: that is there a moment before the mark that leads the user's reads to it.
      await until(
        async () => (await servers.queues.of("default").getJobState(id)) === "completed",
        () => worker.log,
        120,
      );
      // Cached by the process that was asked before, and by another one.
      const url = `https://images.example/${id}`;
      for (const process of [1, 2]) {
        const done = await status(process);
        expect(done.json()).to.deep.equal({ id, state: "done", result: { url } });
        expect(done.headers).not.to.have.property("retry-after");
      }
      await servers.killWorkers();
    });

    it("is not shown to another user, and not made without its price, a key or a prompt", async () => {
      const [owner, other] = [await visitor(), await visitor()];
      const { id } = (await ask(owner.headers, "owner-request", { prompt: "a car" })).json();
      const foreign = await app(0).inject({ url: `/api/jobs/${id}`, headers: other.headers });
      expect([foreign.statusCode, foreign.json()]).to.deep.equal([404, { error: "no such job" }]);
      await servers.database.write((client) =>
        client.query("UPDATE credits SET balance = 0 WHERE user_id = $1", [other.id]),
      );
      const poor = await ask(other.headers, "poor-request", { prompt: "a car" });
      expect([poor.statusCode, poor.json()]).to.deep.equal([402, { error: "the job costs 1 credits" }]);
      const sql = "SELECT FROM jobs WHERE user_id = $1";
      expect(
        (await servers.database.read((client) => client.query(sql, [other.id]), { fresh: true })).rowCount,
      ).to.equal(0);
      expect((await ask(owner.headers, "short", { prompt: "a car" })).statusCode).to.equal(400);
      expect((await ask(owner.headers, "owner-request-2", {})).statusCode).to.equal(400);
      expect((await ask(owner.headers, "owner-request-3", { prompt: "a car", priority: "first" })).statusCode).to.equal(
        400,
      );
    });
  });

  describe("a webhook", () => {
    const deliver = (id: string, payload: object, process = 0, change: Record<string, string> = {}) => {
      const body = Buffer.from(JSON.stringify(payload));
      const timestamp = String(Math.floor(Date.now() / 1000));
      const headers = {
        "content-type": "application/json",
        "webhook-id": id,
        "webhook-timestamp": timestamp,
        "webhook-signature": sign(secret, { id, timestamp, body }),
        ...change,
      };
      return app(process).inject({ method: "POST", url: "/webhooks/payments", headers, payload: body });
    };
    const payment = (userId: number, amount: number) => ({
      type: "payment.succeeded",
      data: { userId, credits: amount },
    });

    it("has one effect, however often it comes at the same time, in however many processes", async () => {
      const { id, headers } = await visitor();
      const deliveries = Array.from({ length: 50 }, (_, n) => deliver("msg_burst", payment(id, 10), n));
      const answers = await Promise.all(deliveries);
      expect(answers.map(({ statusCode }) => statusCode)).to.deep.equal(Array(50).fill(200));
      expect(answers.filter((answer) => answer.json().duplicate === false)).to.have.length(1);
      for (const process of [0, 1, 2]) expect(await credits(headers, process)).to.equal(110);
      expect(await eventsOf(id)).to.deep.equal(["payment.received"]);
    });

    it("is remembered for a day in Redis, and by Postgres where Redis has lost it", async () => {
      const { id, headers } = await visitor();
      expect((await deliver("msg_kept", payment(id, 5))).json()).to.deep.equal({ duplicate: false });
      const mark = "webhook:payments:msg_kept";
      expect(await servers.redis.ttl(mark)).to.be.within(86_000, 86_400);
      expect((await deliver("msg_kept", payment(id, 5), 1)).json()).to.deep.equal({ duplicate: true });
      await servers.redis.del(mark);
      expect((await deliver("msg_kept", payment(id, 5), 2)).json()).to.deep.equal({ duplicate: true });
      expect(await credits(headers)).to.equal(105);
    });

    it("has its effect when it is repeated after a failure", async () => {
      const { id, headers } = await visitor();
      await servers.database.write((client) => client.query("DELETE FROM credits WHERE user_id = $1", [id]));
      expect((await deliver("msg_again", payment(id, 7))).statusCode).to.equal(422);
      await servers.database.write((client) => client.query("INSERT INTO credits VALUES ($1, 0)", [id]));
      expect((await deliver("msg_again", payment(id, 7))).json()).to.deep.equal({ duplicate: false });
      expect(await credits(headers)).to.equal(7);
    });

    it("is refused unsigned, signed by others, too late, or with another body", async () => {
      const { id, headers } = await visitor();
      const old = String(Math.floor(Date.now() / 1000) - 301);
      const body = Buffer.from(JSON.stringify(payment(id, 1)));
      const changes: Record<string, string>[] = [
        { "webhook-signature": "" },
        { "webhook-signature": sign(Buffer.from("other"), { id: "msg_1", timestamp: old, body }) },
        { "webhook-timestamp": old, "webhook-signature": sign(secret, { id: "msg_1", timestamp: old, body }) },
        { "webhook-id": "msg_2" },
        { "webhook-id": "" },
      ];
      for (const change of changes) {
        const answer = await deliver("msg_1", payment(id, 1), 0, change);
        expect([answer.statusCode, answer.json()], JSON.stringify(change)).to.deep.equal([
          401,
          { error: "the signature does not fit, or is too old" },
        ]);
      }
      expect(await credits(headers)).to.equal(100);
    });

    it("of another kind is taken without an effect, and one that is none is refused", async () => {
      const { id } = await visitor();
      expect(
        (await deliver("msg_other", { type: "payment.failed", data: { userId: id, credits: 1 } })).statusCode,
      ).to.equal(204);
      for (const payload of [{}, { type: "payment.succeeded" }, payment(id, -1), payment(id, 1.5)])
        expect((await deliver("msg_bad", payload)).statusCode, JSON.stringify(payload)).to.equal(400);
    });
  });
});
