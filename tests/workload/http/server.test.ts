import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { expect } from "chai";
import { Unavailable } from "../../../workload/failures";
import { fakeApp } from "../fakes";

const session: [RegExp, object[]] = [/FROM sessions/, [{ user_id: 7 }]];
const items: [RegExp, object[]] = [/FROM items/, [{ id: 1, title: "one" }]];
const authorization = "Bearer token";

describe("the application's HTTP", () => {
  it("lets others keep what is the same for every visitor, for as long as its kind says", async () => {
    const { server } = fakeApp([items]);
    const header = async (url: string) => (await server.inject(url)).headers["cache-control"];
    expect(await header("/items")).to.equal("public, max-age=300, stale-while-revalidate=60");
    expect(await header("/items/1")).to.equal("public, max-age=300, stale-while-revalidate=60");
    expect(await header("/reference/categories")).to.equal("public, max-age=3600, stale-while-revalidate=600");
    expect(await header("/static/sitemap.json")).to.equal("public, max-age=86400, stale-while-revalidate=3600");
  });

  it("keeps what is a user's private, and errors and probes out of every cache", async () => {
    const { server } = fakeApp([session, [/FROM users/, [{ id: 7 }]]]);
    const mine = await server.inject({ url: "/api/me", headers: { authorization } });
    expect([mine.statusCode, mine.headers["cache-control"]]).to.deep.equal([200, "private, no-cache"]);
    for (const [url, status] of [
      ["/items/1", 404],
      ["/nothing", 404],
      ["/items/x", 400],
      ["/api/me", 401],
      ["/healthz", 200],
      ["/livez", 200],
      ["/metrics", 200],
    ] as const) {
      const { statusCode, headers } = await server.inject(url);
      expect([statusCode, headers["cache-control"], headers.etag], url).to.deep.equal([status, "no-store", undefined]);
    }
  });

  it("keeps nothing in Redis for what there is not, which anyone can make up", async () => {
    const { server, redis } = fakeApp();
    const statusOf = async (url: string) => (await server.inject({ url, headers: { authorization } })).statusCode;
    expect(await statusOf("/items/99")).to.equal(404);
    expect(await statusOf("/items?category=none")).to.equal(404);
    expect(await statusOf("/api/me")).to.equal(401);
    expect([...redis.values.keys()]).to.deep.equal([]);
  });

  it("answers 304 to a caller who has the answer, and to no other", async () => {
    const { server } = fakeApp([items]);
    const first = await server.inject("/items");
    const etag = first.headers.etag as string;
    expect(etag).to.match(/^"[\w-]{22}"$/);
    const again = (known: string) => server.inject({ url: "/items", headers: { "if-none-match": known } });
    for (const known of [etag, `W/${etag}`, `"other", ${etag}`, "*"]) {
      const { statusCode, body, headers } = await again(known);
      expect([statusCode, body, headers.etag], known).to.deep.equal([304, "", etag]);
      expect(headers["cache-control"]).to.equal(first.headers["cache-control"]);
    }
    expect((await again('"other"')).body).to.equal(first.body);
  });

  it("refuses an address beyond its limit, with the time to wait; an unknown address is not counted", async () => {
    const { server, redis } = fakeApp([items]);
    redis.script = () => [0, 0, 1_500_000];
    const refused = await server.inject({ url: "/items", headers: { "x-real-ip": "192.0.2.1" } });
    expect([refused.statusCode, refused.headers["retry-after"], refused.json()]).to.deep.equal([
      429,
      "2",
      { error: "too many requests" },
    ]);
    expect((await server.inject("/items")).statusCode).to.equal(200);
    const probed = await server.inject({ url: "/healthz", headers: { "x-real-ip": "192.0.2.1" } });
    expect(probed.statusCode).to.equal(200);
  });

  it("says when to come back while a store is down, and nothing about the inside", async () => {
    const { server, database } = fakeApp();
    database.error = new Unavailable("primary", { cause: new Error("password authentication failed") });
    const down = await server.inject("/items");
    expect([down.statusCode, down.headers["retry-after"], down.json()]).to.deep.equal([
      503,
      "5",
      { error: "primary is not available" },
    ]);
    database.error = new Error('relation "items" does not exist');
    const wrong = await server.inject("/items");
    expect([wrong.statusCode, wrong.headers["retry-after"], wrong.json()]).to.deep.equal([
      500,
      undefined,
      { error: "internal error" },
    ]);
  });

  it("shows its metrics inside the cluster, not through the gateway", async () => {
    const { server } = fakeApp([items]);
    await server.inject("/items/1");
    const inside = await server.inject("/metrics");
    expect(inside.body).to.contain(
      'http_request_duration_seconds_count{method="GET",route="/items/:id",status="200"} 1',
    );
    expect(inside.body).to.contain('cache_requests_total{kind="list",result="miss"} 1');
    const outside = await server.inject({ url: "/metrics", headers: { "x-forwarded-for": "192.0.2.1" } });
    expect([outside.statusCode, outside.json()]).to.deep.equal([404, { error: "not found" }]);
  });

  it("is not ready while it stops, and alive", async () => {
    const { server, context } = fakeApp();
    context.stopping = true;
    const ready = await server.inject("/healthz");
    expect([ready.statusCode, ready.json(), ready.headers.connection]).to.deep.equal([
      503,
      { status: "stopping" },
      "close",
    ]);
    expect((await server.inject("/livez")).statusCode).to.equal(200);
  });

  it("is ready without Redis, and not without a database", async () => {
    const { server, redis, database } = fakeApp();
    redis.down = true;
    const without = await server.inject("/healthz");
    expect([without.statusCode, without.json()]).to.deep.equal([
      200,
      { status: "ready", primary: "up", reads: "up", redis: "down" },
    ]);
    database.error = new Unavailable("primary");
    const neither = await server.inject("/healthz");
    expect([neither.statusCode, neither.json().status]).to.deep.equal([503, "not ready"]);
  });

  it("is ready without a replica, while the primary answers", async () => {
    const { server, database } = fakeApp();
    database.readError = new Unavailable("read");
    const without = await server.inject("/healthz");
    expect([without.statusCode, without.json()]).to.deep.equal([
      200,
      { status: "ready", primary: "up", reads: "down", redis: "up" },
    ]);
  });

  it("counts an IPv6 visitor by network, and a provider's webhooks by no address", async () => {
    const { server, redis } = fakeApp([items], { WEBHOOK_SECRETS: "whsec_c2VjcmV0" });
    redis.script = () => [0, 0, 1_500_000];
    const ask = async (method: "GET" | "POST", url: string) =>
      (await server.inject({ method, url, headers: { "x-real-ip": "2001:db8::1" } })).statusCode;
    expect(await ask("GET", "/items")).to.equal(429);
    expect(redis.scripted).to.deep.equal(["limit:address:2001:db8:0:0::/64"]);
    // Not signed: refused by the route, not by the limit.
    expect(await ask("POST", "/webhooks/payments")).to.equal(401);
    expect(redis.scripted).to.have.length(1);
  });

  it("waits for a provider that takes its time", async () => {
    const provider = createServer((_, response) => {
      setTimeout(() => response.end(JSON.stringify({ answer: "yes" })), 200);
    });
    provider.listen(0, "127.0.0.1");
    await once(provider, "listening");
    const { server, context } = fakeApp([session], {
      PROVIDER_URL: `http://127.0.0.1:${(provider.address() as AddressInfo).port}/`,
    });
    const payload = { message: "a question" };
    const answer = await server.inject({ method: "POST", url: "/api/chat", payload, headers: { authorization } });
    context.chat.close();
    provider.close();
    expect([answer.statusCode, answer.json()]).to.deep.equal([200, { answer: "yes" }]);
  });

  it("adds credits only under a key", async () => {
    const { server, database } = fakeApp([session]);
    const buy = { method: "POST", url: "/api/me/credits", payload: { amount: 1 }, headers: { authorization } } as const;
    expect((await server.inject(buy)).statusCode).to.equal(400);
    expect(database.asked).to.deep.equal([]);
  });

  it("keeps a caller's request id if it is one", async () => {
    const { server } = fakeApp();
    const idOf = async (given: string) =>
      (await server.inject({ url: "/livez", headers: { "x-request-id": given } })).headers["x-request-id"];
    expect(await idOf("abcdef12-3456")).to.equal("abcdef12-3456");
    expect(await idOf('"}\n{')).to.match(/^[0-9a-f-]{36}$/);
  });

  for (const [MODE, get, put] of [
    ["read-only", 200, 503],
    ["maintenance", 503, 503],
  ] as const)
    it(`refuses in ${MODE} mode what it must`, async () => {
      const { server } = fakeApp([session, items], { MODE });
      const given = { headers: { authorization } };
      const read = await server.inject({ url: "/items", ...given });
      const written = await server.inject({ method: "PUT", url: "/api/me", payload: { name: "a" }, ...given });
      expect([read.statusCode, written.statusCode, written.headers["retry-after"]]).to.deep.equal([get, put, "60"]);
      expect((await server.inject("/healthz")).statusCode).to.equal(200);
    });

  it("refuses a body that does not fit", async () => {
    const { server, database } = fakeApp([session]);
    const post = async (payload: object) =>
      (await server.inject({ method: "POST", url: "/api/users", payload })).statusCode;
    for (const wrong of [{}, { email: "a@b.example" }, { email: "no", name: "a" }, { email: "a@b.example", name: "" }])
      expect(await post(wrong), JSON.stringify(wrong)).to.equal(400);
    expect(database.asked).to.deep.equal([]);
  });
});
