/** Physical names, which an account has once in a region, and what AWS creates under such names by itself. */
import type { Inputs } from "../../planner/move/refused-updates";

interface NameRule {
  property: string;
  /** AWS's error where the name is taken. */
  error: string;
  source: string;
}

const apiReference = (service: string, action: string) =>
  `https://docs.aws.amazon.com/${service}/latest/APIReference/API_${action}.html`;

const logGroup = "aws:cloudwatch/logGroup:LogGroup";
const database = "aws:rds/instance:Instance";

const nameRules: Record<string, NameRule> = {
  [logGroup]: {
    property: "name",
    error: "ResourceAlreadyExistsException",
    source: apiReference("AmazonCloudWatchLogs", "CreateLogGroup"),
  },
  [database]: {
    property: "identifier",
    error: "DBInstanceAlreadyExists",
    source: apiReference("AmazonRDS", "CreateDBInstance"),
  },
};

interface Named {
  type: string;
  inputs: Inputs;
}

const regionOf = ({ inputs }: Named) => inputs.region ?? "the provider's";

/** Returns why AWS refuses to create a resource beside others; undefined if its name is free, or AWS chooses it. */
export function refusedByName(resource: Named, others: readonly Named[]): string | undefined {
  const rule = nameRules[resource.type];
  const name = rule && resource.inputs[rule.property];
  if (name === undefined) return undefined;
  const taken = others.some(
    (other) =>
      other.type === resource.type &&
      other.inputs[rule?.property as string] === name &&
      regionOf(other) === regionOf(resource),
  );
  return taken ? `${rule?.error}: ${String(name)}` : undefined;
}

/**
 * Returns what AWS creates with a resource, unless it exists: RDS the log groups of a database
 * (https://github.com/hashicorp/terraform-provider-aws/issues/5348).
 */
export function createdWith({ type, inputs }: Named): Named[] {
  if (type !== database || inputs.identifier === undefined) return [];
  const logs = (inputs.enabledCloudwatchLogsExports ?? []) as string[];
  return logs.map((log) => ({
    type: logGroup,
    inputs: { name: `/aws/rds/instance/${String(inputs.identifier)}/${log}` },
  }));
}
