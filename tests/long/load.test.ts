import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { expect } from "chai";
import { relativeCapacity } from "../../planner/capacity/usl";
import { type Load, type Result, resultOf } from "../../planner/load/result";
import { type Level, measure } from "../../planner/load/run";
import { scenarioSchema } from "../../planner/load/scenario";

const scenario = scenarioSchema.parse({
  name: "one",
  what: "one request",
  phases: [{ share: 1, from: 1, to: 1 }],
  steps: [{ name: "get", path: "/" }],
});

/** How far a prediction may be from what is measured, as a share. */
const tolerance = 0.15;
const attempts = 3;
/** Levels up to this share of the knee predict it. */
const lowerShare = 0.76;
const near = (value: number | undefined, wanted: number) =>
  expect(value).to.be.within((1 - tolerance) * wanted, (1 + tolerance) * wanted);

/** Servers, each with what it carries at most by construction, in requests a second. */
const servers = [
  { name: "a pool of 8 connections of 40 ms", args: [8, 40], most: 200 },
  {
    name: "20 connections that wait for each other",
    args: [20, 50, 0.05, 0.002],
    most: 20 * relativeCapacity(20, { sigma: 0.05, kappa: 0.002 }),
  },
];

describe("the knee of a server in its own process", () => {
  /** What each server carried; what a test that ended below three quarters of its knee predicted, and one after a level. */
  const results: { result: Result; predicted: Load["knee"]; first: Result }[] = [];
  const children: ChildProcess[] = [];

  async function testOf({ args, most }: (typeof servers)[number]) {
    const program = join(__dirname, "support", "limited.ts");
    const child = spawn("node", ["--import", "tsx", program, ...args.map(String)], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    children.push(child);
    const [port] = await once(child.stdout, "data");
    const origin = `http://127.0.0.1:${String(port).trim()}`;
    const test = {
      target: { origin, base: "", headers: {} },
      scenario,
      // Six levels are below three quarters of the knee.
      step: Math.round(most / 8),
      rate: Math.round(1.5 * most),
      seconds: 4,
      sources: [{ resource: "application" as const, url: `${origin}/metrics` }],
    };
    const measured = await measure(test, { signal: new AbortController().signal, onSecond: () => {} });
    const below = measured.levels.filter(({ rate }) => rate <= lowerShare * most);
    expect(below).to.have.length(6);
    const of = (levels: Level[]) =>
      resultOf(test, { ...measured, levels }, { stack: null, needed: null }, "2026-11-29");
    return { result: of(measured.levels), predicted: of(below).load.knee, first: of(measured.levels.slice(0, 1)) };
  }

  const isNear = (value: number, wanted: number) => Math.abs(value / wanted - 1) <= tolerance;

  /** A computer that does something else meanwhile moves the levels: the test has several attempts. */
  before(async function () {
    this.timeout(300_000);
    for (let attempt = 0; attempt < attempts; attempt++) {
      results.splice(0, results.length, ...(await Promise.all(servers.map(testOf))));
      const fine = servers.every(({ most }, at) => {
        const { result, predicted } = results[at] as (typeof results)[number];
        return isNear(predicted?.fitted?.throughput ?? 0, most) && isNear(result.load.knee?.measured ?? 0, most);
      });
      if (fine) return;
    }
  });
  after(() => {
    for (const child of children) child.kill();
  });

  servers.forEach(({ name, args, most }, at) => {
    it(`is asked of the whole pool for ${name}, of which the first level needs a part`, () => {
      const { first } = results[at] as (typeof results)[number];
      expect(first.sizes?.connections).to.equal(args[0]);
    });

    it(`is predicted for ${name} from the levels below three quarters of it, and what limits it is named`, () => {
      const { result, predicted } = results[at] as (typeof results)[number];
      const knee = predicted?.fitted;
      near(knee?.throughput, most);
      expect(knee?.binding).to.equal("connections");
      // What was held back: the highest throughput of the others.
      const held = result.load.levels.filter(({ rate }) => rate > lowerShare * most);
      expect(held.length).to.be.at.least(3);
      near(knee?.throughput, Math.max(...held.map(({ throughput }) => throughput)));
    });

    it(`is found for ${name} where two levels no longer keep up`, () => {
      const { load } = (results[at] as (typeof results)[number]).result;
      expect(load.levels.slice(-2).map(({ keepsUp }) => keepsUp)).to.deep.equal([false, false]);
      near(load.knee?.measured ?? undefined, most);
      expect(load.knee?.fitted?.binding).to.equal("connections");
      expect(load.levels.at(-1)?.utilisation.connections).to.be.above(0.9);
      expect(load.levels.every(({ errors }) => errors === 0)).to.equal(true);
    });
  });
});
