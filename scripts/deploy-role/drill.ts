/** The role that practises the restore each week: .github/workflows/drill.yml. */
import { prefixes } from "../../components/postgres/dumps/prefixes";
import { suffix } from "../../ops/drills/restore/instance";
import { trustOf } from "./roles";
import { type Policy, type Statement, stateBucket } from "./statements";

const inTheAccount = { StringEquals: { "aws:ResourceAccount": "<ACCOUNT>" } };

/** The kubeconfig and the addresses are outputs of the stack. Nothing of the state is written. */
const outputs: Statement[] = [
  { Sid: "StateList", Effect: "Allow", Action: "s3:ListBucket", Resource: stateBucket },
  { Sid: "State", Effect: "Allow", Action: "s3:GetObject", Resource: `${stateBucket}/.pulumi/*` },
];

/** Not the placeholder of the deploying role, which begins as a pattern: that would read the backups of other stacks. */
const backupsBucket = "arn:aws:s3:::<BACKUPS-BUCKET>";

/** A restore of the in-cluster Postgres looks for the bucket that has the server's log, and reads the backup there. */
const fromTheBucket: Statement[] = [
  { Sid: "FindTheBucket", Effect: "Allow", Action: "s3:ListAllMyBuckets", Resource: "*" },
  { Sid: "ListBackups", Effect: "Allow", Action: "s3:ListBucket", Resource: backupsBucket, Condition: inTheAccount },
  {
    Sid: "ReadBackups",
    Effect: "Allow",
    Action: "s3:GetObject",
    Resource: [prefixes.base, prefixes.wal].map((prefix) => `${backupsBucket}/${prefix}/*`),
    Condition: inTheAccount,
  },
];

const rds = (resource: string) => `arn:aws:rds:*:<ACCOUNT>:${resource}`;
/** Not by project and stack: old instances have names that Pulumi gave them, and long ones are cut. */
const database = rds("db:<DATABASE>");
const drilled = rds(`db:<DATABASE>${suffix}`);

/** A restore on RDS makes an instance beside the database, whose name ends as no other's does, and deletes that one. */
const onRds: Statement[] = [
  { Sid: "FindTheDatabase", Effect: "Allow", Action: "rds:DescribeDBInstances", Resource: "*" },
  {
    Sid: "RestoreBeside",
    Effect: "Allow",
    Action: "rds:RestoreDBInstanceToPointInTime",
    Resource: [
      database,
      drilled,
      rds("pg:postgres-parameters-*"),
      rds("subgrp:postgres-subnets-*"),
      rds("og:default:*"),
    ],
  },
  {
    Sid: "TagAndDelete",
    Effect: "Allow",
    Action: ["rds:AddTagsToResource", "rds:DeleteDBInstance"],
    Resource: drilled,
  },
];

/** The managed policy of the role: what each kind of restore needs. */
export const drillPolicy: Policy = { Version: "2012-10-17", Statement: [...outputs, ...fromTheBucket, ...onRds] };

/** Who may take it: jobs of an environment of its own, which asks nobody. */
export const drillTrust: Policy = trustOf("drill-<STACK>");
