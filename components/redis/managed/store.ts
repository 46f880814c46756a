import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { ManagedRedisSize } from "../../../tiers";
import { sizes } from "../../../tiers/sizes";
import { versions } from "../../../versions";
import { storeAccess } from "../../network/store-access";
import { holdsData, keptSizes } from "../../support/data";
import { finalSnapshotName } from "../../support/final-snapshot";
import { ports } from "../../support/names";
import { requireNetwork } from "../../support/store";
import { isBurstable, type Watched } from "../../support/watched";
import type { RedisStore } from "../common/server";
import { parameterGroupArgs, replicationGroupArgs, sizeProperties } from "./replication-group";

/**
 * Returns the host names of nodes: with TLS, each is below the name of the group, as its configuration endpoint is
 * (ElastiCache User Guide, "Finding connection endpoints").
 */
const nodeHosts = ([endpoint, members]: [string, string[]]): string[] =>
  [...members].sort().map((member) => endpoint.replace(/^clustercfg(?=\.)/, member));

/** Creates Valkey on ElastiCache. */
export const managedStore: RedisStore = (redis, args) => {
  const network = requireNetwork(redis, args.network);
  const subnets = new aws.elasticache.SubnetGroup(
    redis.named("subnets"),
    { description: "Private subnets of Redis", subnetIds: network.privateSubnetIds },
    redis.child,
  );
  // One parameter group per family: a group in use cannot change its family or be deleted.
  const parameters = new aws.elasticache.ParameterGroup(
    redis.named(`parameters-${versions.elasticache.family}`),
    parameterGroupArgs(),
    redis.child,
  );
  const group = new aws.elasticache.ReplicationGroup(
    redis.named("cluster"),
    replicationGroupArgs({
      size: args.size.managed,
      password: args.passwords.current,
      kmsKeyArn: args.kmsKeyArn,
      subnetGroupName: subnets.name,
      parameterGroupName: parameters.name,
      securityGroupId: storeAccess(redis, network, { port: ports.redis, description: "Redis, from the cluster" }),
      finalSnapshotIdentifier: finalSnapshotName(redis),
    }),
    {
      ...redis.child,
      ...holdsData(args.removable),
      ignoreChanges: keptSizes(args.size.place !== "managed", sizeProperties),
    },
  );
  return {
    host: group.configurationEndpointAddress,
    nodes: () => pulumi.all([group.configurationEndpointAddress, group.memberClusters]).apply(nodeHosts),
    cidr: network.cidr,
    watched: watchedNodes(group, args.size.managed),
  };
};

/**
 * Returns the nodes, in the order of their ids. How many there are follows from the sizes; which ids they have, only AWS
 * knows: a shard that went leaves a gap.
 */
function watchedNodes(
  { memberClusters, replicationGroupId }: aws.elasticache.ReplicationGroup,
  { nodeType, shards, replicasPerShard }: ManagedRedisSize,
): Watched[] {
  const idOf = (index: number) =>
    pulumi
      .all([memberClusters, replicationGroupId])
      // A resize adds the nodes after this run has begun: those that are not there yet get their ids at the next one.
      .apply(([ids, group]) => [...ids].sort()[index] ?? `${group}-${index}`);
  return Array.from({ length: shards * (1 + replicasPerShard) }, (_, index) => ({
    kind: "cache",
    name: `${index}`,
    dimensions: { CacheClusterId: idOf(index), CacheNodeId: "0001" },
    burstable: isBurstable(nodeType),
    vcpus: sizes.cacheNode(nodeType)?.vcpu,
    replica: replicasPerShard > 0,
  }));
}
