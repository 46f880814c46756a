import type * as aws from "@pulumi/aws";
import { sharedPathPattern } from "./behaviours";

/** The only region from which CloudFront accepts web ACLs and certificates. */
export const globalRegion = "us-east-1";

/** Requests per window that one IP address may send. */
const rateLimit = { requests: 100, windowSeconds: 60 } as const;

const tooMany = "too-many-requests";

type Rule = aws.types.input.wafv2.WebAclRule;

const visibility = (metricName: string) => ({
  metricName,
  cloudwatchMetricsEnabled: true,
  sampledRequestsEnabled: true,
});

/** Returns the ACL's metric: at most 128 letters, digits, hyphens and underscores. Metrics of one name in an account add up,
 * so each stack has its own. Those of the rules are told apart by their ACL's. */
export const aclMetric = (project: string, stack: string) =>
  `${project}-${stack}-edge`.replace(/[^\w-]/g, "-").slice(-128);

/** A rule's metric has the name of the rule. */
const rule = (priority: number, name: string, rest: Omit<Rule, "name" | "priority" | "visibilityConfig">): Rule => ({
  name,
  priority,
  visibilityConfig: visibility(name),
  ...rest,
});

function ratePerAddress(): Rule {
  return rule(0, "rate-per-ip", {
    action: {
      block: {
        customResponse: {
          responseCode: 429,
          customResponseBodyKey: tooMany,
          responseHeaders: [{ name: "Retry-After", value: String(rateLimit.windowSeconds) }],
        },
      },
    },
    statement: {
      rateBasedStatement: {
        aggregateKeyType: "IP",
        limit: rateLimit.requests,
        evaluationWindowSec: rateLimit.windowSeconds,
        // Paths in shared caches, such as images and scripts, do not count: they cost the application nothing.
        scopeDownStatement: {
          notStatement: {
            statement: {
              regexMatchStatement: {
                regexString: sharedPathPattern(),
                fieldToMatch: { uriPath: {} },
                textTransformations: [{ priority: 0, type: "NONE" }],
              },
            },
          },
        },
      },
    },
  });
}

function managedRules(priority: number, name: string, groupName: string, countedOnly?: string[]): Rule {
  return rule(priority, name, {
    overrideAction: { none: {} },
    statement: {
      managedRuleGroupStatement: {
        vendorName: "AWS",
        name: groupName,
        ruleActionOverrides: countedOnly?.map((counted) => ({ name: counted, actionToUse: { count: {} } })),
      },
    },
  });
}

/**
 * Returns the web ACL: a rate limit per IP address and two AWS managed rule groups. The ACL costs 5 USD a month and
 * each rule 1 USD. The budget of Growth allows three rules, so limits per user or kind of work stay in the application,
 * which knows both. The ACL uses about 910 of the 1,500 included capacity units, 900 of them for the groups.
 * @param metricName  name of the ACL's metric, unique in the account
 */
export function webAcl(metricName: string): aws.wafv2.WebAclArgs {
  return {
    region: globalRegion,
    scope: "CLOUDFRONT",
    defaultAction: { allow: {} },
    customResponseBodies: [
      {
        key: tooMany,
        contentType: "APPLICATION_JSON",
        content: JSON.stringify({ error: "too many requests", retryAfterSeconds: rateLimit.windowSeconds }),
      },
    ],
    rules: [
      ratePerAddress(),
      managedRules(1, "known-bad-inputs", "AWSManagedRulesKnownBadInputsRuleSet"),
      // Counts bodies over 8 KB instead of blocking them: image uploads are normal here.
      managedRules(2, "common", "AWSManagedRulesCommonRuleSet", ["SizeRestrictions_BODY"]),
    ],
    visibilityConfig: visibility(metricName),
  };
}
