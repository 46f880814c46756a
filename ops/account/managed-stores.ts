/** The stores that AWS runs, through its API with the operator's own rights. */
import type { DescribeEventsCommandOutput as RedisEvents } from "@aws-sdk/client-elasticache";
import type { DescribeEventsCommandOutput as DatabaseEvents } from "@aws-sdk/client-rds";
import { Aws } from "../../planner/preflight/aws";
import { asked } from "./asked";

/** What a store says of itself. */
export interface ManagedStore {
  /** `available` where nothing is being done to it. */
  status: string;
  /** Whether another node takes over by itself. */
  standby: boolean;
  /** Shards of ElastiCache; none of RDS. */
  shards: string[];
}

export type StoreKind = "postgres" | "redis";

/** The services that run them. */
export const services: Record<StoreKind, string> = { postgres: "RDS", redis: "ElastiCache" };

/** Name of a store by its address: `shop.abc.us-east-1.rds.amazonaws.com:5432`, `clustercfg.shop.abc.use1.cache.amazonaws.com`. */
export const nameOf = (address: string): string =>
  address.replace(/^(?:master|clustercfg|replica)\./, "").split(".")[0] as string;

/** Whether an address is of a store that AWS runs. */
export const isManaged = (address: string): boolean => /\.amazonaws\.com(\.cn)?(:\d+)?$/.test(address);

/** What drills need of RDS and ElastiCache. */
export interface ManagedStores {
  /** @throws Failure where there is none of that name */
  find(kind: StoreKind, name: string): Promise<ManagedStore>;
  /** Has another node take over. @param shard  of ElastiCache */
  failOver(kind: StoreKind, name: string, shard: string | undefined): Promise<void>;
  /** Until when the copies of a database's backups in another region can be restored, in milliseconds since 1970; undefined without any. */
  copiedUntil(name: string, region: string): Promise<number | undefined>;
  /** Messages since a time, in milliseconds since 1970. */
  events(kind: StoreKind, name: string, sinceMs: number): Promise<string[]>;
}

type Events = DatabaseEvents["Events"] | RedisEvents["Events"];

const messages = (events: Events) => (events ?? []).flatMap(({ Message }) => Message ?? []);

export class AwsStores implements ManagedStores {
  /** @param region  of the stack; undefined where the command line names no stack */
  constructor(
    private readonly region: string | undefined,
    private readonly clientsIn = (region: string): Pick<Aws, "rds" | "elastiCache"> => new Aws(region),
  ) {}

  find(kind: StoreKind, name: string): Promise<ManagedStore> {
    return this.asked(kind, async (aws) => {
      if (kind === "postgres") {
        const { DBInstances } = await aws.rds().describeDBInstances({ DBInstanceIdentifier: name });
        const { DBInstanceStatus: status = "unknown", MultiAZ = false } = DBInstances?.[0] ?? {};
        return { status, standby: MultiAZ, shards: [] };
      }
      const { ReplicationGroups } = await aws.elastiCache().describeReplicationGroups({ ReplicationGroupId: name });
      const { Status: status = "unknown", AutomaticFailover, NodeGroups = [] } = ReplicationGroups?.[0] ?? {};
      const shards = NodeGroups.flatMap(({ NodeGroupId }) => NodeGroupId ?? []);
      // With shards it is on even where none has a replica, which could take over.
      const replicas = NodeGroups.every(({ NodeGroupMembers = [] }) => NodeGroupMembers.length > 1);
      return { status, standby: AutomaticFailover === "enabled" && replicas, shards };
    });
  }

  failOver(kind: StoreKind, name: string, shard: string | undefined): Promise<void> {
    return this.asked(kind, async (aws) => {
      if (kind === "postgres") await aws.rds().rebootDBInstance({ DBInstanceIdentifier: name, ForceFailover: true });
      else await aws.elastiCache().testFailover({ ReplicationGroupId: name, NodeGroupId: shard });
    });
  }

  events(kind: StoreKind, name: string, sinceMs: number): Promise<string[]> {
    return this.asked(kind, async (aws) => {
      const since = { SourceIdentifier: name, StartTime: new Date(sinceMs) };
      return kind === "postgres"
        ? messages((await aws.rds().describeEvents({ ...since, SourceType: "db-instance" })).Events)
        : messages((await aws.elastiCache().describeEvents({ ...since, SourceType: "replication-group" })).Events);
    });
  }

  copiedUntil(name: string, region: string): Promise<number | undefined> {
    return this.asked(
      "postgres",
      async (aws) => {
        const { DBInstanceAutomatedBackups = [] } = await aws.rds().describeDBInstanceAutomatedBackups({
          DBInstanceIdentifier: name,
        });
        // An instance of the same name may have been there before.
        const times = DBInstanceAutomatedBackups.flatMap(
          ({ RestoreWindow }) => RestoreWindow?.LatestTime?.getTime() ?? [],
        );
        return times.length === 0 ? undefined : Math.max(...times);
      },
      region,
    );
  }

  private asked<T>(
    kind: StoreKind,
    work: (aws: Pick<Aws, "rds" | "elastiCache">) => Promise<T>,
    region = this.region,
  ): Promise<T> {
    return asked(services[kind], region, (known) => work(this.clientsIn(known)));
  }
}
