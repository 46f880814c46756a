/** The monthly costs of a tier's sizes, line by line. */
import { volumeGiB } from "../../components/cluster/volumes";
import { webAcl } from "../../components/edge/waf";
import type {
  EksSize,
  K3sSize,
  Keep,
  NodePoolSize,
  Place,
  PostgresPlace,
  PostgresSize,
  RedisPlace,
  RedisSize,
  TierSpec,
} from "../../tiers";
import { type LogUse, logsLine } from "./logs";
import { centsOf, hoursPerMonth, type Item } from "./prices";
import { targetOf } from "./target";

/** A line of the bill. */
export interface Line {
  label: string;
  items: Item[];
}

/** Monthly usage, independent of the sizes. */
export interface Use {
  logs: LogUse;
  /** Average load balancer capacity units (LCU). */
  balancerUnits: number;
  /** GB through the NAT gateways. */
  natGb: number;
}

/** Availability zones of every tier's VPC. A test checks it against the plan. */
export const zones = 3;

const hours = (priceId: string, count = 1): Item => ({ priceId, quantity: count * hoursPerMonth });
const publicIpv4 = (count: number): Item => hours("vpc.ipv4.inuse", count);
const volume = (gib: number): Item => ({ priceId: "ebs.gp3.gb", quantity: gib });
const instances = (type: string, count: number, spot: boolean): Item => ({
  ...hours(`ec2.ondemand.${type}`, count),
  spot,
});
const counted = (count: number, name: string) => (count === 1 ? name : `${count} ${name}s`);

export function k3sNodeLines({ instanceTypes: [type = ""], capacity }: Pick<K3sSize, "instanceTypes" | "capacity">) {
  return [
    { label: `${capacity} ${type}`, items: [instances(type, 1, capacity === "spot")] },
    { label: "public IPv4 of the node", items: [publicIpv4(1)] },
  ];
}

export function poolLine(pool: NodePoolSize | undefined, capacity: "spot" | "on-demand", publicNodes: boolean): Line[] {
  if (!pool) return [];
  const { nodes } = pool;
  const type = pool.instanceTypes[0] ?? "";
  return [
    {
      label: `${nodes} ${capacity} ${type}: instance, Auto Mode fee, ${volumeGiB.eksNode} GiB${publicNodes ? ", public IPv4" : ""}`,
      items: [
        instances(type, nodes, capacity === "spot"),
        // The fee is a percentage of the on-demand price, also for spot instances.
        hours(`eks.auto.${type}`, nodes),
        volume(nodes * volumeGiB.eksNode),
        ...(publicNodes ? [publicIpv4(nodes)] : []),
      ],
    },
  ];
}

function eksLines({ general, spot }: EksSize, publicNodes: boolean, balancerUnits: number): Line[] {
  return [
    { label: "EKS control plane", items: [hours("eks.controlplane")] },
    ...poolLine(general, "on-demand", publicNodes),
    ...poolLine(spot, "spot", publicNodes),
    {
      label: `internal load balancer, ${balancerUnits} LCU`,
      items: [hours("elb.alb.hour"), hours("elb.alb.lcu", balancerUnits)],
    },
    { label: "KMS key of the cluster's secrets", items: [{ priceId: "kms.key", quantity: 1 }] },
  ];
}

function targetLines(spec: TierSpec, use: Use): Line[] {
  const target = targetOf(spec);
  const dataVolume = (of: string): Line => ({
    label: `data volume${of}, ${spec.dataVolumeGiB} GiB`,
    items: [volume(spec.dataVolumeGiB)],
  });
  switch (target.kind) {
    case "existing":
      return [];
    case "k3s": {
      const root = { label: `root volume, ${volumeGiB.k3sRoot} GiB`, items: [volume(volumeGiB.k3sRoot)] };
      return [...k3sNodeLines(target), root, dataVolume("")];
    }
    case "eks":
      return [
        ...eksLines(target, spec.network.egress === "public", use.balancerUnits),
        ...(spec.keep.nodeState ? [dataVolume(" of the k3s node")] : []),
      ];
  }
}

function networkLines({ network }: TierSpec, { natGb }: Use): Line[] {
  const gateways = { public: 0, nat: 1, "nat-per-zone": zones }[network.egress];
  return [
    ...(gateways === 0
      ? []
      : [
          {
            label: `${counted(gateways, "NAT gateway")} with public IPv4, ${natGb} GB`,
            items: [hours("vpc.nat.hour", gateways), publicIpv4(gateways), { priceId: "vpc.nat.gb", quantity: natGb }],
          },
        ]),
  ];
}

function databases(instanceClass: string, storageGiB: number, count: number, multiAz: boolean): Item[] {
  const zoning = multiAz ? "multi" : "single";
  return [
    hours(`rds.pg.${zoning}.${instanceClass}`, count),
    { priceId: `rds.gp3.${zoning}.gb`, quantity: count * storageGiB },
  ];
}

/** The stores that a tier pays for: the one in use, and a managed one that is kept beside it. */
const declared = (place: Place, { managedStores }: Keep): Place[] => [
  ...new Set<Place>([place, ...(managedStores ? (["managed"] as const) : [])]),
];

function managedPostgresLines({ managed }: PostgresSize): Line[] {
  const { instanceClass, storageGiB, multiAz, replicas, crossRegionBackups } = managed;
  const size = `${instanceClass}, ${storageGiB} GiB`;
  const copies: Line = {
    label: `${counted(replicas, "RDS replica")} ${size}${replicas > 1 ? " each" : ""}`,
    items: databases(instanceClass, storageGiB, replicas, false),
  };
  const backups: Line = {
    label: `backups in a second region, ${storageGiB} GiB, and their KMS key`,
    items: [
      { priceId: "rds.backup.usw2.gb", quantity: storageGiB },
      { priceId: "kms.key", quantity: 1 },
    ],
  };
  return [
    {
      label: `RDS ${size}${multiAz ? ", Multi-AZ" : ""}`,
      items: databases(instanceClass, storageGiB, 1, multiAz),
    },
    ...(replicas > 0 ? [copies] : []),
    ...(crossRegionBackups ? [backups] : []),
  ];
}

/** What each place of Postgres costs. A store in the cluster runs on its nodes. */
const postgresLines: Record<PostgresPlace, (size: PostgresSize) => Line[]> = {
  cluster: () => [],
  managed: managedPostgresLines,
};

function managedRedisLines({ managed }: RedisSize): Line[] {
  const nodes = managed.shards * (1 + managed.replicasPerShard);
  return [
    {
      label: `ElastiCache ${nodes === 1 ? "" : `${nodes} `}${managed.nodeType}`,
      items: [hours(`elasticache.valkey.${managed.nodeType}`, nodes)],
    },
  ];
}

/** What each place of Redis costs. */
const redisLines: Record<RedisPlace, (size: RedisSize) => Line[]> = {
  cluster: () => [],
  managed: managedRedisLines,
};

function edgeLines({ edge }: TierSpec): Line[] {
  if (!edge.waf) return [];
  const rules = (webAcl("edge").rules as unknown[]).length;
  return [
    {
      label: `WAF: web ACL and ${rules} rules`,
      items: [
        { priceId: "waf.webacl", quantity: 1 },
        { priceId: "waf.rule", quantity: rules },
      ],
    },
  ];
}

export const linesOf = (spec: TierSpec, use: Use): Line[] => [
  ...targetLines(spec, use),
  ...networkLines(spec, use),
  ...declared(spec.postgres.place, spec.keep).flatMap((place) => postgresLines[place](spec.postgres)),
  ...declared(spec.redis.place, spec.keep).flatMap((place) => redisLines[place](spec.redis)),
  ...edgeLines(spec),
  ...[logsLine(spec, use.logs)].flatMap((line) => line ?? []),
];

/** Returns the sum of lines in cents a month. `percentOff` is the spot discount. */
export const sumOf = (lines: Line[], percentOff?: number): number =>
  lines.flatMap(({ items }) => items).reduce((total, item) => total + centsOf(item, percentOff), 0);
