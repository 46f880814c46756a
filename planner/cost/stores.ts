/** Prices of databases, caches and buckets. */

import { prefixes } from "../../components/postgres/dumps/prefixes";
import { combined, daysPerMonth, exact, kbPerGb, type Level, monthOf, product, total } from "./levels";
import type { Charge } from "./types";
import { type Inputs, logCharges, type Rule, type World } from "./world";

export const databaseType = "aws:rds/instance:Instance";

/** Share of the storage at which RDS enlarges it: less than 10 % free (RDS, "Storage autoscaling"). */
const fullAt = 0.9;

/** Storage in GiB, which grows with the data up to the limit of autoscaling. */
function storageOf(inputs: Inputs, world: World): Level {
  const source = inputs.replicateSourceDb
    ? (world.ofType(databaseType).find((one) => one.inputs.identifier === inputs.replicateSourceDb)?.inputs as Inputs)
    : inputs;
  const allocated: number = inputs.allocatedStorage ?? source?.allocatedStorage ?? 0;
  const limit: number = inputs.maxAllocatedStorage ?? allocated;
  return combined(
    (stored) => Math.max(allocated, Math.min(limit, Math.ceil(exact(stored / fullAt)))),
    world.assumed("database.storedGib"),
  );
}

/** Both directions between zones are paid. */
export const bothWays = 2;

/** GiB of backups: the data once, and each kept day's change. */
export const backupsOf = (days: number, world: World): Level =>
  total(world.assumed("database.storedGib"), product(days, world.assumed("database.changeGib")));

const crossZone = (id: string, what: string, world: World): Charge => ({
  item: `data between zones, ${what}`,
  priceId: "xfer.interaz",
  quantity: product(world.requests, world.assumed(id), bothWays / kbPerGb),
});

/** Backups are free up to the storage of all databases of the region (RDS, "Backup storage"). */
function backupCharges(days: number, world: World): Charge[] {
  const provisioned = total(...world.ofType(databaseType).map(({ inputs }) => storageOf(inputs, world)));
  const beyond = combined((gib, free) => Math.max(0, exact(gib - free)), backupsOf(days, world), provisioned);
  // Where storage grows with the data, a higher level may pay for less.
  const quantity = {
    ...beyond,
    expected: Math.max(beyond.low, beyond.expected),
    high: Math.max(beyond.low, beyond.expected, beyond.high),
  };
  return [{ item: "backups beyond the free storage", priceId: "rds.backup.gb", quantity }];
}

/** A database. Multi-AZ has prices of its own, for instance and storage. */
export const database: Rule = (inputs, world) => {
  const { instanceClass, multiAz, replicateSourceDb, backupRetentionPeriod = 0, enabledCloudwatchLogsExports } = inputs;
  const zoning = multiAz ? "multi" : "single";
  const gib = storageOf(inputs, world);
  return [
    {
      item: `RDS ${instanceClass}${multiAz ? ", Multi-AZ" : ""}${replicateSourceDb ? ", read replica" : ""}`,
      priceId: `rds.pg.${zoning}.${instanceClass}`,
      quantity: monthOf(),
    },
    { item: `storage, ${gib.expected} GiB`, priceId: `rds.${inputs.storageType ?? "gp2"}.${zoning}.gb`, quantity: gib },
    ...(backupRetentionPeriod > 0 ? backupCharges(backupRetentionPeriod, world) : []),
    ...((enabledCloudwatchLogsExports ?? []).length > 0
      ? logCharges("database", world.assumed("logs.databaseGb"), world)
      : []),
    ...(replicateSourceDb ? [] : [crossZone("crossZone.databaseKb", "to the database", world)]),
    ...(String(instanceClass).startsWith("db.t4g.")
      ? [
          {
            item: "CPU credits beyond the baseline",
            priceId: "rds.t4g.credit",
            quantity: world.assumed("credits.databaseVcpuHours"),
          },
        ]
      : []),
  ];
};

/** How price ids abbreviate a region. */
const regionIds: Record<string, string> = { "us-west-2": "usw2" };
export const regionId = (region: string): string => regionIds[region] ?? region;

/** Days that copies of backups are kept: 7 where nothing else is set. */
export const copyDays = ({ retentionPeriod = 7 }: Inputs): number => retentionPeriod;

/** Automated backups copied to another region. */
export const backupCopies: Rule = (inputs, world) => {
  const { region = "" } = inputs;
  const target = regionId(region);
  return [
    {
      item: `backups in ${region}`,
      priceId: `rds.backup.${target}.gb`,
      quantity: backupsOf(copyDays(inputs), world),
    },
    {
      item: `transfer of backups to ${region}`,
      priceId: `xfer.region.${target}`,
      quantity: product(daysPerMonth, world.assumed("database.changeGib")),
    },
  ];
};

/** A cache: its nodes, and the snapshots that it keeps. */
export const cache: Rule = (inputs, world) => {
  const { engine, nodeType, numNodeGroups = 1, replicasPerNodeGroup = 0, snapshotRetentionLimit = 0 } = inputs;
  const nodes = numNodeGroups * (1 + replicasPerNodeGroup);
  return [
    {
      item: `ElastiCache ${nodes === 1 ? "" : `${nodes} x `}${nodeType}`,
      priceId: `elasticache.${engine}.${nodeType}`,
      quantity: monthOf(nodes),
    },
    {
      item: "snapshots",
      priceId: "elasticache.backup.gb",
      quantity: product(snapshotRetentionLimit, world.assumed("cache.storedGib")),
    },
    crossZone("crossZone.cacheKb", "to the cache", world),
  ];
};

/**
 * Days that the lifecycle rules of a bucket keep the objects below a prefix: until they expire, and as an old version. Of
 * several rules the shortest time holds (Amazon S3 User Guide, "Lifecycle configuration conflicts").
 */
function keptDays(rules: Inputs[], prefix: string): number {
  const ofThese = rules.filter(({ filter }) => prefix.startsWith(filter?.prefix ?? ""));
  const shortest = (days: (number | undefined)[]) => {
    const given = days.filter((one) => one !== undefined);
    return given.length > 0 ? Math.min(...given) : 0;
  };
  return (
    shortest(ofThese.map(({ expiration }) => expiration?.days)) +
    shortest(ofThese.map(({ noncurrentVersionExpiration }) => noncurrentVersionExpiration?.noncurrentDays))
  );
}

/**
 * A bucket of nightly dumps, base backups and the write-ahead log. They are made where Postgres runs on a node of the stack
 * and RDS does not make backups.
 */
export const bucket: Rule = (_, world, { path, parent }) => {
  if (!path.endsWith("postgres-dumps/bucket")) return [`what lies in the bucket ${path}`];
  const onNode = world.ofType("aws:autoscaling/group:Group").length > 0;
  if (!onNode || world.ofType(databaseType).length > 0) return [];
  const lifecycle = world
    .ofType("aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration")
    .find((one) => one.parent === parent)?.inputs as Inputs;
  const kept = (prefix: string) => keptDays(lifecycle?.rules ?? [], `${prefix}/`);
  const stored = (item: string, ...quantities: (number | Level)[]): Charge => ({
    item,
    priceId: "s3.standard.t1",
    quantity: product(...quantities),
  });
  const data = world.assumed("database.storedGib");
  return [
    stored("nightly dumps", data, world.assumed("dump.ratio"), kept(prefixes.all)),
    stored("base backups", data, world.assumed("base.ratio"), kept(prefixes.base)),
    stored("write-ahead log", world.assumed("database.changeGib"), kept(prefixes.wal)),
    {
      item: "requests of the archive",
      priceId: "s3.requests.t1",
      quantity: product(world.assumed("wal.filesPerDay"), daysPerMonth / 1000),
    },
  ];
};
