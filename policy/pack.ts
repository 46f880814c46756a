/** The rules as a policy pack: `pulumi preview --policy-pack policy` (docs/policy.md). */
import * as policy from "@pulumi/policy";
import * as pulumi from "@pulumi/pulumi";
import { rules } from "./rules";
import { notYetKnown, type PolicyResource, type Rule, told } from "./rules/rule";

/** What the policy SDK puts in the place of a value that is not known during a preview (its proxy.js). */
const unknowns = new Set([
  "1c4a061d-8072-4f0a-a4cb-0ff528b18fe7",
  "3eeb2bf0-c639-47a8-9e75-3b44932eb421",
  "04da6b54-80e4-46f7-96ec-b56ff0331ba9",
  "6a19a0b0-7e62-4c92-b797-7f8e31da9cc2",
  "030794c1-ac77-496b-92df-f27374a8bd58",
  "e48ece36-62e2-4504-bad9-02848725956a",
  "dd056dcd-154b-4c76-9bd3-c8f88648b5ff",
]);

/** A value without the SDK's proxies, which throw at a value that is not known yet. */
function plain(value: unknown): unknown {
  if (typeof value === "string") return unknowns.has(value) ? notYetKnown : value;
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, plain(inner)]));
}

interface Given {
  type: string;
  name: string;
  props: Record<string, unknown>;
  opts: { protect: boolean };
}

// `__getSpecialProxyTarget` is how the SDK itself gets at the object behind a proxy.
const resourceOf = ({ type, name, props, opts }: Given): PolicyResource => ({
  type,
  name,
  inputs: plain(props.__getSpecialProxyTarget ?? props) as Record<string, unknown>,
  options: { protect: opts.protect },
});

const allowDestroy = () => new pulumi.Config(pulumi.getProject()).getBoolean("allowDestroy") ?? false;

/** A rule as a policy of the pack; none for a rule that the engine cannot check. */
function policyOf(rule: Rule): policy.Policies {
  const described = { name: rule.name, description: rule.demands };
  if ("check" in rule)
    return [
      {
        ...described,
        validateResource: (args, report) => {
          const resource = resourceOf(args);
          for (const finding of rule.check(resource, { allowDestroy: allowDestroy() }))
            report(told(rule, finding, resource));
        },
      } satisfies policy.ResourceValidationPolicy,
    ];
  if (!("checkStack" in rule)) return [];
  return [
    {
      ...described,
      validateStack: ({ resources }, report) => {
        for (const finding of rule.checkStack(resources.map(resourceOf))) report(told(rule, finding));
      },
    } satisfies policy.StackValidationPolicy,
  ];
}

new policy.PolicyPack("tierstack", { enforcementLevel: "mandatory", policies: rules.flatMap(policyOf) });
