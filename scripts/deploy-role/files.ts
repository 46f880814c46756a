/** Renders docs/deploy-role/: the policies of a role that deploys a stack. Placeholders in `<>` are the reader's. */
import { scopes } from "./actions";
import { roleFacts } from "./facts";
import { deployPolicies } from "./policies";
import { boundaryPolicy, trustPolicy } from "./roles";

/** The policy files by path. */
export async function deployRoleFiles(): Promise<Record<string, string>> {
  const facts = await roleFacts();
  const policies = { ...deployPolicies(await scopes(), facts), boundary: boundaryPolicy(facts), trust: trustPolicy };
  return Object.fromEntries(
    Object.entries(policies).map(([name, policy]) => [
      `docs/deploy-role/${name}.json`,
      `${JSON.stringify(policy, null, 2)}\n`,
    ]),
  );
}
