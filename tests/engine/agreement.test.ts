import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { parse, stringify } from "yaml";
import { SettingsError } from "../../config/problems";
import { differingSteps, followingOf, predictedSteps, type Steps } from "../../planner/binding/steps";
import { type Planned, planStack } from "../../planner/plan";
import { readProject, readStack } from "../../planner/stacks";
import { randomFrom } from "../support/edits/declared";
import { Engine } from "./engine";
import { programOf } from "./program";
import { Stack } from "./stack";

type Settings = Record<string, unknown>;

const podinfo = { port: 9898, healthPath: "/healthz" };

/** Settings to draw from at every tier, by key. */
const common: Record<string, unknown[]> = {
  image: ["ghcr.io/stefanprodan/podinfo:6.15.1"],
  maintenance: [true],
  allowDestroy: [true],
  passwordRotation: [1],
  alertEmail: ["night@example.com"],
  queues: [[{ name: "mail" }], [{ name: "default" }, { name: "mail" }]],
  app: [
    { ...podinfo, memoryMiB: 300 },
    { ...podinfo, environment: { A: "b" } },
    { ...podinfo, livePath: "/livez" },
  ],
  pgbouncer: [{ poolSize: 5 }, { reservePoolSize: 1 }],
  workers: [{ maxReplicas: 2 }],
  keep: [{ nodeState: true }, { managedStores: true }],
};

/** Settings of the tiers on EKS. */
const managed: Record<string, unknown[]> = {
  postgres: [{ replicas: 2 }, { replicas: 0 }, { instanceClass: "db.r7g.large" }, { storageGiB: 100 }],
  redis: [{ shards: 2 }, { nodeType: "cache.m7g.large" }],
  network: [{ egress: "nat" }, { flowLogs: true }],
  edge: [{ waf: false }],
  nodes: [{ maxNodes: 8 }],
};

/** The stacks to edit, how many edits each has, and the settings that only it draws from. */
const stacks: Record<string, { edits: number; settings: Record<string, unknown[]> }> = {
  mvp: {
    edits: 10,
    settings: {
      tier: ["startup"],
      nodes: [{ capacity: "on-demand" }, { dataVolumeGiB: 40 }],
      region: ["eu-west-1"],
    },
  },
  startup: {
    edits: 9,
    settings: {
      tier: ["growth", "mvp"],
      postgres: [{ instanceClass: "db.t4g.medium" }, { storageGiB: 60 }],
      region: ["eu-central-1"],
    },
  },
  growth: { edits: 12, settings: { tier: ["scale", "startup"], ...managed } },
  scale: { edits: 9, settings: { tier: ["growth"], ...managed, region: ["eu-west-1"] } },
};

/** Draws one to three settings. */
function editOf(stack: string, seed: number): Settings {
  const next = randomFrom(seed);
  const settings = { ...common, ...stacks[stack]?.settings };
  const pick = <T>(list: T[]): T => list[Math.floor(next() * list.length)] as T;
  const keys = Array.from({ length: 1 + Math.floor(next() * 3) }, () => pick(Object.keys(settings)));
  return Object.fromEntries(keys.map((key) => [key, pick(settings[key] ?? [])]));
}

for (const [tier, { edits }] of Object.entries(stacks))
  describe(`edits of the stack ${tier} with the real engine`, () => {
    let engine: Engine;
    let stack: Stack;
    let base: Planned;
    let text: string;

    /** Plans the stack; undefined where its settings are refused. */
    const planned = async (): Promise<Planned | undefined> => {
      const project = readProject(engine.folder);
      try {
        return await planStack(project, readStack(project, tier), require("../../index"));
      } catch (error) {
        if (error instanceof SettingsError) return undefined;
        throw error;
      }
    };
    const write = (changed: string) => writeFileSync(join(engine.folder, `Pulumi.${tier}.yaml`), changed);

    before(async function () {
      engine = await Engine.start(this, { clusters: false });
      stack = new Stack(engine, tier);
      await stack.init();
      // What the CLI adds for the stack's secrets.
      text = readFileSync(join(engine.folder, `Pulumi.${tier}.yaml`), "utf8");
      engine.standIn.paths = (await programOf(engine.folder, tier)).paths;
      await stack.succeed("up", "--yes", "--skip-preview");
      base = (await planned()) as Planned;
    });
    after(() => engine?.stop());

    for (let seed = 1; seed <= edits; seed++)
      it(`${seed}: ${JSON.stringify(editOf(tier, seed))}`, async () => {
        const content = parse(text) as { config: Settings };
        const edited = Object.entries(editOf(tier, seed)).map(([key, value]) => [`tierstack:${key}`, value]);
        write(stringify({ ...content, config: { ...content.config, ...Object.fromEntries(edited) } }));
        const next = await planned();
        const { code, output, steps } = await stack.preview();
        if (!next) {
          expect(code, "the engine refuses the settings that the planner refuses").to.not.equal(0);
          return;
        }
        expect(steps, output).to.not.equal(undefined);
        const predicted = predictedSteps(base.plan.resources, next.plan.resources);
        const following = followingOf(predicted, next.plan.resources);
        // The engine stops at the first protected resources that it would delete, and does not name those beneath them.
        const stopped = [...(steps as Steps).values()].includes("refused");
        const differing = differingSteps(predicted, steps as Steps, following);
        expect(
          differing.filter((line) => !(stopped && line.endsWith("approved refused, now no change"))),
        ).to.deep.equal([]);
      });
  });
