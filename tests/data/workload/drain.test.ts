import { Agent, request as send } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import { expect } from "chai";
import { faults, measuredNow, postgresVersion, recordFault } from "../support/faults";
import type { Answer, WorkloadProcess } from "../support/workload";
import { Product } from "./support/product";

const clients = 20;

/** Sends a request on a connection that stays open between requests. Returns its status, or the error's code. */
function ask(app: WorkloadProcess, agent: Agent, path: string): Promise<number | string> {
  return new Promise((resolve) => {
    const request = send({ host: "127.0.0.1", port: app.port, path, agent }, (response) => {
      response.resume();
      response.on("end", () => resolve(response.statusCode as number));
      response.on("error", (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message));
    });
    request.on("error", (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message));
    request.end();
  });
}

describe("a process that is told to stop", () => {
  let product: Product;

  before(async function () {
    product = await Product.start(this);
  });

  after(async () => product?.close());

  /** Keeps the row of a user locked, so that a write of the user takes that long. */
  const hold = (seconds: number) =>
    product.server.sandbox.start(
      product.server.bin.psql,
      ["-XAtq", "-d", "app", "-c", `BEGIN; SELECT 1 FROM users FOR UPDATE; SELECT pg_sleep(${seconds}); COMMIT`],
      product.server.connection(product.server.ports.server, "postgres"),
    );

  const locked = async () => {
    const sleeping = "SELECT count(*) FROM pg_stat_activity WHERE wait_event = 'PgSleep'";
    for (let attempt = 0; attempt < 100; attempt++) {
      if (product.sql(sleeping) !== "0") return;
      await sleep(50);
    }
    throw new Error("no lock");
  };

  it("fails its health check first, answers every request, and exits with 0", async () => {
    const app = await product.startApp();
    const token = await app.join("drain");
    hold(4);
    await locked();
    const slow = app.ask("/api/me", { method: "PUT", token, json: { name: "slow" } });
    // As a load balancer does: requests until the health check fails.
    let healthy = true;
    const outcomes: Record<string, number> = {};
    let later = 0;
    const client = async () => {
      const agent = new Agent({ keepAlive: true, maxSockets: 1 });
      while (healthy) {
        const outcome = await ask(app, agent, "/reference/categories");
        outcomes[outcome] = (outcomes[outcome] ?? 0) + 1;
        if (outcome !== 200) break;
        if (stopping) later += 1;
      }
      agent.destroy();
    };
    let stopping = false;
    const load = Promise.all(Array.from({ length: clients }, client));
    await sleep(500);
    stopping = true;
    const exit = app.stop();
    let checked: Answer | undefined;
    do {
      await sleep(50);
      checked = await app.ask("/healthz").catch(() => undefined);
    } while (checked?.status === 200);
    await sleep(200);
    healthy = false;
    expect([checked?.status, checked?.body]).to.deep.equal([503, { status: "stopping" }]);
    await load;
    expect(Object.keys(outcomes), JSON.stringify(outcomes)).to.deep.equal(["200"]);
    expect(later).to.be.above(clients);
    const { status, body } = await slow;
    const acknowledged = status === 200 ? 1 : 0;
    const { bin, version } = product.server;
    recordFault({
      fault: faults.applicationStops,
      saw: `no error; ${outcomes["200"]} requests answered, ${later} of them after SIGTERM`,
      acknowledged,
      lost: acknowledged - Number(product.sql("SELECT count(*) FROM users WHERE name = 'slow'")),
      measured: measuredNow(postgresVersion(bin.postgres), `PgBouncer ${version}`),
    });
    expect([status, body.name]).to.deep.equal([200, "slow"]);
    expect(await exit, app.log).to.equal(0);
  });

  it("ends in time although a request does not", async () => {
    const app = await product.startApp({ DRAIN_NOTICE_MS: "0", DRAIN_MS: "500" });
    const token = await app.join("late");
    const holder = hold(20);
    await locked();
    const slow = app.ask("/api/me", { method: "PUT", token, json: { name: "late" } }).catch(() => "no answer");
    await sleep(500);
    expect(await app.stop(), app.log).to.equal(0);
    expect([await slow, holder.exitCode]).to.deep.equal(["no answer", null]);
    expect(app.log).to.contain("requests were still running at the end of DRAIN_MS");
    holder.kill();
  });
});
