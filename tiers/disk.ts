import { keepsLogs } from "./observability";
import type { TierSpec } from "./types";

/**
 * What the disk of a k3s node has beside the claims, in GiB. Nobody measured the images on a node, so these are assumed:
 * the state of k3s below 0.5 and the product's images 2.5; those of what watches it, twice for an upgrade.
 */
const roomGiB = { product: 3, observability: 4 } as const;

/**
 * Share of the disk that stays free. The kubelet of k3s evicts pods below 5 %
 * (https://github.com/k3s-io/k3s/blob/master/pkg/daemons/agent/agent_linux.go, `eviction-hard`); until then, what writes
 * without a bound must have stopped.
 */
const freeShare = 0.1;

/** A part of the data volume, and its size in GiB. A claim has the key that sets it. */
export interface DiskPart {
  what: string;
  key?: string;
  sizeGiB: number;
}

/** Returns what needs the data volume of a k3s node. Volumes there have no bounds, and all of them share it. */
export function diskParts({ postgres, redis, keep, observability }: TierSpec): DiskPart[] {
  const inCluster = ({ place }: { place: string }) => place === "cluster" || keep.clusterStores;
  const claim = (key: string, sizeGiB: number): DiskPart => ({ what: key, key, sizeGiB });
  return [
    { what: "k3s and images", sizeGiB: roomGiB.product },
    ...(inCluster(postgres) ? [claim("postgres.storageGiB", postgres.cluster.storageGiB)] : []),
    ...(inCluster(redis) ? [claim("redis.storageGiB", redis.cluster.storageGiB)] : []),
    ...(observability.enabled
      ? [
          { what: "images of observability", sizeGiB: roomGiB.observability },
          claim("observability.metricsGiB", observability.metricsGiB),
        ]
      : []),
    ...(keepsLogs(observability) ? [claim("observability.logsGiB", observability.logsGiB)] : []),
  ];
}

/** Returns the smallest data volume for the parts, in whole GiB. */
export const leastDiskGiB = (parts: DiskPart[]): number =>
  Math.ceil(parts.reduce((sum, { sizeGiB }) => sum + sizeGiB, 0) / (1 - freeShare));

/** Returns how many MiB of a disk, or of a volume, stay free. */
export const freeMiB = (diskGiB: number): number => Math.floor(diskGiB * 1024 * freeShare);
