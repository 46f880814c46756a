/** The stores of a test in the place of a cluster's: `npm run ops` on them, without a kubelet in between. */
import { spawn } from "node:child_process";
import { join } from "node:path";
import type { Kube } from "../../../ops/kube/kube";
import type { Ran, Reach, Read, Workload } from "../../../ops/reach/reach";
import { runOps } from "../../../ops/run";
import type { World } from "../../../ops/world";
import { placed } from "../../ops/placed";
import { captured, type Run } from "../../support/captured";
import { noAccount } from "../../support/no-account";
import type { KubernetesObject } from "../../support/objects";

const root = join(__dirname, "..", "..", "..");

/** Runs what a pod would run on this machine, with the environment of the pod. */
export class Direct implements Reach {
  constructor(
    private readonly environment: Record<string, string>,
    private readonly metrics: () => Promise<string> = async () => "",
  ) {}

  run(_: Workload, command: readonly string[]): Promise<Ran> {
    const [program = "", file = "", ...words] = command;
    const args = ["--import", "tsx", file.replace(/\.js$/, ".ts"), ...words];
    const env = { PATH: process.env.PATH, PORT: "8080", ...this.environment };
    const child = spawn(program, args, { cwd: root, env });
    const ran: Ran = { code: 1, stdout: "", stderr: "" };
    child.stdout.on("data", (text) => (ran.stdout += text));
    child.stderr.on("data", (text) => (ran.stderr += text));
    return new Promise((resolve) => child.once("close", (code) => resolve({ ...ran, code: code ?? 1 })));
  }

  async read(): Promise<Read[]> {
    return [{ pod: "pgbouncer-1", text: await this.metrics() }];
  }
}

/** An API server that has the objects of a plan, and takes no change. */
function kubeOf(objects: readonly KubernetesObject[]): Kube {
  const refuse = async () => {
    throw new Error("this test has no API server");
  };
  const list = async <T>(path: string) => {
    const kind = path.endsWith("/deployments") ? "Deployment" : path;
    return objects.filter((object) => object.kind === kind && path.includes(`/${object.metadata.namespace}/`)) as T[];
  };
  return {
    get: refuse,
    find: refuse,
    exists: refuse,
    list,
    patch: refuse,
    apply: refuse,
    create: refuse,
    nowMs: refuse,
    remove: refuse,
  };
}

/** Runs `npm run ops` on the stores of a test. What it asks, is answered so. */
export const opsOn =
  (reach: Reach, objects: readonly KubernetesObject[]) =>
  (...argv: string[]) =>
    opsAs(reach, objects, true, argv);

export function opsAs(
  reach: Reach,
  objects: readonly KubernetesObject[],
  agrees: boolean,
  argv: string[],
): Promise<Run> {
  const world: World = {
    kube: kubeOf(objects),
    reach,
    account: noAccount,
    cluster: "test",
    flags: "",
    namespaces: { app: "app", data: "data" },
    stack: undefined,
  };
  return placed(world, agrees, (confirm) =>
    captured(() => runOps(argv, root, { connect: async () => world, confirm })),
  );
}
