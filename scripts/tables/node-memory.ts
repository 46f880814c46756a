/** The sum of the memory of MVP's node, in docs/adr/0002-sizes-and-budgets.md. */
import { tiers } from "../../tiers";
import { nodeCapacity, type Workload } from "../../tiers/capacity";
import {
  type MemoryPart,
  memoryOf,
  processes,
  publishedProfileMB,
  reservedMiB,
  swapMiB,
  systemPods,
} from "../../tiers/k3s-memory";
import { table } from "../markdown";

const bold = (text: string | number) => `**${text}**`;

/** The template's product. */
const workload: Workload = { queues: [{}] };

/** Memory of MVP's node and of its parts, in MiB. */
export function nodeMemory() {
  const [node] = nodeCapacity(tiers.mvp, workload);
  if (!node) throw new Error("MVP has no node");
  const { requested: pods, allocatable } = node.memoryMiB;
  const operatingSystem = processes.at(-1)?.memoryMiB ?? 0;
  const beside = memoryOf(processes);
  return {
    product: pods - memoryOf(systemPods),
    pods,
    allocatable,
    beside,
    reported: allocatable + reservedMiB,
    swapped: beside - reservedMiB,
    /** Swapped if k3s uses what its published profile says. */
    swappedByProfile: Math.round((publishedProfileMB * 1e6) / 1024 / 1024) + operatingSystem - reservedMiB,
  };
}

export function nodeMemoryTable(): string {
  const { product, pods, allocatable, beside, reported, swapped, swappedByProfile } = nodeMemory();
  const row = ({ part, memoryMiB, basis }: MemoryPart) => [part, `${memoryMiB}`, basis];
  return table(
    ["memory of MVP's node", "MiB", "basis"],
    ["---", "---:", "---"],
    [
      [
        "the product's pods with one queue, at every autoscaler's maximum",
        `${product}`,
        "their limits, `tiers/mvp.ts`",
      ],
      ...systemPods.map(row),
      [bold("pods"), bold(pods), `at most ${allocatable}: what the kubelet allows all pods`],
      ...processes.map(row),
      [bold("beside the pods"), bold(beside), `${reservedMiB} in memory, ${swapped} in swap`],
      [
        "the same with k3s's published profile",
        `${reservedMiB + swappedByProfile}`,
        `${reservedMiB} in memory, ${swappedByProfile} in swap`,
      ],
      ["memory", `${reported}`, "93 % of 2 GiB, an estimate of what kernel and firmware leave"],
      ["swap", `${swapMiB}`, "file on the root volume"],
    ],
  );
}
