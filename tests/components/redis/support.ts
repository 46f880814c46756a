import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { existingNamespace } from "../../../components/namespaces/namespace";
import { CertificateAuthority } from "../../../components/pki/certificate-authority";
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

const vpc = {
  vpcId: "vpc-1",
  cidr: "10.20.0.0/16",
  zones: ["us-east-1a", "us-east-1b", "us-east-1c"],
  clients: { name: "eks", securityGroupId: "sg-cluster" },
  privateSubnetIds: ["subnet-a", "subnet-b", "subnet-c"].map((id) => pulumi.output(id)),
};

/** Records a Redis and exports what it tells its user. */
export function run(size: RedisSize, given: Partial<RedisArgs> = {}, preview = false) {
  return recorded(
    () => {
      const provider = new k8s.Provider("kubernetes", {});
      const { host, address, password, redisUrl, cidr } = new Redis("redis", {
        size,
        keep: { cluster: false, managed: false },
        cluster: { provider, storageClass: undefined },
        namespace: existingNamespace("data"),
        clientNamespaces: ["app", "keda"],
        network: vpc,
        authority: new CertificateAuthority("authority"),
        ...given,
      });
      return { host, address, password, redisUrl, ...(cidr && { cidr }) };
    },
    { preview },
  );
}
