import type { KubernetesObject } from "../support/objects";
import type { Api, Event } from "./api/api";
import { until } from "./control-plane/servers";
import { isReady, podKind } from "./rollout";

/** Watches a workload's pods, and records the minimum number of ready pods. */
export class ReadinessWatch {
  private readonly pods = new Map<string, KubernetesObject>();
  private fewest = Number.POSITIVE_INFINITY;
  private end: () => void = () => {};
  /** Number of watch events, to tell a quiet rollout from a watch without events. */
  events = 0;

  constructor(private readonly labels: Record<string, string>) {}

  /** Starts the watch, and waits for a ready pod. */
  async start(api: Api, namespace: string): Promise<void> {
    this.end = await api.watch(podKind, namespace, (event) => this.see(event));
    await until("a ready pod", () => this.ready > 0 || undefined);
  }

  private see({ type, object }: Event): void {
    // stop() reports the failure.
    if (type === "ERROR") return;
    const mine = Object.entries(this.labels).every(([key, value]) => object.metadata.labels?.[key] === value);
    if (!mine) return;
    this.events++;
    if (type === "DELETED") this.pods.delete(object.metadata.name);
    else this.pods.set(object.metadata.name, object);
    this.fewest = Math.min(this.fewest, this.ready);
  }

  /** Number of pods that are ready now. */
  get ready(): number {
    return [...this.pods.values()].filter(isReady).length;
  }

  /** Resets the minimum to the pods that are ready now. */
  reset(): void {
    this.fewest = this.ready;
    this.events = 0;
  }

  /** Minimum number of ready pods since the last reset. */
  get fewestReady(): number {
    return this.fewest;
  }

  /** Stops the watch. Throws if it missed events. */
  stop(): void {
    this.end();
  }
}
