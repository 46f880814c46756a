import * as pulumi from "@pulumi/pulumi";
import { expect } from "chai";
import { planStack } from "../../planner/plan";
import { hex } from "../../planner/record/outputs";
import type { PlannedResource } from "../../planner/record/planned";
import { readProject, readStack } from "../../planner/stacks";
import type { Program } from "../../platform/program";
import { tierNames } from "../../tiers";
import { testProject } from "../support/project";

interface Request {
  getType(): string;
  getName(): string;
}
type Answer = (error: Error | null, response: object) => void;
interface Monitor {
  registerResource: (request: Request, answer: Answer) => void;
}

const keyOf = (type: string, name: string) => `${type}::${name}`;
/** The stack itself, which no plan lists. */
const isStack = (key: string) => key.startsWith("pulumi:pulumi:Stack::");

/** Time that the creation of a resource takes: drawn from a seed, so that each run puts other edges to the test. */
const timeOf = (key: string, seed: number) =>
  isStack(key) ? 0 : 1 + (Number.parseInt(hex(`${seed} ${key}`, 8), 16) % 1000);

/** Answers the SDK as an engine does that creates resources at the same time, each for its time on a clock of its own. */
class SlowEngine {
  /** When the SDK asked for each resource, by type and name. Not before it had all that the resource waits for. */
  readonly asked = new Map<string, number>();
  private now = 0;
  private readonly open: { at: number; answer: () => void }[] = [];
  private answering = false;

  constructor(private readonly seed: number) {}

  /** Puts itself between the SDK and the monitor of the run. */
  attach(): void {
    const monitor = (pulumi.runtime as unknown as { getMonitor(): Monitor }).getMonitor();
    const register = monitor.registerResource;
    monitor.registerResource = (request, answer) => {
      const key = keyOf(request.getType(), request.getName());
      this.asked.set(key, this.now);
      register(request, (error, response) => {
        this.open.push({ at: this.now + timeOf(key, this.seed), answer: () => answer(error, response) });
      });
      if (!this.answering) void this.answer();
    };
  }

  private async answer(): Promise<void> {
    this.answering = true;
    for (await this.quiet(); this.open.length > 0; await this.quiet()) {
      this.now = Math.min(...this.open.map(({ at }) => at));
      const due = this.open.filter(({ at }) => at === this.now);
      for (const one of due) this.open.splice(this.open.indexOf(one), 1);
      for (const { answer } of due) answer();
    }
    this.answering = false;
  }

  /** Until the SDK asks for nothing more: it needs no more than promises to go on. */
  private async quiet(): Promise<void> {
    let before: number;
    do {
      before = this.asked.size;
      for (let turn = 0; turn < 3; turn++) await new Promise((resolve) => setImmediate(resolve));
    } while (before !== this.asked.size);
  }
}

/** When each resource is asked for, if it waits for its recorded dependencies, parent and provider, and for nothing else. */
function expectedStarts(resources: PlannedResource[], seed: number): Map<string, number> {
  const byPath = new Map(resources.map((resource) => [resource.path, resource]));
  const starts = new Map<string, number>();
  const start = (resource: PlannedResource): number => {
    const key = keyOf(resource.type, resource.name);
    const known = starts.get(key);
    if (known !== undefined) return known;
    const waits = [...resource.dependsOn, resource.parent, resource.provider].flatMap((path) =>
      path === null ? [] : (byPath.get(path) ?? []),
    );
    const at = Math.max(0, ...waits.map((one) => start(one) + timeOf(keyOf(one.type, one.name), seed)));
    starts.set(key, at);
    return at;
  };
  for (const resource of resources) start(resource);
  return starts;
}

describe("what the engine waits for", () => {
  const project = readProject(testProject());
  const program = require("../../index") as Program;

  for (const stack of ["local", ...tierNames])
    it(`${stack}: is in the plan, edge by edge`, async () => {
      for (const seed of [1, 2, 3]) {
        const engine = new SlowEngine(seed);
        const { plan } = await planStack(project, readStack(project, stack), (reported) => {
          engine.attach();
          return program(reported);
        });
        const starts = expectedStarts(plan.resources, seed);
        expect(starts.size).to.equal(plan.resources.length);
        expect([...starts].filter(([key, at]) => engine.asked.get(key) !== at)).to.deep.equal([]);
      }
    });
});
