import { rules } from "../../policy/rules";
import { type PolicyContext, type PolicyResource, type Rule, told } from "../../policy/rules/rule";

/** A sound pod of a Deployment, with other fields of its container. */
export function deployment(container: object = {}, pod: object = {}, type = "kubernetes:apps/v1:Deployment") {
  const securityContext = {
    allowPrivilegeEscalation: false,
    readOnlyRootFilesystem: true,
    capabilities: { drop: ["ALL"] },
  };
  const sound = {
    name: "main",
    image: "registry.example.com:5000/shop:1.2",
    resources: { requests: { cpu: "1", memory: "1Gi" }, limits: { memory: "1Gi" } },
    readinessProbe: {},
    livenessProbe: {},
    securityContext,
  };
  const spec = {
    securityContext: { runAsNonRoot: true, seccompProfile: { type: "RuntimeDefault" } },
    containers: [{ ...sound, ...container }],
    ...pod,
  };
  return resource(type, { spec: { template: { spec } } });
}

export const resource = (
  type: string,
  inputs: Record<string, unknown> = {},
  options: PolicyResource["options"] = { protect: false, retainOnDelete: false },
): PolicyResource => ({ type, name: "one", inputs, options });

function named(name: string): Rule {
  const rule = rules.find((one) => one.name === name);
  if (!rule) throw new Error(`no policy ${name}`);
  return rule;
}

/** What a rule finds, without its fix and its name: `where: given; allowed`. */
export function found(name: string, resources: PolicyResource[], context: PolicyContext = { allowDestroy: false }) {
  const rule = named(name);
  const messages =
    "check" in rule
      ? resources.flatMap((one) => rule.check(one, context).map((finding) => told(rule, finding, one)))
      : "checkStack" in rule
        ? rule.checkStack(resources).map((finding) => told(rule, finding))
        : [];
  return messages.map((message) => message.replace(/; fix: .+$/, ""));
}
