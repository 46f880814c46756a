import { rules, violations } from "../../policy/rules";
import type { PolicyContext, PolicyResource } from "../../policy/rules/rule";

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

/** What a rule finds, without its fix and its name: `where: given; allowed`. */
export function found(name: string, resources: PolicyResource[], context: PolicyContext = { allowDestroy: false }) {
  if (!rules.some((rule) => rule.name === name)) throw new Error(`no policy ${name}`);
  return violations(resources, context)
    .filter((message) => message.endsWith(` (policy ${name})`))
    .map((message) => message.replace(/; fix: .+$/, ""));
}
