import { resourceTags, type Statement } from "./statements";

/** Nothing may be done to what has the tags of another stack or project, whatever else allows it. */
export const otherStacks: Statement[] = Object.entries(resourceTags).map(([key, value]) => ({
  Sid: key.endsWith("stack") ? "OtherStacks" : "OtherProjects",
  Effect: "Deny",
  Action: "*",
  Resource: "*",
  // A negated operator also holds where there is no tag.
  Condition: { Null: { [key]: "false" }, StringNotEquals: { [key]: value } },
}));

/**
 * Nothing that holds data is deleted. Replicas of the database are, on a move down: they are known by their names. Where a
 * long name of the stack cuts that off, they are kept, too.
 * @param more  further actions, on anything
 */
export const keptData = (more: string[] = []): Statement[] => [
  {
    Sid: "KeepTheStores",
    Effect: "Deny",
    Action: ["elasticache:DeleteReplicationGroup", "s3:DeleteBucket", ...more].sort(),
    Resource: "*",
  },
  {
    Sid: "KeepTheDatabase",
    Effect: "Deny",
    Action: "rds:DeleteDBInstance",
    NotResource: "arn:aws:rds:*:<ACCOUNT>:db:<PROJECT>-<STACK>-postgres-replica-*",
  },
];
