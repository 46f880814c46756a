/** The instances of RDS, through its API with the operator's own rights: restored beside others, and deleted again. */
import type { DBInstance } from "@aws-sdk/client-rds";
import { Aws } from "../../planner/preflight/aws";
import { asked } from "./asked";
import { services } from "./managed-stores";

/** Of an instance what the one restored from it gets, too. */
interface Like {
  instanceClass: string;
  subnetGroup: string;
  securityGroups: string[];
  parameterGroup: string;
  /** The certificate authority of its server certificate. */
  authority: string | undefined;
}

/** An instance. */
export interface Database extends Like {
  name: string;
  /** `available` where nothing is being done to it. */
  status: string;
  /** Host name; undefined until it has one. */
  address: string | undefined;
  storageGiB: number;
  /** Days that automated backups are kept; 0 without any. */
  backupDays: number;
  /** The last moment to which they can be restored, in milliseconds since 1970; undefined where there is none. */
  restorableMs: number | undefined;
  tags: Record<string, string>;
}

/** What drills need of RDS to restore a backup beside the instance. */
export interface Databases {
  /** Undefined where there is none of that name. */
  find(name: string): Promise<Database | undefined>;
  /**
   * Begins to restore the newest state of an instance into a new one, which is private, has no standby, no backups and no protection.
   * @param tags  beside those of the instance
   */
  restore(source: Database, target: string, tags: Record<string, string>): Promise<void>;
  /** Begins to delete an instance, without a last snapshot. Returns why RDS does not in its present state; undefined where it does. */
  remove(name: string): Promise<string | undefined>;
  /** Why the rights do not allow to delete an instance; undefined where they do. There must be none of that name. */
  mayRemove(name: string): Promise<string | undefined>;
}

const databaseOf = (name: string, one: DBInstance): Database => ({
  name,
  status: one.DBInstanceStatus ?? "unknown",
  instanceClass: one.DBInstanceClass ?? "",
  subnetGroup: one.DBSubnetGroup?.DBSubnetGroupName ?? "",
  securityGroups: (one.VpcSecurityGroups ?? []).flatMap(({ VpcSecurityGroupId }) => VpcSecurityGroupId ?? []),
  parameterGroup: one.DBParameterGroups?.[0]?.DBParameterGroupName ?? "",
  authority: one.CACertificateIdentifier,
  address: one.Endpoint?.Address,
  storageGiB: one.AllocatedStorage ?? 0,
  backupDays: one.BackupRetentionPeriod ?? 0,
  restorableMs: one.LatestRestorableTime?.getTime(),
  tags: Object.fromEntries((one.TagList ?? []).map(({ Key = "", Value = "" }) => [Key, Value])),
});

/** Tags of an instance that another may have, too: those of AWS, such as CloudFormation's, nobody else may set. */
const givable = (tags: Record<string, string>) =>
  Object.fromEntries(Object.entries(tags).filter(([key]) => !key.startsWith("aws:")));

/** Whether RDS refuses for a reason, such as `DBInstanceNotFound`: its SDK names them with `Fault`. */
const isRefusal = (error: unknown, reason: string): error is Error =>
  error instanceof Error && error.name.replace(/Fault$/, "") === reason;

export class AwsDatabases implements Databases {
  /** @param region  of the stack; undefined where the command line names no stack */
  constructor(
    private readonly region: string | undefined,
    private readonly clientIn = (region: string): ReturnType<Aws["rds"]> => new Aws(region).rds(),
  ) {}

  find(name: string): Promise<Database | undefined> {
    return this.asked(async (rds) => {
      try {
        const { DBInstances } = await rds.describeDBInstances({ DBInstanceIdentifier: name });
        return DBInstances?.[0] && databaseOf(name, DBInstances[0]);
      } catch (error) {
        if (isRefusal(error, "DBInstanceNotFound")) return undefined;
        throw error;
      }
    });
  }

  restore(source: Database, target: string, tags: Record<string, string>): Promise<void> {
    return this.asked(async (rds) => {
      await rds.restoreDBInstanceToPointInTime({
        SourceDBInstanceIdentifier: source.name,
        TargetDBInstanceIdentifier: target,
        UseLatestRestorableTime: true,
        // Without these it would get AWS's defaults, and the cluster could not reach it.
        DBSubnetGroupName: source.subnetGroup,
        VpcSecurityGroupIds: source.securityGroups,
        DBParameterGroupName: source.parameterGroup,
        CACertificateIdentifier: source.authority,
        DBInstanceClass: source.instanceClass,
        MultiAZ: false,
        PubliclyAccessible: false,
        DeletionProtection: false,
        AutoMinorVersionUpgrade: false,
        // The first backup would cost minutes, and nobody needs it.
        BackupRetentionPeriod: 0,
        // The storage is gp3 by default, as the stack's (RestoreDBInstanceToPointInTime, StorageType).
        Tags: Object.entries({ ...givable(source.tags), ...tags }).map(([Key, Value]) => ({ Key, Value })),
      });
    });
  }

  remove(name: string): Promise<string | undefined> {
    return this.asked(async (rds) => {
      try {
        await rds.deleteDBInstance({
          DBInstanceIdentifier: name,
          SkipFinalSnapshot: true,
          DeleteAutomatedBackups: true,
        });
      } catch (error) {
        if (isRefusal(error, "DBInstanceNotFound")) return undefined;
        if (!isRefusal(error, "InvalidDBInstanceState")) throw error;
        return /already being deleted/i.test(error.message) ? undefined : error.message;
      }
      return undefined;
    });
  }

  mayRemove(name: string): Promise<string | undefined> {
    return this.asked(async (rds) => {
      try {
        await rds.deleteDBInstance({ DBInstanceIdentifier: name, SkipFinalSnapshot: true });
      } catch (error) {
        if (isRefusal(error, "DBInstanceNotFound")) return undefined;
        if (error instanceof Error && error.name.startsWith("AccessDenied")) return error.message;
        throw error;
      }
      return undefined;
    });
  }

  private asked<T>(work: (rds: ReturnType<Aws["rds"]>) => Promise<T>): Promise<T> {
    return asked(services.postgres, this.region, (known) => work(this.clientIn(known)));
  }
}
