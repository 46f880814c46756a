import type { SettingsInput } from "../../config/schema";
import type { PlannedResource } from "../../planner/record/planned";
import { type Tier, tierNames, tiers } from "../../tiers";
import { planTier } from "../tier-plan";

/** What the policies take from the plans: what a stack of any tier can have. All sorted. */
export interface RoleFacts {
  /** Logical names of roles and instance profiles. Pulumi adds a dash and a random suffix. */
  roles: string[];
  profiles: string[];
  /** Services that assume the roles. */
  services: string[];
  /** AWS's own policies that the roles have. */
  attached: string[];
}

/** Gives the application a role. */
const app: SettingsInput["app"] = {
  iamPolicy: { Version: "2012-10-17", Statement: [{ Effect: "Allow", Action: "s3:GetObject", Resource: "*" }] },
};

/** Gives the pod that watches the product one, where a pod of the tier's can have it. */
const watched = (tier: Tier): Partial<SettingsInput> =>
  tiers[tier].target.kind === "eks"
    ? {
        alertEmail: "ops@example.com",
        observability: { enabled: true, mail: { host: "smtp.example.com", from: "alerts@example.com" } },
      }
    : {};

const sorted = (values: unknown[]) => [...new Set(values.map(String))].sort();

/** Services in the trust of a role; those of a role that another role assumes are none. */
function servicesOf({ inputs }: PlannedResource): string[] {
  const { Statement: statements = [] } = JSON.parse(String(inputs.assumeRolePolicy ?? "{}"));
  return statements.flatMap(({ Principal }: { Principal?: { Service?: string } }) => Principal?.Service ?? []);
}

/** The resources of every tier. */
async function resources(): Promise<PlannedResource[]> {
  const planned: PlannedResource[] = [];
  for (const tier of tierNames) planned.push(...(await planTier(tier, { app, ...watched(tier) })).plan.resources);
  return planned;
}

/** Reads the facts of the program. */
export async function roleFacts(): Promise<RoleFacts> {
  const all = await resources();
  const of = (type: string) => all.filter((resource) => resource.type === type);
  const namesOf = (type: string) => sorted(of(type).map(({ name }) => name));
  const roles = of("aws:iam/role:Role");
  return {
    roles: namesOf("aws:iam/role:Role"),
    profiles: namesOf("aws:iam/instanceProfile:InstanceProfile"),
    services: sorted(roles.flatMap(servicesOf)),
    attached: sorted(of("aws:iam/rolePolicyAttachment:RolePolicyAttachment").map(({ inputs }) => inputs.policyArn)),
  };
}
