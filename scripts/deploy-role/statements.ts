import { stackTags } from "../../components/support/tags";

/** A statement of an IAM policy, as far as these policies use the language. */
export interface Statement {
  Sid: string;
  Effect: "Allow" | "Deny";
  Action?: string | string[];
  NotAction?: string[];
  Resource?: string | string[];
  NotResource?: string | string[];
  Principal?: { Federated: string };
  Condition?: Record<string, Record<string, string | string[]>>;
}

export interface Policy {
  Version: "2012-10-17";
  Statement: Statement[];
}

/** The stack's tags, with the placeholders that a reader replaces. */
const tags = stackTags({ project: "<PROJECT>", stack: "<STACK>" });

/** The bucket of the nightly dumps. S3 looks at no tags (ABAC is off for a bucket until switched on), so it has a name. */
export const dumpsBucket = "arn:aws:s3:::<DUMPS-BUCKET>";

/** The state of the stack, in a bucket (`pulumi login s3://...`). */
export const stateBucket = "arn:aws:s3:::<STATE-BUCKET>";

const under = (key: string) =>
  Object.fromEntries(Object.entries(tags).map(([name, value]) => [`${key}/${name}`, value]));

/** Tags that what is there has. */
export const resourceTags = under("aws:ResourceTag");

/** Tags that a request sets. */
export const requestTags = under("aws:RequestTag");
