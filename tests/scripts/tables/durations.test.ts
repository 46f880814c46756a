import { expect } from "chai";
import type { Duration } from "../../../planner/duration/duration";
import { type Durations, durationTablesOf, tierDurations } from "../../../scripts/tables/durations";
import { tierNames } from "../../../tiers";

/** A duration of steps one after the other. */
const durationOf = (...steps: [path: string, minutes: number][]): Duration => {
  const path = steps.map(([path, minutes]) => ({ path, minutes }));
  return {
    minutes: path.reduce((sum, { minutes }) => sum + minutes, 0),
    longest: path.reduce((longest, step) => (step.minutes > longest.minutes ? step : longest)),
    path,
  };
};

describe("tables of durations", () => {
  const rowsOf = (name: string, durations: Durations) => durationTablesOf(durations)[name]?.().split("\n").slice(2);

  it("show the steps of a minute or longer, in the order of work", () => {
    const duration = durationOf(["tierstack/network/vpc", 0.3], ["tierstack/db", 8], ["tierstack/app/deployment", 1.5]);
    const durations: Durations = {
      first: new Map([["startup", duration]]),
      moves: [{ from: "growth", to: "startup", duration }],
    };
    const cells = "10 | 8 | `db` 8, `app/deployment` 1.5 |";
    expect(rowsOf("first-deployments", durations)).to.deep.equal([`| Startup | ${cells}`]);
    expect(rowsOf("move-durations", durations)).to.deep.equal([`| Growth to Startup | ${cells}`]);
  });

  it("have every tier, and every move between neighbours that the engine lets through", async () => {
    const { first, moves } = await tierDurations();
    expect([...first.keys()]).to.deep.equal([...tierNames]);
    expect(moves.map(({ from, to }) => `${from} ${to}`)).to.deep.equal([
      "mvp startup",
      "startup growth",
      "growth scale",
      "scale growth",
      "growth startup",
      "startup mvp",
    ]);
    for (const { duration } of moves) expect(duration.minutes).to.be.above(duration.longest?.minutes ?? Infinity);
  });
});
