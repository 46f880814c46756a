/** A product in memory for tests of commands: what it is asked is recorded. */
import { operations } from "../../ops/commands";
import type { Kube } from "../../ops/kube/kube";
import type { Program } from "../../ops/program";
import type { Ran, Reach } from "../../ops/reach/reach";
import { runProgram } from "../../ops/run";
import type { World } from "../../ops/world";
import { captured, type Run } from "../support/captured";
import { noAccount } from "../support/no-account";
import { Cluster } from "./cluster";
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
  create: async () => Promise.reject(new Error("not asked for")),
  nowMs: async () => Promise.reject(new Error("not asked for")),
  remove: async () => Promise.reject(new Error("not asked for")),
};

interface Options {
  reach?: Reach;
  account?: World["account"];
  kube?: Cluster | Partial<Kube>;
  /** @default npm run ops */
  program?: Program;
  stack?: World["stack"];
  agrees?: boolean;
  /** Flags that named the product. */
  flags?: string;
  clock?: World["clock"];
  output?: World["output"];
}

/** A product in memory. */
export const worldOf = ({
  reach = new FakeReach({}),
  account = noAccount,
  kube,
  stack,
  flags = "",
  clock,
  output,
}: Options): World => ({
  kube: kube instanceof Cluster ? kube : { ...noKube, ...kube },
  reach,
  account,
  cluster: "test",
  flags,
  namespaces: { app: "app", data: "data" },
  stack,
  ...(clock && { clock }),
  output,
});

/** Runs a command on a product in memory. Returns what it answers below the line that names the product. */
export function runOn({ agrees = true, program = operations, ...options }: Options, ...argv: string[]): Promise<Run> {
  const world = worldOf(options);
  return placed(world, agrees, (confirm) =>
    captured(() => runProgram(program, argv, process.cwd(), { connect: async () => world, confirm })),
  );
}
