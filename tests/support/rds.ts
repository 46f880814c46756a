import type {
  DBInstance,
  DeleteDBInstanceMessage,
  DescribeDBInstancesMessage,
  RestoreDBInstanceToPointInTimeMessage,
} from "@aws-sdk/client-rds";
import type { Aws } from "../../planner/preflight/aws";

/** What RDS refuses: the error's code, and where that is documented or was seen. */
const refusals = {
  // API Reference, DescribeDBInstances, DeleteDBInstance, RestoreDBInstanceToPointInTime: Errors
  unknown: ["DBInstanceNotFound", "DBInstance {} not found."],
  // API Reference, RestoreDBInstanceToPointInTime: Errors
  taken: ["DBInstanceAlreadyExists", "DB instance already exists"],
  noBackups: ["PointInTimeRestoreNotEnabled", "Point in time restore is not enabled for {}"],
  noSubnetGroup: ["DBSubnetGroupNotFoundFault", "DB subnet group {} does not exist."],
  noParameterGroup: ["DBParameterGroupNotFound", "DBParameterGroup not found: {}"],
  full: ["InstanceQuotaExceeded", "The request would exceed the allowed number of DB instances."],
  // API Reference, TargetDBInstanceIdentifier: Constraints
  name: ["InvalidParameterValue", "The parameter TargetDBInstanceIdentifier is not a valid identifier: {}"],
  // API Reference, UseLatestRestorableTime and RestoreTime: Constraints
  time: ["InvalidParameterCombination", "Specify either RestoreTime or UseLatestRestorableTime"],
  // RDS User Guide, Working with parameter groups: a group is of the family of the engine's version
  family: ["InvalidParameterCombination", "The parameter group {} cannot be used for this instance."],
  // API Reference, DeleteDBInstance, SkipFinalSnapshot
  snapshot: [
    "InvalidParameterCombination",
    "FinalDBSnapshotIdentifier is required unless SkipFinalSnapshot is specified.",
  ],
  // moto, tests/test_rds/test_rds.py; RDS User Guide, Deleting a DB instance
  protected: [
    "InvalidParameterCombination",
    "Cannot delete protected DB Instance, please disable deletion protection and try again.",
  ],
  // https://github.com/hashicorp/terraform-provider-aws/issues/5622
  deleting: ["InvalidDBInstanceState", "Instance {} is already being deleted."],
  // Seen of CloudFormation with the deletion policy Snapshot. With SkipFinalSnapshot, RDS deletes what it creates.
  creating: ["InvalidDBInstanceState", "Instance {} is currently creating - a final snapshot cannot be taken."],
  // RDS User Guide, Troubleshooting Amazon RDS identity and access: rights are checked before it is looked whether there is one
  denied: [
    "AccessDenied",
    "User: ci is not authorized to perform: rds:DeleteDBInstance on resource: {} with an explicit deny",
  ],
  // API Reference, DeleteDBInstance, RestoreDBInstanceToPointInTime: Errors
  state: ["InvalidDBInstanceState", "The DB instance isn't in a valid state."],
} as const;

/** Throws the error of the SDK for one of the refusals. Of a documented fault, the SDK's name ends so. */
export function refuse(reason: keyof typeof refusals, about = ""): never {
  const [code, message] = refusals[reason];
  const name = /^Invalid(Parameter|.*Fault)|^AccessDenied|Fault$/.test(code) ? code : `${code}Fault`;
  throw Object.assign(new Error(message.replace("{}", about)), { name, $metadata: {} });
}

/** The instances of an account in memory, as RDS's API shows and changes them. */
export class Rds {
  readonly instances = new Map<string, DBInstance>();
  /** Families of the parameter groups. */
  readonly families = new Map([["own", "postgres17"]]);
  readonly subnetGroups = new Set(["own"]);
  /** Changes that it took. */
  readonly changes: string[] = [];
  /** What it was asked to restore. */
  asked: RestoreDBInstanceToPointInTimeMessage | undefined;
  /** Refusals to come of deletions, in their order. */
  readonly refused: (keyof typeof refusals)[] = [];
  /** Whether the rights allow to delete instances. */
  mayDelete = true;
  /** Instances that are there and are not shown yet. */
  readonly hidden = new Set<string>();
  /** Before an instance is shown. */
  onDescribe: (instance: DBInstance) => Promise<void> | void = () => undefined;
  onRestore: (instance: DBInstance) => Promise<void> | void = () => undefined;
  onDelete: (instance: DBInstance) => Promise<void> | void = () => undefined;

  /** The clients of `planner/preflight/aws.ts`. */
  readonly client = this as unknown as ReturnType<Aws["rds"]>;

  /** Adds an instance, such as a stack has one. */
  add(name: string, instance: DBInstance = {}): DBInstance {
    const added: DBInstance = {
      DBInstanceIdentifier: name,
      DBInstanceStatus: "available",
      DBInstanceClass: "db.t4g.large",
      EngineVersion: "17.6",
      AllocatedStorage: 100,
      BackupRetentionPeriod: 7,
      LatestRestorableTime: new Date(),
      DBSubnetGroup: { DBSubnetGroupName: "own" },
      VpcSecurityGroups: [{ VpcSecurityGroupId: "sg-1", Status: "active" }],
      DBParameterGroups: [{ DBParameterGroupName: "own" }],
      CACertificateIdentifier: "rds-ca-rsa2048-g1",
      Endpoint: { Address: `${name}.abc.us-east-1.rds.amazonaws.com`, Port: 5432 },
      DeletionProtection: true,
      MultiAZ: true,
      TagList: [],
      ...instance,
    };
    this.instances.set(name, added);
    return added;
  }

  async describeDBInstances({ DBInstanceIdentifier: name = "" }: DescribeDBInstancesMessage) {
    await this.onDescribe(this.get(name));
    return { DBInstances: [structuredClone(this.get(name))] };
  }

  async restoreDBInstanceToPointInTime(asked: RestoreDBInstanceToPointInTimeMessage) {
    const { SourceDBInstanceIdentifier: from = "", TargetDBInstanceIdentifier: name = "" } = asked;
    if (!/^(?!.*--)[a-z][a-z0-9-]{0,62}(?<!-)$/i.test(name)) refuse("name", name);
    const source = this.get(from);
    if (this.instances.has(name)) refuse("taken");
    if (source.BackupRetentionPeriod === 0) refuse("noBackups", from);
    if (asked.UseLatestRestorableTime === (asked.RestoreTime !== undefined)) refuse("time");
    if (!this.subnetGroups.has(asked.DBSubnetGroupName ?? "default")) refuse("noSubnetGroup", asked.DBSubnetGroupName);
    const group = asked.DBParameterGroupName ?? "default.postgres17";
    const family = this.families.get(group) ?? refuse("noParameterGroup", group);
    if (family !== `postgres${Number.parseInt(source.EngineVersion ?? "", 10)}`) refuse("family", group);
    this.asked = asked;
    this.changes.push(`restore ${name}`);
    const { LatestRestorableTime: _, Endpoint: __, ...like } = source;
    const restored = this.add(name, {
      ...like,
      DBInstanceIdentifier: name,
      DBInstanceStatus: "creating",
      DeletionProtection: asked.DeletionProtection,
      MultiAZ: asked.MultiAZ,
      BackupRetentionPeriod: asked.BackupRetentionPeriod,
      TagList: asked.Tags,
      LatestRestorableTime: undefined,
      Endpoint: undefined,
    });
    await this.onRestore(restored);
    return { DBInstance: restored };
  }

  async deleteDBInstance({ DBInstanceIdentifier: name = "", ...asked }: DeleteDBInstanceMessage) {
    if (!this.mayDelete) refuse("denied", name);
    const found = this.get(name);
    const due = this.refused.shift();
    if (due) refuse(due, name);
    if (found.DBInstanceStatus === "deleting") refuse("deleting", name);
    if (found.DeletionProtection) refuse("protected");
    if (!asked.SkipFinalSnapshot && !asked.FinalDBSnapshotIdentifier) refuse("snapshot");
    if (!asked.SkipFinalSnapshot && found.DBInstanceStatus === "creating") refuse("creating", name);
    this.changes.push(`delete ${name}${asked.DeleteAutomatedBackups ? " with its backups" : ""}`);
    found.DBInstanceStatus = "deleting";
    await this.onDelete(found);
    return { DBInstance: found };
  }

  private get(name: string): DBInstance {
    return (this.hidden.has(name) ? undefined : this.instances.get(name)) ?? refuse("unknown", name);
  }
}
