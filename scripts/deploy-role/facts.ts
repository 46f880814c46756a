import { planStack } from "../../planner/plan";
import type { PlannedResource } from "../../planner/record/planned";
import { readProject } from "../../planner/stacks";
import type { Program } from "../../platform/program";
import { tierNames } from "../../tiers";

/** What the policies take from the plans: what a stack of any tier can have. All sorted. */
export interface RoleFacts {
  /** Logical names of roles, instance profiles and buckets. Pulumi adds a dash and a random suffix. */
  roles: string[];
  profiles: string[];
  buckets: string[];
  /** Services that assume the roles. */
  services: string[];
  /** AWS's own policies that the roles have. */
  attached: string[];
}

const iamPolicy = { Version: "2012-10-17", Statement: [{ Effect: "Allow", Action: "s3:GetObject", Resource: "*" }] };

/** The least settings of a stack that has everything which needs rights. */
const settings = {
  image: "ghcr.io/acme/shop:1.4.2",
  apiAccessCidrs: ["203.0.113.7/32"],
  domain: "app.example.com",
  hostedZoneId: "Z0123456789EXAMPLE",
  app: { iamPolicy },
};

const sorted = (values: unknown[]) => [...new Set(values.map(String))].sort();

/** Services in the trust of a role; those of a role that another role assumes are none. */
function servicesOf({ inputs }: PlannedResource): string[] {
  const { Statement: statements = [] } = JSON.parse(String(inputs.assumeRolePolicy ?? "{}"));
  return statements.flatMap(({ Principal }: { Principal?: { Service?: string } }) => Principal?.Service ?? []);
}

/** Plans a stack of each tier on AWS, whatever stacks the project has. */
async function resources(root: string): Promise<PlannedResource[]> {
  const project = readProject(root);
  const program = require("../../index") as Program;
  const planned: PlannedResource[] = [];
  for (const tier of tierNames) {
    const given = Object.entries({ ...settings, tier }).map(([key, value]) => [
      `${project.name}:${key}`,
      typeof value === "string" ? value : JSON.stringify(value),
    ]);
    const stack = {
      stack: tier,
      config: { ...textsOf(project.defaults), ...Object.fromEntries(given) },
      secretKeys: [],
    };
    planned.push(...(await planStack(project, stack, program)).plan.resources);
  }
  return planned;
}

const textsOf = (values: Record<string, unknown>): Record<string, string> =>
  Object.fromEntries(
    Object.entries(values).flatMap(([key, value]) =>
      value === undefined ? [] : [[key, typeof value === "string" ? value : JSON.stringify(value)]],
    ),
  );

/** Reads the facts of a project's program. */
export async function roleFacts(root: string): Promise<RoleFacts> {
  const all = await resources(root);
  const of = (type: string) => all.filter((resource) => resource.type === type);
  const namesOf = (type: string) => sorted(of(type).map(({ name }) => name));
  const roles = of("aws:iam/role:Role");
  return {
    roles: namesOf("aws:iam/role:Role"),
    profiles: namesOf("aws:iam/instanceProfile:InstanceProfile"),
    buckets: namesOf("aws:s3/bucket:Bucket"),
    services: sorted(roles.flatMap(servicesOf)),
    attached: sorted(of("aws:iam/rolePolicyAttachment:RolePolicyAttachment").map(({ inputs }) => inputs.policyArn)),
  };
}
