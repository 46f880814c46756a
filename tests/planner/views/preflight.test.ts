import { expect } from "chai";
import type { Report } from "../../../planner/preflight/preflight";
import { preflightView, shortfalls } from "../../../planner/views/preflight";
import { plain } from "./support";

const reports: Report[] = [
  { name: "zones", findings: [{ status: "fine", text: "use1-az1" }] },
  {
    name: "quotas",
    findings: [
      {
        status: "failed",
        problem: {
          where: "VPCs",
          given: "a quota of 5, of which others use 5",
          allowed: "6 or more, at every autoscaler's maximum and beside the others",
          fix: "aws service-quotas request-service-quota-increase",
        },
      },
      { status: "unchecked", reason: "AccessDenied: no" },
    ],
  },
];

describe("pre-flight view", () => {
  it("shows every finding within the width of a line, and the sums", () => {
    const text = preflightView("growth", reports, plain);
    expect(text).to.equal(
      `growth

zones
  ok: use1-az1
quotas
  FAILED: VPCs: given a quota of 5, of which others use 5; allowed: 6 or more, at every autoscaler's
    maximum and beside the others; fix: aws service-quotas request-service-quota-increase
  not checked: AccessDenied: no

1 fine, 1 failed, 1 not checked
`,
    );
    for (const line of text.split("\n")) expect(line.length).to.be.at.most(plain.width);
  });

  it("passes only where every check ran and is fine", () => {
    expect(shortfalls(reports)).to.deep.equal(["1 check failed", "1 check could not run"]);
    expect(shortfalls(reports.slice(0, 1))).to.deep.equal([]);
    const open: Report[] = [{ name: "CloudFront", findings: [{ status: "unknown", reason: "ask later" }] }];
    expect(shortfalls(open)).to.deep.equal([]);
    expect(preflightView("mvp", open, plain)).to.equal(
      "mvp\n\nCloudFront\n  unknown: ask later\n\n0 fine, 0 failed, 0 not checked, 1 unknown\n",
    );
    expect(preflightView("local", [], plain)).to.equal(
      "local\n\nnothing to check: the stack has no resources on AWS\n",
    );
  });
});
