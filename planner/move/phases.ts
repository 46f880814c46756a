/** The steps of a move between tiers, each with its commands and its check (docs/moving.md). */
import { type Tier, tierNames, tiers } from "../../tiers";
import { poolOf } from "../../tiers/capacity";
import type { Phase } from "./change";
import { copy, databaseEndpoint, drainQueues, fits, moveRedis, noteRedis, restored, work } from "./data-steps";
import { anotherInstance, endHandover, handoverSteps, stepsHome } from "./handover-steps";
import { lastReplicas } from "./refused-updates";
import { type Asked, byHand, maintenance, moveTo, type Step, set, up } from "./steps";

/** The most nodes of a tier. */
function mostNodes(tier: Tier): number {
  const { target } = tiers[tier];
  return target.kind === "existing" ? 0 : poolOf(target, "general").maxNodes;
}

/**
 * Karpenter launches no node while those that run exceed the limits of the NodePool, and the limits of the smaller tier
 * are below what the larger tier's nodes have. So the limits are those of twice the larger tier's nodes until the nodes
 * are exchanged: both types have as many vCPUs.
 */
const roomForBothNodes =
  (larger: Tier, tier: Tier): Step =>
  (asked) => ({
    title: `Move to ${tier}`,
    commands: [set("nodes.maxNodes", `${2 * mostNodes(larger)}`, true)(asked), set("tier", tier)(asked), up(asked)],
    check:
      "kubectl get nodes -L node.kubernetes.io/instance-type shows only the new type; until then, the old nodes have no " +
      "route to the internet",
  });

/** The steps between neighbouring tiers, by `from to`. */
const steps: Record<string, Step[] | undefined> = {
  "mvp startup": [
    maintenance(true),
    drainQueues,
    noteRedis,
    work(false),
    moveTo("startup", "RDS and ElastiCache are available, and have no data yet"),
    (asked) => ({
      title: "Copy the database (docs/moving.md#mvp-to-startup)",
      commands: copy(databaseEndpoint(asked), "pg_dump -Fc -U postgres app", `${restored} -h "$0"`),
      check: "both sides have the same row counts",
    }),
    moveRedis,
    work(true),
    maintenance(false),
  ],
  "startup growth": [
    maintenance(true),
    moveTo("growth", "the application answers on EKS; the node's data volume is still there", "nodeState"),
    maintenance(false),
  ],
  "growth scale": [
    maintenance(true),
    moveTo("scale", "RDS is Multi-AZ and available, and the cache has all its shards"),
    maintenance(false),
  ],
  "scale growth": [
    byHand(
      "Check the cache",
      [
        "aws elasticache describe-cache-clusters --output text \\",
        "  --query 'CacheClusters[].[CacheClusterId]' |",
        "  xargs -I {} aws cloudwatch get-metric-statistics --namespace AWS/ElastiCache \\",
        "  --metric-name BytesUsedForCache --dimensions Name=CacheClusterId,Value={} --period 3600 \\",
        '  --statistics Maximum --start-time "$(date -u +%Y-%m-%dT00:00:00Z)" \\',
        '  --end-time "$(date -u +%Y-%m-%dT%H:%M:%SZ)"',
      ],
      "the sum of all shards, one node of each, fits into the memory that the diff names",
    ),
    maintenance(true),
    roomForBothNodes("scale", "growth"),
    (asked) => ({
      title: "Lower the limit of the nodes",
      commands: [`npx pulumi config rm --path ${asked.project}:nodes.maxNodes -s ${asked.stack}`, up(asked)],
      check: "the cache has one shard, and the application answers",
    }),
    maintenance(false),
    byHand(
      "Delete the read replicas that stay (docs/moving.md#read-replicas)",
      ["aws rds describe-db-instances"],
      "only the primary and the replicas of the plan are left",
    ),
  ],
  "growth startup": [
    maintenance(true),
    moveTo("startup", "the application answers on the k3s node"),
    maintenance(false),
    byHand(
      "Delete the read replicas that stay (docs/moving.md#read-replicas)",
      ["aws rds describe-db-instances"],
      "only the primary is left",
    ),
  ],
  "startup mvp": [
    fits,
    maintenance(true),
    noteRedis,
    work(false),
    moveTo("mvp", "the in-cluster stores run; RDS and ElastiCache are still there", "managedStores"),
    (asked) => ({
      title: "Copy newer data back into the in-cluster stores (docs/moving.md#startup-to-mvp)",
      commands: copy(
        "aws rds describe-db-instances --output text --query 'DBInstances[?starts_with(\n" +
          `  DBInstanceIdentifier, \`${asked.project}-${asked.stack}-postgres-primary\`)].Endpoint.Address'`,
        'pg_dump -Fc -h "$0" -U postgres app',
        restored,
      ),
      check: "both sides have the same row counts",
    }),
    moveRedis,
    work(true),
    maintenance(false),
  ],
};

/** A cache that would lose Multi-AZ and its replicas in one step takes two. */
function cacheSteps(asked: Asked): Phase[] {
  const refused = asked.changes.some(({ reason }) => reason?.startsWith(lastReplicas));
  if (!refused) return [];
  return [
    {
      title: "Turn off Multi-AZ of the cache",
      commands: [set("redis.multiAz", "false", true)(asked), up(asked)],
      check: "aws elasticache describe-replication-groups shows MultiAZ disabled",
    },
    {
      title: "Remove its replicas",
      commands: [set("redis.replicasPerShard", "0", true)(asked), up(asked)],
      check: "each shard has one node",
    },
  ];
}

/** Returns the steps of a move, one tier at a time; none where one `pulumi up` does it. */
export function phasesOf(asked: Asked): Phase[] {
  const [start, end] = [tierNames.indexOf(asked.from), tierNames.indexOf(asked.to)];
  const direction = Math.sign(end - start);
  const names = Array.from({ length: Math.abs(end - start) + 1 }, (_, at) => tierNames[start + at * direction]);
  const leaves = asked.leavesHandoverIn !== undefined;
  const own = leaves ? stepsHome : asked.handover ? handoverSteps : {};
  const between = names.slice(1).flatMap((tier, at) => {
    const move = `${names[at]} ${tier}`;
    return own[move] ?? steps[move] ?? [];
  });
  const within = asked.handover?.instances && names.length === 1 ? anotherInstance : [];
  const phases = [...(leaves ? [endHandover] : []), ...between, ...within].map((step) => step(asked));
  // Between two moves maintenance stays on.
  const [on, off] = [maintenance(true)(asked).title, maintenance(false)(asked).title];
  const first = phases.findIndex(({ title }) => title === on);
  const last = phases.map(({ title }) => title).lastIndexOf(off);
  const kept = phases.filter(({ title }, at) => (title !== on || at === first) && (title !== off || at === last));
  return [...kept, ...cacheSteps(asked)];
}
