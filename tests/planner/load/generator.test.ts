import { expect } from "chai";
import { send } from "../../../planner/load/generator";
import { streamsOf } from "../../../planner/load/profile";
import type { Arrival } from "../../../planner/load/recorder";
import { scenarioSchema } from "../../../planner/load/scenario";
import { Session } from "../../../planner/load/session";
import { type Got, startServer } from "./support/server";

const scenarioOf = (...steps: object[]) =>
  scenarioSchema.parse({ name: "x", what: "x", phases: [{ share: 1, from: 1, to: 1 }], steps });
const onOne = { name: "get", path: "/one" };

describe("the generator", () => {
  let stop: (() => void) | undefined;
  afterEach(() => stop?.());

  /** Sends counts of requests to a server. */
  async function sent(
    counts: number[],
    steps: object[],
    answer: Parameters<typeof startServer>[0],
    controller = new AbortController(),
  ) {
    const server = await startServer(answer);
    stop = server.stop;
    const arrivals: Arrival[] = [];
    const scenario = scenarioOf(...steps);
    const session = (user: number) => new Session(scenario, user + 1, { base: "", headers: { "x-test": "1" } });
    const load = { origin: server.origin, streams: streamsOf(counts), session };
    await send({ ...load, record: (one) => arrivals.push(one) }, controller.signal);
    return { got: server.got, arrivals, origin: server.origin };
  }

  const outcomes = (arrivals: Arrival[]) => {
    const kinds: Record<string, number> = {};
    for (const { outcome, sent: was } of arrivals) if (was) kinds[outcome] = (kinds[outcome] ?? 0) + 1;
    return kinds;
  };

  it("sends as many requests as asked for, each user on a connection of its own, and records each", async () => {
    const { got, arrivals } = await sent([8, 20, 8], [onOne], (_, response) => response.end("{}"));
    expect(got).to.have.length(36);
    expect(new Set(got.map(({ connection }) => connection)).size).to.equal(20);
    expect(outcomes(arrivals)).to.deep.equal({ ok: 36 });
    expect(got[0]?.headers).to.include({ "x-test": "1" });
  });

  it("does not wait for a slow server, and says what was held up", async () => {
    const { got, arrivals } = await sent([10, 10, 10], [onOne], ({ connection }, response) => {
      // Half of the users get no answer.
      if (connection % 2 === 0) response.end("{}");
    });
    expect(got.filter(({ connection }) => connection % 2 === 0)).to.have.length(15);
    expect(got.filter(({ connection }) => connection % 2 === 1)).to.have.length(5);
    expect(outcomes(arrivals)).to.deep.equal({ ok: 15, unfinished: 5 });
    expect(arrivals.filter((one) => !one.sent)).to.have.length(10);
  });

  it("tells a status that is not expected from an answer, and a closed connection from both", async () => {
    const answers: Record<string, (response: Parameters<Parameters<typeof startServer>[0]>[1]) => void> = {
      "/fails": (response) => response.writeHead(503).end(),
      "/missing": (response) => response.writeHead(404).end(),
      "/closes": (response) => response.socket?.destroy(),
    };
    const answer = ({ url }: Got, response: Parameters<Parameters<typeof startServer>[0]>[1]) =>
      answers[url]?.(response);
    const { arrivals: failing } = await sent([4, 4], [{ name: "a", path: "/fails" }], answer);
    expect(outcomes(failing)).to.deep.equal({ 503: 8 });
    stop?.();
    const { arrivals: missing } = await sent([4], [{ name: "a", path: "/missing", expect: [404] }], answer);
    expect(outcomes(missing)).to.deep.equal({ ok: 4 });
    stop?.();
    const { arrivals: closing } = await sent([4, 4, 4], [{ name: "a", path: "/closes" }], answer);
    expect(outcomes(closing).closed).to.equal(8);
    expect(outcomes(closing).ok).to.equal(undefined);
  });

  it("sends bodies, and what the answers gave", async () => {
    const steps = [
      { name: "make", method: "POST", path: "/jobs", body: { n: "{number:1-9}" }, capture: { job: "id" } },
      { name: "read", path: "/jobs/{job}" },
    ];
    const { got } = await sent([3, 3], steps, ({ connection }, response) => response.end(`{"id":${connection}}`));
    const made = got.filter(({ method }) => method === "POST");
    expect(made).to.have.length(3);
    for (const { body, headers } of made) {
      expect(JSON.parse(body).n).to.be.within(1, 9);
      expect(headers["content-type"]).to.equal("application/json");
    }
    const read = got.filter(({ method }) => method === "GET");
    expect(read.map(({ url, connection }) => url === `/jobs/${connection}`)).to.deep.equal([true, true, true]);
  });

  it("ends at once where it is stopped", async () => {
    const controller = new AbortController();
    let answers = 0;
    const { got } = await sent(
      Array.from({ length: 60 }, () => 5),
      [onOne],
      (_, response) => {
        response.end("{}");
        if (++answers === 8) controller.abort();
      },
      controller,
    );
    expect(got.length).to.be.within(8, 15);
  });

  it("sends nothing where it is stopped before, or nothing is asked for", async () => {
    const controller = new AbortController();
    controller.abort();
    const answer: Parameters<typeof startServer>[0] = (_, response) => response.end();
    expect((await sent([5], [onOne], answer, controller)).got).to.deep.equal([]);
    stop?.();
    expect((await sent([0, 0], [onOne], answer)).got).to.deep.equal([]);
  });
});
