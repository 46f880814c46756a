import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parse, stringify } from "yaml";
import { fakeNode } from "../nodes";
import { moduleFolder } from "../tools/modules";
import type { Servers } from "./servers";

/** Startup time of a simulated pod in milliseconds, so that a rollout has intermediate states. */
const startMs = 500;
/** Termination time of a simulated pod, in milliseconds. */
const stopMs = 300;

/**
 * Backdates the Ready condition of simulated pods, in seconds. A Deployment's `minReadySeconds` (15 for the
 * application) counts from there; otherwise a rollout would take minutes.
 */
export const readySince = 15;

/** kwok's own stages, as files of its Go module. */
const stages = [
  "node/fast/node-initialize.yaml",
  "node/heartbeat-with-lease/node-heartbeat-with-lease.yaml",
  "pod/fast/pod-ready.yaml",
  "pod/fast/pod-complete.yaml",
  "pod/fast/pod-delete.yaml",
];

const delays: Record<string, number> = { "pod-ready": startMs, "pod-delete": stopMs };

/** Returns a kwok stage with the suite's delays. */
function adjusted(text: string): string {
  const stage = parse(text);
  const { name } = stage.metadata;
  if (name in delays) stage.spec.delay = { durationMilliseconds: delays[name] };
  if (name === "pod-ready") {
    const { statusTemplate } = stage.spec.next;
    const ready = /- lastTransitionTime: \{\{ \$now \| Quote \}\}\n(\s+status: "True"\n\s+type: Ready\n)/;
    if (!ready.test(statusTemplate)) throw new Error("kwok's pod-ready stage has changed: no Ready condition found");
    stage.spec.next.statusTemplate = statusTemplate.replace(
      ready,
      `- lastTransitionTime: {{ (now | date_modify "-${readySince}s").UTC.Format "2006-01-02T15:04:05Z" | Quote }}\n$1`,
    );
  }
  return stringify(stage);
}

/** Starts kwok for the annotated nodes of the cluster whose kubeconfig is in the servers' folder. */
export function startNodes(servers: Servers, bin: string): void {
  writeFileSync(servers.path("kwok.yaml"), simulation());
  servers.start("kwok", join(bin, "kwok"), [
    `--kubeconfig=${servers.path("kubeconfig")}`,
    `--manage-nodes-with-annotation-selector=${fakeNode}=fake`,
    // Without leases the nodes would become NotReady after 50 seconds.
    "--node-lease-duration-seconds=40",
    `--config=${servers.path("kwok.yaml")}`,
  ]);
}

/** Returns kwok's configuration: nodes become ready; pods start, become ready, complete and terminate. */
function simulation(): string {
  const folder = join(moduleFolder("control-plane", "sigs.k8s.io/kwok"), "kustomize", "stage");
  return stages.map((stage) => adjusted(readFileSync(join(folder, stage), "utf8"))).join("---\n");
}
