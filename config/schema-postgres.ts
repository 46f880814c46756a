import { largestMajorVersion, leastMajorVersion } from "../components/postgres/managed/versions";
import { largestStorageGiB, maxReadReplicas, rdsMaxStorageGiB } from "../tiers/limits";
import { boolean, type FieldInfo, integer, object, override, string } from "./fields";

/** A KMS key of the user's. */
export const kmsKey = (info: Omit<FieldInfo, "allowed">) =>
  string(/^arn:aws:kms:[a-z0-9-]+:\d{12}:key\/(?:mrk-[a-f0-9]{32}|[a-f0-9]{8}(?:-[a-f0-9]{4}){3}-[a-f0-9]{12})$/, {
    ...info,
    allowed: "the ARN of a key, such as arn:aws:kms:us-east-1:123456789012:key/0a1b2c3d-0000-4000-8000-123456789abc",
  });

const generation = (description: string) => integer({ min: 1, max: 1000, description });

/** What a database has of its own. */
const database = {
  instanceClass: override(
    string(/^db\.[a-z0-9]+\.[a-z0-9]+$/, {
      description: "RDS instance class of the primary and its replicas.",
      allowed: "an instance class of tiers/catalogues/aws-sizes.json, such as db.t4g.medium",
    }),
  ),
  storageGiB: override(
    integer({
      min: 1,
      max: largestStorageGiB,
      unit: "GiB",
      description: "Storage of the database. It can only grow; in the cluster, set it before the first deploy.",
    }),
  ),
  maxStorageGiB: override(
    integer({ min: 20, max: rdsMaxStorageGiB, unit: "GiB", description: "Upper limit of RDS storage autoscaling." }),
  ),
  multiAz: override(boolean("A standby in a second zone.")),
  replicas: override(integer({ min: 0, max: maxReadReplicas, description: "Read replicas." })),
  backupRetentionDays: override(
    integer({
      min: 1,
      max: 35,
      unit: "days",
      description: "Retention of automated backups. Never 0: enabling backups later restarts the database.",
    }),
  ),
  crossRegionBackups: override(boolean("Copy backups to the second region.")),
  majorVersion: override(
    integer({
      min: leastMajorVersion,
      max: largestMajorVersion,
      description: "Major version of PostgreSQL on RDS. Another one takes another generation.",
    }),
    `${leastMajorVersion} (versions.ts)`,
  ),
  kmsKeyArn: override(
    kmsKey({ description: "KMS key of the RDS instance. Another one takes another generation." }),
    "the stack's kmsKeyArn",
  ),
};

/** The database in use, and the one that a handover leaves. */
export const postgres = object(
  {
    generation: override(
      generation(
        "Number of the RDS instance. Another one is a new instance, to which a handover leads (docs/handover.md#another-instance).",
      ),
      "1",
    ),
    ...database,
    previous: override(
      object(
        {
          generation: override(generation("Number of that instance."), "postgres.generation - 1"),
          ...database,
        },
        "The RDS instance of another generation, which stays beside the one of postgres.generation: the one that a handover " +
          "leaves, with what postgres said of it. The stack no longer changes it.",
      ),
      "none",
    ),
  },
  "Overrides of Postgres.",
);
