import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { parse, stringify } from "yaml";
import { type Tier, tierNames } from "../../tiers";
import { type Run, runCli, runCliAt } from "../planner/cli/support";
import { testProject } from "../support/project";

/** What `npm run diff` says of a move. */
interface Told {
  verdict: string;
  /** Lines on stderr, without the move's name. Exit code 0 without any, 1 with some. */
  problems: string[];
  /** Paths of what is replaced, by cause, without the root. */
  replaced: Record<string, string[]>;
  phases: string[];
}

const safe = "Data is safe: nothing that holds it is replaced or deleted.";
const stopped = (number: number, keep: string, kept: number) =>
  `The engine stops this move: it would replace or delete ${number} protected resources. Set ${keep} to true to keep ${kept < number ? `${kept} of them` : kept === 2 ? "both" : `all ${kept}`}.`;
const [on, off] = ["Turn on maintenance", "Turn off maintenance"];
const copies = "Delete the read replicas that stay (docs/moving.md#read-replicas)";
const back = "Copy newer data back into the in-cluster stores (docs/moving.md#startup-to-mvp)";
const stop = "Stop the workers and the scheduled jobs";
const start = "Start the workers and the scheduled jobs";
const copied = "Copy the database (docs/moving.md#mvp-to-startup)";
const note = "Note the address of Redis";
const moved = "Move keys and jobs to the new Redis (docs/queues.md#move)";
const fits = "Check that the database fits (docs/handover.md#startup-to-mvp)";
const own = "own property";
const job = { [own]: ["postgres/bootstrap/job"] };
const suffix = { [own]: ["app-environment/secret-suffix"] };
const stores = {
  [own]: ["app-environment/secret-suffix", "cluster/ready", "postgres/bootstrap/job"],
  "tierstack/app-environment/secret-suffix": ["app-environment/secret"],
};

/** What runs on either cluster, by component: the other provider replaces it. */
const objects = {
  "app-environment": ["secret"],
  app: [
    ...["account", "autoscaler", "deployment", "disruption-budget", "egress-policy", "gateway", "gateway-tls"],
    ...["ingress-policy", "service"],
  ],
  namespaces: [
    ...["app", "app-allow-dns", "app-default-deny", "authority", "data", "data-allow-dns", "data-default-deny"],
  ],
  "postgres/bootstrap": ["job", "policy", "script"],
  postgres: ["credentials"],
  "postgres/pgbouncer": ["account", "config", "deployment", "exporter", "policy", "service", "tls", "users"],
  priorities: ["application", "pooler", "stores", "workers-high", "workers-low", "workers-normal"],
  workers: ["account", "budget-default", "policy", "pool-default"],
};
const cluster = { provider: Object.entries(objects).flatMap(([at, names]) => names.map((name) => `${at}/${name}`)) };

const kept = (paths: string, keep: string, from: Tier, to: Tier) =>
  `${paths} would be deleted, but are protected, so the engine stops the move; fix: set tierstack:${keep} to true in ` +
  `Pulumi.${from}.yaml, the stack that moves, and in Pulumi.${to}.yaml, which this diff reads`;
const nodeState = (from: Tier, to: Tier) =>
  kept("tierstack/node-state/client-ca-certificate and 6 more", "keep.nodeState", from, to);
const managedStores = (from: Tier) => kept("tierstack/postgres/primary and 1 more", "keep.managedStores", from, "mvp");
const deleted = (path: string) =>
  `tierstack/${path} is protected, and the move would delete it, so the engine stops; fix: keep it in the program`;
const used = (path: string) =>
  `AWS refuses the change of tierstack/${path}: tierstack/postgres/replica-0, which stays in the account, uses it`;

const moves: Record<string, Told> = {
  "mvp -> startup": {
    verdict: safe,
    problems: [],
    replaced: stores,
    phases: [on, "Drain the queues", note, stop, "Move to startup", copied, moved, start, off],
  },
  "startup -> growth": {
    verdict: stopped(7, "keep.nodeState", 7),
    problems: [nodeState("startup", "growth")],
    replaced: cluster,
    phases: [on, "Move to growth", off],
  },
  "growth -> scale": { verdict: safe, problems: [], replaced: job, phases: [on, "Move to scale", off] },
  "scale -> growth": {
    verdict: safe,
    problems: [],
    replaced: job,
    phases: ["Check the cache", on, "Move to growth", "Lower the limit of the nodes", off, copies],
  },
  "growth -> startup": {
    verdict: safe,
    problems: [],
    replaced: cluster,
    phases: [on, "Move to startup", off, copies],
  },
  "startup -> mvp": {
    verdict: stopped(2, "keep.managedStores", 2),
    problems: [managedStores("startup")],
    replaced: stores,
    phases: [fits, on, note, stop, "Move to mvp", back, moved, start, off],
  },
  "mvp -> scale": {
    verdict: stopped(11, "keep.nodeState", 7),
    problems: [
      "mvp and scale are not neighbours; fix: go one tier at a time: mvp, startup, growth, scale",
      ...["postgres/cluster/data", "postgres/cluster/server", "redis/data", "redis/server"].map(deleted),
      nodeState("mvp", "scale"),
    ],
    replaced: { ...cluster, ...suffix },
    phases: [
      on,
      "Drain the queues",
      note,
      stop,
      "Move to startup",
      copied,
      moved,
      start,
      "Move to growth",
      "Move to scale",
      off,
    ],
  },
  "scale -> mvp": {
    verdict: stopped(2, "keep.managedStores", 2),
    problems: [
      "scale and mvp are not neighbours; fix: go one tier at a time: scale, growth, startup, mvp",
      ...["postgres/access", "postgres/parameters-postgres17"].map(used),
      managedStores("scale"),
    ],
    replaced: { ...cluster, ...suffix },
    phases: [
      "Check the cache",
      on,
      "Move to growth",
      "Lower the limit of the nodes",
      copies,
      "Move to startup",
      copies,
      fits,
      note,
      stop,
      "Move to mvp",
      back,
      moved,
      start,
      off,
    ],
  },
};

/** The lines below a heading of the diff, without its colours, up to the next empty one. */
function section(stdout: string, heading: string): string[] {
  const lines = stdout.split("\n");
  const start = lines.indexOf(heading);
  return start < 0 ? [] : lines.slice(start + 1, lines.indexOf("", start));
}

/** Reads what the command has printed. */
function toldBy({ stdout, stderr }: Run, move: string): Told {
  const [, ...head] = stdout.slice(0, stdout.indexOf("\n\n")).replaceAll("\n  ", " ").split("\n");
  const replaced: Record<string, string[]> = {};
  const resources = section(stdout, "replace")
    .join("\n")
    .split(/^ {2}\+- {2}/m)
    .slice(1);
  for (const text of resources) {
    const [path = "", ...below] = text.split(/\s*\n\s*/);
    const carried = below.join(" ").match(/is replaced because (\S+) is replaced/)?.[1];
    const cause = below.includes("its provider changes, so it is replaced") ? "provider" : (carried ?? own);
    replaced[cause] = [...(replaced[cause] ?? []), path.replace(/\s.*/, "").replace("tierstack/", "")];
  }
  return {
    verdict: head[0] ?? "",
    problems: stderr.split("\n").flatMap((line) => (line === "" ? [] : [line.replace(`${move}: `, "")])),
    replaced,
    phases: section(stdout, "phases").flatMap((line) => /^ {2}\d+\. (.*)/.exec(line)?.[1] ?? []),
  };
}

describe("npm run diff of the tiers", () => {
  let folder: string;

  before(async function () {
    this.timeout(60_000);
    folder = mkdtempSync(join(tmpdir(), "tierstack-diffs-"));
    for (const tier of tierNames) await runCli("plan", tier, "--out", join(folder, `${tier}.json`));
  });

  after(() => rmSync(folder, { recursive: true }));

  it("has every pair of neighbours, in both directions", () => {
    const neighbours = tierNames
      .slice(1)
      .flatMap((tier, at) => [`${tierNames[at]} -> ${tier}`, `${tier} -> ${tierNames[at]}`]);
    expect(Object.keys(moves)).to.include.members(neighbours);
  });

  for (const [move, expected] of Object.entries(moves))
    it(`${move}: the verdict on data, what is replaced and why, and the phases`, async () => {
      const [from = "", to = ""] = move.split(" -> ");
      const run = await runCli("diff", "--base", join(folder, `${from}.json`), to);
      expect(toldBy(run, move)).to.deep.equal(expected);
      expect(run.code).to.equal(expected.problems.length > 0 ? 1 : 0);
      expect(Math.max(...run.stdout.split("\n").map((line) => line.length))).to.be.at.most(100);
      // The verdict, what is replaced, the phases, the rest.
      const order = ["replace", "phases", "update"].map((heading) => run.stdout.indexOf(`\n${heading}\n`));
      expect(order).to.deep.equal([...order].sort((a, b) => a - b));
    });

  describe("with a handover", () => {
    const image = "ghcr.io/acme/handover:0.1.0";
    const kept = {
      "tierstack:nodes": { instanceTypes: ["t4g.medium"] },
      "tierstack:keep": { managedStores: true },
      "tierstack:budgetUsd": 80,
    };
    const handover = (given: object = {}) => ({ "tierstack:handover": { image, ...given } });
    const configs = {
      mvp: { "tierstack:tier": "mvp" },
      home: { "tierstack:tier": "mvp", ...kept },
      down: { "tierstack:tier": "mvp", ...kept, ...handover() },
      startup: { "tierstack:tier": "startup" },
      up: { "tierstack:tier": "startup", ...handover() },
      switched: { "tierstack:tier": "startup", ...handover({ switched: true }) },
      growth: { "tierstack:tier": "growth", "tierstack:keep": { nodeState: true } },
    };
    type Name = keyof typeof configs;
    let project: string;

    before(() => {
      project = mkdtempSync(join(tmpdir(), "tierstack-handovers-"));
      cpSync(testProject(), project, { recursive: true, verbatimSymlinks: true });
      for (const [name, config] of Object.entries(configs)) {
        const tier = `Pulumi.${config["tierstack:tier"]}.yaml`;
        const given = parse(readFileSync(join(testProject(), tier), "utf8")) as { config: object };
        writeFileSync(join(project, `Pulumi.${name}.yaml`), stringify({ config: { ...given.config, ...config } }));
      }
    });

    after(() => rmSync(project, { recursive: true }));

    const diff = async (from: Name, to: Name) => {
      const file = join(project, `${from}.json`);
      const base = await runCliAt(project, "plan", from, "--out", file);
      expect([base.code, base.stderr]).to.deep.equal([0, ""]);
      return runCliAt(project, "diff", "--base", file, to);
    };

    it("refuses the move that starts it switched, in one line", async () => {
      const { code, stderr, stdout } = await diff("mvp", "switched");
      expect(stderr).to.match(
        /^[^\n]*tierstack refuses the change of tierstack\/postgres\/handover\/job: handover.switched is true [^\n]*\n$/,
      );
      expect(code).to.equal(1);
      expect(stdout).to.contain("This move would break the stack: 1 change is refused.");
      expect((await diff("mvp", "up")).code).to.equal(0);
    });

    it("refuses to turn it round and to leave it behind, and shows the way home", async () => {
      const [turned, left, home] = [await diff("up", "down"), await diff("up", "growth"), await diff("up", "home")];
      expect(home.stderr).to.equal("");
      expect([turned.code, left.code, home.code]).to.deep.equal([1, 1, 0]);
      expect(turned.stderr).to.contain("the handover would turn round, from startup to mvp");
      expect(left.stderr).to.contain("growth does not have both databases of the handover");
      expect(toldBy(home, "").phases[0]).to.equal("Finish or abort the handover first (docs/handover.md#finish)");
    });

    it("expects to copy no more than fits on the way down", async () => {
      const { code, stdout, stderr } = await diff("startup", "down");
      const text = stdout.replace(/\s+/g, " ");
      expect([code, stderr]).to.deep.equal([0, ""]);
      expect(text).to.contain("the 5 GiB that the plan assumes (database.storedGib) do not fit");
      expect(text).to.contain("the copy of 1.5 GiB is expected").and.not.to.contain("18 GiB");
    });
  });
});
