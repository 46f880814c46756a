/** The steps of a move between tiers, each with its commands and its check (docs/moving.md). */
import { handoverName } from "../../components/postgres/handover/settings";
import { type Tier, tierNames, tiers } from "../../tiers";
import { poolOf } from "../../tiers/capacity";
import type { Change, Phase } from "./change";
import type { PlannedHandover } from "./handover";
import { lastReplicas } from "./refused-updates";

/** A move, as its steps depend on it. */
interface Asked {
  /** The stack that moves. */
  stack: string;
  /** Namespace of its configuration keys. */
  project: string;
  from: Tier;
  to: Tier;
  changes: Change[];
  /** The handover that the move starts. @default none: the data is copied during maintenance */
  handover?: PlannedHandover | undefined;
}

type Step = (asked: Asked) => Phase;

const set =
  (key: string, value: string, path = false) =>
  ({ stack, project }: Asked) =>
    `npx pulumi config set ${path ? "--path " : ""}${project}:${key} ${value} -s ${stack}`;
const up = ({ stack }: Asked) => `npx pulumi up -s ${stack}`;

const maintenance =
  (on: boolean): Step =>
  (asked) => ({
    title: on ? "Turn on maintenance" : "Turn off maintenance",
    commands: [set("maintenance", String(on))(asked), up(asked)],
    check: on ? "the product answers with status 503" : "the product answers users again",
  });

const moveTo =
  (tier: Tier, check: string, keep?: string): Step =>
  (asked) => ({
    title: `Move to ${tier}`,
    commands: [
      ...(keep === undefined ? [] : [set(`keep.${keep}`, "true", true)(asked)]),
      ...(asked.handover ? [set("handover.image", asked.handover.image, true)(asked)] : []),
      set("tier", tier)(asked),
      up(asked),
    ],
    check,
  });

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

const byHand =
  (title: string, commands: string[], check: string): Step =>
  () => ({ title, commands, check });

const suspend = (on: boolean) => [
  "kubectl -n app get cronjob -o name |",
  `  xargs -r -I {} kubectl -n app patch {} -p '{"spec":{"suspend":${on}}}'`,
];

/** A scheduled job may change the schema, as one that makes partitions does, and a handover carries no such change. */
const schedules = (on: boolean): Step =>
  byHand(
    on ? "Start the scheduled jobs" : "Stop the scheduled jobs",
    suspend(!on),
    `kubectl -n app get cronjobs shows ${on ? "none" : "all of them"} suspended`,
  );

/** Workers and scheduled jobs go on during maintenance. They may not write to one database while it is copied to another. */
const work = (on: boolean): Step =>
  byHand(
    on ? "Start the workers and the scheduled jobs" : "Stop the workers and the scheduled jobs",
    [`kubectl -n app scale deployment -l app.kubernetes.io/component=worker --replicas ${on ? 1 : 0}`, ...suspend(!on)],
    on
      ? "the workers run; their autoscalers take over"
      : "kubectl -n app get pods shows no worker; an autoscaler leaves a Deployment with 0 replicas alone",
  );

/**
 * Pipes the data of one database into the other, in a shell of the in-cluster Postgres that has the address of RDS as $0.
 * The superuser's password is the same on both sides. It comes by the pipe and is on no command line.
 */
const copy = (address: string, dump: string, restore: string) => [
  ...`RDS=$(${address})`.split("\n"),
  "kubectl -n data get secret postgres-credentials -o jsonpath='{.data.superuser-password}' |",
  "  base64 -d | kubectl -n data exec -i postgres-0 -c postgres -- sh -c '",
  `    export PGPASSWORD=$(cat); ${dump} |`,
  `    ${restore}' "$RDS"`,
];
const restored = "pg_restore --clean --if-exists -U postgres -d app";

/** Asks Valkey, in its pod, for what holds unfinished jobs: BullMQ's keys by default. One without any is gone. */
const unfinished =
  'REDISCLI_AUTH=$(cat "$VALKEY_PASSWORD_FILE") valkey-cli --tls --cacert "$VALKEY_CA" -h localhost -p "$VALKEY_PORT" ' +
  '--scan | grep -E ":(wait|paused|prioritized|delayed|active)$" || true';

const drainQueues = byHand(
  "Drain the queues",
  [`kubectl -n data exec redis-0 -- sh -c '${unfinished}'`],
  "no key is left: jobs in the in-cluster Valkey do not move. The reference workload can move them (docs/queues.md#move)",
);

/** The engine, as its image has it (handover/Dockerfile). */
const engineProgram = "node handover/main.js";

/** A command of the handover's engine, in its pod. */
const engine = (command: string, { handover }: Asked) =>
  `kubectl -n ${handover?.namespace} exec job/${handoverName} -- ${engineProgram} ${command}`;

/** The steps of a handover, after the move that starts it (docs/handover.md). The product runs meanwhile. */
const handOver: Step[] = [
  (asked) => ({
    title: "Wait until both databases are equal (docs/handover.md#watch)",
    commands: [engine("status", asked)],
    check: ["the phase is ready", ...(asked.handover?.expected ? [asked.handover.expected.copy] : [])].join("; "),
  }),
  (asked) => ({
    title: "Switch (docs/handover.md#switch)",
    commands: [engine("switch", asked)],
    check: [
      "the phase is switched, and the comparison of every table is equal",
      ...(asked.handover?.expected ? [asked.handover.expected.pause] : []),
    ].join("; "),
  }),
  (asked) => ({
    title: "Use the product, and go back if it does not work (docs/handover.md#back)",
    commands: [engine("status", asked), `${engine("back", asked)}   # only to go back`],
    check: "the product works; as long as the handover is not finished, no write is lost on the way back",
  }),
  (asked) => ({
    title: "Let PgBouncer start with the new database",
    commands: [set("handover.switched", "true", true)(asked), up(asked)],
    check: "PgBouncer's pods are new, and the product works",
  }),
  (asked) => ({
    title: "Finish (docs/handover.md#finish)",
    commands: [engine("finish", asked), `npx pulumi config rm ${asked.project}:handover -s ${asked.stack}`, up(asked)],
    check: "the product works, and kubectl -n data get pods shows no handover",
  }),
];

/** The steps between tiers where a handover moves the data, by `from to`. */
const handoverSteps: Record<string, Step[] | undefined> = {
  "mvp startup": [
    maintenance(true),
    drainQueues,
    moveTo("startup", "RDS and ElastiCache are available; the product still uses the in-cluster Postgres"),
    maintenance(false),
    schedules(false),
    ...handOver,
    schedules(true),
  ],
  "startup mvp": [
    byHand(
      "Remove the old data of the in-cluster Postgres (docs/handover.md#startup-to-mvp)",
      ["kubectl -n data exec postgres-0 -c postgres -- psql -U postgres -c 'DROP DATABASE IF EXISTS app'"],
      "the server has no database app: what it had is from before the move to Startup",
    ),
    maintenance(true),
    moveTo("mvp", "the in-cluster stores run; the product still uses RDS", "managedStores"),
    maintenance(false),
    schedules(false),
    ...handOver,
    schedules(true),
  ],
};

/** The steps between neighbouring tiers, by `from to`. */
const steps: Record<string, Step[] | undefined> = {
  "mvp startup": [
    maintenance(true),
    drainQueues,
    work(false),
    moveTo("startup", "RDS and ElastiCache are available, and have no data yet"),
    (asked) => ({
      title: "Copy the database (docs/moving.md#mvp-to-startup)",
      commands: copy(
        `npx pulumi stack output databaseEndpoint -s ${asked.stack} | cut -d: -f1`,
        "pg_dump -Fc -U postgres app",
        `${restored} -h "$0"`,
      ),
      check: "both sides have the same row counts",
    }),
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
    maintenance(true),
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
  const stepsOf = (move: string) => (asked.handover && handoverSteps[move]) ?? steps[move] ?? [];
  const between = names.slice(1).flatMap((tier, at) => stepsOf(`${names[at]} ${tier}`));
  const phases = between.map((step) => step(asked));
  // Between two moves maintenance stays on.
  const [on, off] = [maintenance(true)(asked).title, maintenance(false)(asked).title];
  const first = phases.findIndex(({ title }) => title === on);
  const last = phases.map(({ title }) => title).lastIndexOf(off);
  const kept = phases.filter(({ title }, at) => (title !== on || at === first) && (title !== off || at === last));
  return [...kept, ...cacheSteps(asked)];
}
