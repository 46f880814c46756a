/** What a change of a resource is charged for beside the price a month of what is there after it. */
import type { PlannedResource } from "../record/planned";
import { cents } from "./cost";
import { combined, daysPerMonth, exact, type Level, levels, product } from "./levels";
import { backupsOf, bothWays, copyDays, databaseType, regionId } from "./stores";
import type { CostContext } from "./types";
import { type Inputs, type World, worldOf } from "./world";

/** An amount that a move is charged for, once or each month. */
export interface MoveCharge {
  /** Path of the resource. */
  path: string;
  item: string;
  /** "monthly": until somebody deletes it. "unshrunk": each month, as part of what stays in use. */
  paid: "once" | "monthly" | "unshrunk";
  quantity: Level;
  unit: string;
  usdPerUnit: number;
  usd: Level;
  /** Id in planner/catalogues/aws-prices.json; null for what is free. */
  priceId: string | null;
  /** From where it is known that this is charged, or that it is not. */
  source: string;
}

/** A change of a resource. Of a new one there is nothing before, of a deleted one nothing after. */
export interface Step {
  path: string;
  action: string;
  before?: PlannedResource | undefined;
  after?: PlannedResource | undefined;
}

interface Sides {
  before: Inputs;
  after: Inputs;
  world: World;
}

/** A kind of change that is charged, or that one would expect to be. */
export interface OneOff {
  /** What changes, as docs/moving.md shows it. */
  change: string;
  type: string;
  actions: readonly ("create" | "update" | "delete")[];
  /** @default true */
  applies?: (sides: Sides) => boolean;
  item: string;
  paid: MoveCharge["paid"];
  /** Unit of what is free, and null for its price id. */
  price: ((inputs: Inputs) => string) | { freeUnit: string };
  quantity: (sides: Sides) => Level;
  source: string;
}

const copiesType = "aws:rds/instanceAutomatedBackupsReplication:InstanceAutomatedBackupsReplication";

const runsInCluster = (world: World): boolean =>
  world.ofType("kubernetes:apps/v1:StatefulSet").some(({ path }) => path.endsWith("postgres/cluster/server"));
const backupDocs =
  "https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_WorkingWithAutomatedBackups.Retaining.html";
const copyDocs = "https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_ReplicateBackups.html";
const transferBlog =
  "https://aws.amazon.com/blogs/architecture/exploring-data-transfer-costs-for-aws-managed-databases/";

const stored = ({ world }: Sides): Level => world.assumed("database.storedGib");
const isPrimary = (inputs: Inputs): boolean => !inputs.replicateSourceDb;
/** Backups until they expire, as months of their whole size. */
const untilExpired = (days: number, world: World): Level => product(backupsOf(days, world), days / daysPerMonth);

/** Every kind. Data is as large as the assumptions say for the tier before the move. */
export const oneOffs: readonly OneOff[] = [
  {
    change: "RDS takes the place of the in-cluster Postgres",
    type: databaseType,
    actions: ["create"],
    applies: ({ after, world }) => isPrimary(after) && runsInCluster(world),
    item: "your copy of the data to RDS, between zones",
    paid: "once",
    price: () => "xfer.interaz",
    quantity: (sides) => product(stored(sides), bothWays),
    source: "https://aws.amazon.com/ec2/pricing/on-demand/",
  },
  {
    change: "a new read replica",
    type: databaseType,
    actions: ["create"],
    applies: ({ after }) => !isPrimary(after),
    item: "first copy of the data to a read replica",
    paid: "once",
    price: { freeUnit: "GB" },
    quantity: stored,
    source: transferBlog,
  },
  {
    change: "RDS gets a standby (Multi-AZ)",
    type: databaseType,
    actions: ["update"],
    applies: ({ before, after }) => !before.multiAz && after.multiAz === true,
    item: "first copy of the data to the standby",
    paid: "once",
    price: { freeUnit: "GB" },
    quantity: stored,
    source: transferBlog,
  },
  {
    change: "backups are copied to a second region",
    type: copiesType,
    actions: ["create"],
    item: "first copy of the backups to the second region",
    paid: "once",
    price: ({ region = "" }) => `xfer.region.${regionId(region)}`,
    quantity: stored,
    source: copyDocs,
  },
  {
    change: "backups are no longer copied to a second region",
    type: copiesType,
    actions: ["delete"],
    item: "copies of the backups, until they expire",
    paid: "once",
    price: ({ region = "" }) => `rds.backup.${regionId(region)}.gb`,
    quantity: ({ before, world }) => untilExpired(copyDays(before), world),
    source: copyDocs,
  },
  {
    change: "RDS is deleted",
    type: databaseType,
    actions: ["delete"],
    applies: ({ before }) => isPrimary(before) && before.skipFinalSnapshot !== true,
    item: "final snapshot of the database",
    paid: "monthly",
    price: () => "rds.backup.gb",
    quantity: stored,
    source: backupDocs,
  },
  {
    change: "RDS is deleted",
    type: databaseType,
    actions: ["delete"],
    applies: ({ before }) => before.backupRetentionPeriod > 0 && before.deleteAutomatedBackups === false,
    item: "automated backups, until they expire",
    paid: "once",
    price: () => "rds.backup.gb",
    quantity: ({ before, world }) => untilExpired(before.backupRetentionPeriod, world),
    source: backupDocs,
  },
  {
    change: "ElastiCache is deleted",
    type: "aws:elasticache/replicationGroup:ReplicationGroup",
    actions: ["delete"],
    applies: ({ before }) => before.finalSnapshotIdentifier !== undefined,
    item: "final snapshot of the cache",
    paid: "monthly",
    price: () => "elasticache.backup.gb",
    quantity: ({ world }) => world.assumed("cache.storedGib"),
    source: "https://aws.amazon.com/elasticache/pricing/",
  },
  {
    change: "the data volume is deleted",
    type: "aws:ebs/volume:Volume",
    actions: ["delete"],
    applies: ({ before }) => before.finalSnapshot === true,
    item: "final snapshot of the volume",
    paid: "monthly",
    price: () => "ebs.snapshot.gb",
    quantity: ({ before: { size = 0 }, world }) => product(size, world.assumed("volume.writtenShare")),
    source: "https://repost.aws/knowledge-center/ebs-snapshot-billing",
  },
  {
    change: "a KMS key is deleted",
    type: "aws:kms/key:Key",
    actions: ["delete"],
    item: "KMS key while its deletion is pending",
    paid: "once",
    price: { freeUnit: "key-month" },
    quantity: ({ before: { deletionWindowInDays = 30 } }) => product(deletionWindowInDays, 1 / daysPerMonth),
    source: "https://trendmicro.com/cloudoneconformity/knowledge-base/aws/KMS/disabled-kms-keys.html",
  },
];

/** What happens to the resource itself: a replacement is a deletion and a creation. */
const partsOf = (action: string): readonly string[] => (action === "replace" ? ["delete", "create"] : [action]);

function chargeOf(one: OneOff, path: string, sides: Sides, own: Inputs): MoveCharge | string {
  const { item, paid, price, source } = one;
  const quantity = one.quantity(sides);
  // Only a plan file that somebody wrote into has sizes that are no numbers.
  if (!levels.every((level) => Number.isFinite(quantity[level]))) return `${item} (${path}): its size is unknown`;
  const charge = { path, item, paid, quantity };
  if (typeof price !== "function")
    return { ...charge, unit: price.freeUnit, usdPerUnit: 0, usd: product(0), priceId: null, source };
  const priceId = price(own);
  const found = sides.world.context.prices.get(priceId);
  if (!found) return `${item} (${path}): no price ${priceId}; give one with --prices`;
  const { unit, usd: usdPerUnit } = found;
  const usd = combined((units) => cents(exact(units * usdPerUnit)), quantity);
  return { ...charge, unit, usdPerUnit, usd, priceId, source };
}

/** Returns what the steps of a move are charged for, in their order, and what has no price, in words. */
export function oneOffCharges(
  resources: readonly PlannedResource[],
  steps: readonly Step[],
  context: CostContext,
): (MoveCharge | string)[] {
  const world = worldOf(resources, context);
  return steps.flatMap(({ path, action, before, after }) =>
    partsOf(action).flatMap((part) => {
      const resource = part === "delete" ? before : after;
      const sides = { before: before?.inputs ?? {}, after: after?.inputs ?? {}, world };
      return oneOffs
        .filter(({ type, actions }) => type === resource?.type && (actions as readonly string[]).includes(part))
        .filter(({ applies = () => true }) => applies(sides))
        .map((one) => chargeOf(one, path, sides, resource?.inputs));
    }),
  );
}
