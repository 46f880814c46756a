import catalogue from "./catalogues/aws-sizes.json";
import type { Problem } from "./problem";
import type { ContainerSize } from "./types";

export interface NodeType {
  vcpu: number;
  memoryGiB: number;
  /** Share of each vCPU that a burstable type may use for ever. Absent for other types. */
  cpuBaseline?: number;
}

const ec2: Record<string, NodeType> = catalogue.ec2;
const rds: Record<string, NodeType & { maxConnections: number }> = catalogue.rds;
const cache: Record<string, NodeType & { usableBytes: number }> = catalogue.cache;

/** Returns the problem for a size that is not in the catalogue. */
export function unknownSize(where: string, given: string, known: readonly string[]): Problem {
  return {
    where,
    given: JSON.stringify(given),
    allowed: known.join(", "),
    fix: `choose a size of tiers/catalogues/aws-sizes.json, or add ${given} there with its source`,
  };
}

/** A size of one's own, as far as it is set. */
export type OwnSize = { [K in keyof ContainerSize]?: number | undefined };

/** Returns the size of a container with a size of its own for CPU, memory or both. */
export const withOwnSize = (size: ContainerSize, own: OwnSize): ContainerSize => ({
  cpuMillicores: own.cpuMillicores ?? size.cpuMillicores,
  memoryMiB: own.memoryMiB ?? size.memoryMiB,
});

/** Sizes of AWS instances by type. The lookups return undefined for a type that is not in the catalogue. */
export const sizes = {
  instance: (type: string) => ec2[type],
  database: (instanceClass: string) => rds[instanceClass],
  cacheNode: (nodeType: string) => cache[nodeType],
  instanceTypes: Object.keys(ec2),
  databaseClasses: Object.keys(rds),
  cacheNodeTypes: Object.keys(cache),
};
