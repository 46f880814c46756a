import { expect } from "chai";
import { sharedPathPattern } from "../../../components/edge/behaviours";
import { aclMetric, webAcl } from "../../../components/edge/waf";

describe("edge web ACL", () => {
  // biome-ignore lint/suspicious/noExplicitAny: a test reads into inputs of any form
  let acl: any;

  beforeEach(() => {
    acl = webAcl("shop-prod-edge");
  });

  it("is in CloudFront's region, allows requests by default, and has a metric", () => {
    const { rules: _, customResponseBodies: __, ...rest } = acl;
    expect(rest).to.deep.equal({
      region: "us-east-1",
      scope: "CLOUDFRONT",
      defaultAction: { allow: {} },
      visibilityConfig: { metricName: "shop-prod-edge", cloudwatchMetricsEnabled: true, sampledRequestsEnabled: true },
    });
  });

  it("has a metric of its own in each stack, with the characters that AWS takes", () => {
    expect(aclMetric("shop", "prod")).to.equal("shop-prod-edge");
    expect(aclMetric("my.shop", "eu_1")).to.equal("my-shop-eu_1-edge");
    const long = aclMetric("p".repeat(100), "s".repeat(100));
    expect(long).to.have.length(128);
    expect(long).to.match(/^p+-s{100}-edge$/);
  });

  it("limits an address to 100 uncached requests a minute, with 429 and Retry-After", () => {
    const [rate] = acl.rules;
    expect(rate).to.deep.equal({
      name: "rate-per-ip",
      priority: 0,
      action: {
        block: {
          customResponse: {
            responseCode: 429,
            customResponseBodyKey: "too-many-requests",
            responseHeaders: [{ name: "Retry-After", value: "60" }],
          },
        },
      },
      statement: {
        rateBasedStatement: {
          aggregateKeyType: "IP",
          limit: 100,
          evaluationWindowSec: 60,
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
      visibilityConfig: { metricName: "rate-per-ip", cloudwatchMetricsEnabled: true, sampledRequestsEnabled: true },
    });
    expect(acl.customResponseBodies).to.deep.equal([
      {
        key: "too-many-requests",
        contentType: "APPLICATION_JSON",
        content: '{"error":"too many requests","retryAfterSeconds":60}',
      },
    ]);
  });

  it("uses two AWS rule groups unchanged, except for large bodies", () => {
    const [, known, common] = acl.rules;
    const groupOf = (rule: typeof known) => rule.statement.managedRuleGroupStatement;
    expect(groupOf(known)).to.deep.equal({
      vendorName: "AWS",
      name: "AWSManagedRulesKnownBadInputsRuleSet",
      ruleActionOverrides: undefined,
    });
    expect(groupOf(common)).to.deep.equal({
      vendorName: "AWS",
      name: "AWSManagedRulesCommonRuleSet",
      ruleActionOverrides: [{ name: "SizeRestrictions_BODY", actionToUse: { count: {} } }],
    });
    for (const rule of [known, common]) {
      expect(rule.overrideAction).to.deep.equal({ none: {} });
      expect(rule).not.to.have.property("action");
    }
    expect([known.name, common.name]).to.deep.equal(["known-bad-inputs", "common"]);
  });

  it("costs the 8 USD a month of the budget: an ACL and three rules with distinct priorities", () => {
    expect(5 + acl.rules.length).to.equal(8);
    expect(acl.rules.map(({ priority }: { priority: number }) => priority)).to.deep.equal([0, 1, 2]);
  });
});
