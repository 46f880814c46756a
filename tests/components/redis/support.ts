import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { Authority } from "../../../components/pki/authority";
import { Redis, type RedisArgs } from "../../../components/redis/redis";
import type { RedisSize } from "../../../tiers";
import { recorded } from "../../support/record";

/** A size as a tier has it: both places are described, one is in use. */
export function sizeOf(place: RedisSize["place"], managed: Partial<RedisSize["managed"]> = {}): RedisSize {
  return {
    place,
    cluster: { container: { cpuMillicores: 50, memoryMiB: 96 }, storageGiB: 2 },
    managed: {
      nodeType: "cache.t4g.micro",
      shards: 1,
      replicasPerShard: 0,
      snapshotRetentionDays: 1,
      ...managed,
    },
  };
}

export const vpc = {
  vpcId: "vpc-1",
  privateSubnetIds: ["subnet-a", "subnet-b", "subnet-c"].map((id) => pulumi.output(id)),
};

/** Records a Redis and exports what it tells its user. */
export function run(size: RedisSize, given: Partial<RedisArgs> = {}, preview = false) {
  return recorded(
    () => {
      const provider = new k8s.Provider("kubernetes", {});
      const { host, address, password, redisUrl, ca } = new Redis("redis", {
        size,
        keep: { clusterStore: false, managedStore: false },
        cluster: { kind: "eks", provider, storageClass: undefined, securityGroupId: pulumi.output("sg-cluster") },
        namespace: "data",
        network: vpc,
        authority: new Authority("authority"),
        ...given,
      });
      return { host, address, password, redisUrl, ca };
    },
    { preview },
  );
}
