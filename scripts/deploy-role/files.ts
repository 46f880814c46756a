/** Renders docs/deploy-role/: the policies of a role that deploys a stack, and of one that practises its restore. Placeholders in `<>` are the reader's. */
import { scopes } from "./actions";
import { drillPolicy, drillTrust } from "./drill";
import { roleFacts } from "./facts";
import { deployPolicies } from "./policies";
import { boundaryPolicy, trustPolicy } from "./roles";

/** The policy files by path. */
export async function deployRoleFiles(): Promise<Record<string, string>> {
  const facts = await roleFacts();
  const policies = {
    ...deployPolicies(await scopes(), facts),
    boundary: boundaryPolicy(facts),
    trust: trustPolicy,
    drill: drillPolicy,
    "drill-trust": drillTrust,
  };
  return Object.fromEntries(
    Object.entries(policies).map(([name, policy]) => [
      `docs/deploy-role/${name}.json`,
      `${JSON.stringify(policy, null, 2)}\n`,
    ]),
  );
}
