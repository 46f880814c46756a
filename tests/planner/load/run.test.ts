import { expect } from "chai";
import type { Figures } from "../../../planner/load/recorder";
import { goesOn, measure, mostLevels, type Row, type Test } from "../../../planner/load/run";
import { scenarioSchema } from "../../../planner/load/scenario";
import { startServer } from "./support/server";

const scenario = scenarioSchema.parse({
  name: "x",
  what: "x",
  phases: [
    { share: 1, from: 0.5, to: 0.5 },
    { share: 1, from: 1, to: 1 },
  ],
  steps: [
    { name: "sign-in", method: "POST", path: "/in", once: true, capture: { token: "token" } },
    { name: "look", path: "/look", headers: { authorization: "Bearer {token}" } },
  ],
});

const level = (rate: number, throughput = rate) => ({ rate, figures: { throughput } as Figures });

describe("a load test", () => {
  let server: Awaited<ReturnType<typeof startServer>>;
  let signedIn = 0;
  beforeEach(async () => {
    server = await startServer(({ url }, response) => {
      if (url === "/in") signedIn++;
      response.end(JSON.stringify({ token: `t${signedIn}` }));
    });
  });
  afterEach(() => server.stop());

  const testOf = (more: Partial<Test>): Test => ({
    target: { origin: server.origin, base: "", headers: {} },
    scenario,
    rate: 10,
    seconds: 4,
    sources: [],
    ...more,
  });
  const hooks = (controller = new AbortController(), onSecond: (row: Row) => void = () => {}) => ({
    signal: controller.signal,
    onSecond,
  });

  it("runs the phases of a scenario, second by second, and signs each user in once", async () => {
    const { levels, rows, stopped } = await measure(testOf({}), hooks());
    expect(rows.map(({ at, rate, offered, errors }) => [at, rate, offered, errors])).to.deep.equal([
      [0, 5, 5, 0],
      [1, 5, 5, 0],
      [2, 10, 10, 0],
      [3, 10, 10, 0],
    ]);
    expect(stopped).to.equal(false);
    expect(levels).to.have.length(1);
    // Without the first second.
    expect(levels[0]?.figures.offered).to.be.closeTo(25 / 3, 0.01);
    expect(server.got.filter(({ url }) => url === "/in")).to.have.length(10);
  });

  it("climbs a staircase, with users that go on from level to level", async () => {
    const told: number[] = [];
    const { levels, rows } = await measure(
      testOf({ step: 3, rate: 7, seconds: 2 }),
      hooks(undefined, ({ at }) => told.push(at)),
    );
    expect(levels.map(({ rate, from, to }) => [rate, from, to])).to.deep.equal([
      [3, 0, 2],
      [6, 2, 4],
    ]);
    expect(rows.map(({ at, rate }) => [at, rate])).to.deep.equal([
      [0, 3],
      [1, 3],
      [2, 6],
      [3, 6],
    ]);
    expect(server.got.filter(({ url }) => url === "/in")).to.have.length(6);
    expect(told).to.deep.equal([...told].sort((a, b) => a - b));
  });

  it("keeps what it measured where it is stopped", async () => {
    const controller = new AbortController();
    const result = await measure(
      testOf({ seconds: 60 }),
      hooks(controller, () => controller.abort()),
    );
    expect(result.stopped).to.equal(true);
    expect(result.rows.length).to.be.within(1, 10);
    expect(result.levels[0]?.to).to.equal(result.rows.length);
    expect(result.rows[0]).to.deep.include({ rate: 5, offered: 5 });
  });

  it("goes on until two levels in turn do not keep up, the highest rate, or too many levels", () => {
    expect(goesOn([], 10, 100)).to.equal(true);
    expect(goesOn([level(10)], 110, 100)).to.equal(false);
    expect(goesOn([level(10), level(20, 17)], 30, 100)).to.equal(true);
    expect(goesOn([level(10), level(20, 17), level(30, 30)], 40, 100)).to.equal(true);
    expect(goesOn([level(10), level(20, 17), level(30, 17)], 40, 100)).to.equal(false);
    // 90 % keep up.
    expect(goesOn([level(10), level(20, 18), level(30, 17)], 40, 100)).to.equal(true);
    const many = Array.from({ length: mostLevels }, (_, at) => level(at + 1));
    expect(goesOn(many, mostLevels + 1, 1000)).to.equal(false);
  });
});
