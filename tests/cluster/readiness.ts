import type { KubernetesObject } from "../support/objects";
import type { Api, Event } from "./api/api";
import { until } from "./control-plane/servers";
import { isReady, podKind } from "./rollout";

/** Follows a workload's pods, and remembers the fewest that were ready at once. */
export class ReadinessWatch {
  private readonly pods = new Map<string, KubernetesObject>();
  private fewest = Number.POSITIVE_INFINITY;
  private end: () => void = () => {};
  /** Events seen, so that a test can tell a quiet rollout from a watch that saw nothing. */
  events = 0;

  constructor(private readonly labels: Record<string, string>) {}

  /** Begins once a pod is ready. */
  async start(api: Api, namespace: string): Promise<void> {
    this.end = await api.watch(podKind, namespace, (event) => this.see(event));
    await until("a ready pod", () => this.ready > 0 || undefined);
  }

  private see({ type, object }: Event): void {
    // What went wrong is told at the end.
    if (type === "ERROR") return;
    const mine = Object.entries(this.labels).every(([key, value]) => object.metadata.labels?.[key] === value);
    if (!mine) return;
    this.events++;
    if (type === "DELETED") this.pods.delete(object.metadata.name);
    else this.pods.set(object.metadata.name, object);
    this.fewest = Math.min(this.fewest, this.ready);
  }

  /** Pods that answer now. */
  get ready(): number {
    return [...this.pods.values()].filter(isReady).length;
  }

  /** Begins to count anew, from what is ready now. */
  reset(): void {
    this.fewest = this.ready;
    this.events = 0;
  }

  /** The fewest pods that were ready at any moment since the count began. */
  get fewestReady(): number {
    return this.fewest;
  }

  /** Throws where events went unseen. */
  stop(): void {
    this.end();
  }
}
