/** A product in memory for tests of commands: what it is asked is recorded. */
import type { Kube } from "../../ops/kube/kube";
import type { Ran, Reach } from "../../ops/reach/reach";
import { runOps } from "../../ops/run";
import type { World } from "../../ops/world";
import { captured, type Run } from "../support/captured";
import { placed } from "./placed";

/** Answers of a pod, by what it is asked to do. */
type Answers = Record<string, unknown>;

export class FakeReach implements Reach {
  /** Requests that a pod was given. */
  readonly requests: { do: string; [field: string]: unknown }[] = [];
  metrics: { pod: string; text: string }[] = [];

  constructor(private readonly answers: Answers | Ran) {}

  async run(_: unknown, command: readonly string[]): Promise<Ran> {
    const request = JSON.parse(command[2] as string);
    this.requests.push(request);
    if ("stdout" in this.answers) return this.answers as Ran;
    return { code: 0, stdout: JSON.stringify((this.answers as Answers)[request.do]), stderr: "" };
  }

  async read() {
    return this.metrics;
  }
}

const noKube: Kube = {
  get: async () => Promise.reject(new Error("not asked for")),
  find: async () => undefined,
  exists: async () => false,
  list: async () => [],
  patch: async () => Promise.reject(new Error("not asked for")),
  apply: async () => Promise.reject(new Error("not asked for")),
  remove: async () => Promise.reject(new Error("not asked for")),
};

interface Options {
  reach?: Reach;
  kube?: Partial<Kube>;
  stack?: World["stack"];
  agrees?: boolean;
  /** Flags that named the product. */
  flags?: string;
}

/** A product in memory. */
export const worldOf = ({ reach = new FakeReach({}), kube, stack, flags = "" }: Options): World => ({
  kube: { ...noKube, ...kube },
  reach,
  cluster: "test",
  flags,
  namespaces: { app: "app", data: "data" },
  stack,
});

/** Runs a command on a product in memory. Returns what it answers below the line that names the product. */
export function runOn({ agrees = true, ...options }: Options, ...argv: string[]): Promise<Run> {
  const world = worldOf(options);
  return placed(world, agrees, (confirm) =>
    captured(() => runOps(argv, process.cwd(), { connect: async () => world, confirm })),
  );
}
