import { credentialVariables } from "../../components/identity/identity";
import { policyProblems } from "../../components/identity/policy";
import { createsCluster } from "../resolve";
import type { Rule } from "./rule";

const where = "app.iamPolicy";

const policy: Rule = ({ settings }) => {
  const { iamPolicy } = settings.app;
  if (!iamPolicy) return [];
  if (!createsCluster(settings))
    return [
      {
        where,
        given: `a policy, with cluster: ${settings.cluster}`,
        allowed: "nothing: the stack has no AWS account there",
        fix: "remove it, and give the service accounts app, worker, schedule and migrate a role with the mechanism of your cluster",
      },
    ];
  return policyProblems(where, { ...iamPolicy });
};

/** SDKs prefer these variables to the role, or cannot find the role with them. */
const variables: Rule = ({ settings: { app } }) =>
  (["environment", "secrets"] as const).flatMap((key) =>
    credentialVariables
      .filter((name) => app.iamPolicy !== undefined && name in app[key])
      .map((name) => ({
        where: `app.${key}.${name}`,
        given: "credentials of your own, with app.iamPolicy",
        allowed: "one of them: SDKs would use the variable instead of the role",
        fix: `remove it, or remove ${where}`,
      })),
  );

/** Rules about the IAM role of the pods. */
export const identity: Rule[] = [policy, variables];
