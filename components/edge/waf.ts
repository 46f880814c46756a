import type * as aws from "@pulumi/aws";
import { sharedPathPattern } from "./behaviours";

/** CloudFront takes web ACLs and certificates from here only. */
export const globalRegion = "us-east-1";

/** Requests that one address may make in a window (requirements.md, "rate limits"). */
export const rateLimit = { requests: 100, windowSeconds: 60 } as const;

const tooMany = "too-many-requests";

type Rule = aws.types.input.wafv2.WebAclRule;

const observed = (metricName: string) => ({
  metricName,
  cloudwatchMetricsEnabled: true,
  sampledRequestsEnabled: true,
});

/** A rule's name is its metric's too. */
const rule = (priority: number, name: string, rest: Omit<Rule, "name" | "priority" | "visibilityConfig">): Rule => ({
  name,
  priority,
  visibilityConfig: observed(name),
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
        // A page's images and scripts come from the cache and cost the application nothing: they do not count.
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
 * The web ACL: a rate per address and two rule groups of AWS. A rule costs 1 USD a month and the ACL 5; three rules are
 * what the budget of Growth holds, so limits by user or by kind of work stay in the application, which knows both.
 * About 910 capacity units, 900 of them the groups', below the 1,500 that are included.
 */
export function webAcl(): aws.wafv2.WebAclArgs {
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
      // Bodies over 8 KB are ordinary here: uploads of images.
      managedRules(2, "common", "AWSManagedRulesCommonRuleSet", ["SizeRestrictions_BODY"]),
    ],
    visibilityConfig: observed("edge"),
  };
}
