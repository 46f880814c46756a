import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parse, stringify } from "yaml";
import { fakeNode } from "../nodes";
import { moduleFolder } from "../tools/modules";
import type { Servers } from "./servers";

/** Milliseconds that a simulated pod takes to start, so that a rollout has moments between. */
const startMs = 500;
/** Milliseconds that a simulated pod takes to stop. */
const stopMs = 300;

/**
 * Seconds for which a simulated pod claims to have been ready when it becomes ready: a Deployment's `minReadySeconds`
 * (15 for the application) counts from there, and a rollout would take minutes of waiting otherwise.
 */
export const readySince = 15;

/** Stages that ship with kwok, as files of its module. */
const stages = [
  "node/fast/node-initialize.yaml",
  "node/heartbeat-with-lease/node-heartbeat-with-lease.yaml",
  "pod/fast/pod-ready.yaml",
  "pod/fast/pod-complete.yaml",
  "pod/fast/pod-delete.yaml",
];

const delays: Record<string, number> = { "pod-ready": startMs, "pod-delete": stopMs };

/** A stage of kwok with this suite's delays. */
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

/** Starts kwok for the nodes that have its annotation, in a cluster whose kubeconfig is in the servers' folder. */
export function startNodes(servers: Servers, bin: string): void {
  writeFileSync(servers.path("kwok.yaml"), simulation());
  servers.start("kwok", join(bin, "kwok"), [
    `--kubeconfig=${servers.path("kubeconfig")}`,
    `--manage-nodes-with-annotation-selector=${fakeNode}=fake`,
    // Without leases the nodes would be given up after 50 seconds.
    "--node-lease-duration-seconds=40",
    `--config=${servers.path("kwok.yaml")}`,
  ]);
}

/** kwok's configuration: nodes that are ready, pods that start, serve, complete and stop. */
function simulation(): string {
  const folder = join(moduleFolder("control-plane", "sigs.k8s.io/kwok"), "kustomize", "stage");
  return stages.map((stage) => adjusted(readFileSync(join(folder, stage), "utf8"))).join("---\n");
}
