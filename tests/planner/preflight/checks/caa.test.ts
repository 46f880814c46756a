import { expect } from "chai";
import { caa, mayIssue } from "../../../../planner/preflight/checks/caa";
import { dnsOf, needs, run } from "../support";

const record = (issue: string) => ({ critical: 0, issue });

describe("certificate authorities", () => {
  it("are fine without records, and with records that allow them", async () => {
    const growth = await needs("growth");
    expect(await run(caa, growth, {})).to.deep.equal([{ status: "fine", text: "no records of app.example.com" }]);
    const dns = dnsOf({ "example.com": [record("letsencrypt.org"), record("Amazon.com; account=1")] });
    expect(await run(caa, growth, {}, dns)).to.deep.equal([
      { status: "fine", text: "records of example.com allow them" },
    ]);
  });

  it("are fine where only the name that the stack creates does not exist", async () => {
    const dns = dnsOf({}, {}, ["app.example.com"]);
    expect(await run(caa, await needs("growth"), {}, dns)).to.deep.equal([
      { status: "fine", text: "app.example.com does not exist yet, and example.com has no records" },
    ]);
  });

  it("fail where the domain does not exist", async () => {
    for (const missing of [
      ["app.example.com", "example.com"],
      ["app.example.com", "example.com", "com"],
    ])
      expect(await run(caa, await needs("growth"), {}, dnsOf({}, {}, missing))).to.deep.equal([
        {
          status: "failed",
          problem: {
            where: "domain",
            given: "app.example.com, but example.com does not exist in DNS",
            allowed: "a domain that is registered",
            fix: "register example.com, or correct domain",
          },
        },
      ]);
  });

  it("fail where the nearest records leave one out", async () => {
    const dns = dnsOf({ "app.example.com": [record("letsencrypt.org")], "example.com": [record("amazon.com")] });
    expect(await run(caa, await needs("growth"), {}, dns)).to.deep.equal([
      {
        status: "failed",
        problem: {
          where: "CAA of app.example.com",
          given: "issue letsencrypt.org",
          allowed: "issue amazon.com or amazontrust.com or awstrust.com or amazonaws.com, or no CAA record",
          fix: 'add the record: app.example.com. CAA 0 issue "amazon.com"',
        },
      },
    ]);
  });

  it("are two on a k3s node with a domain: CloudFront's and the node's", async () => {
    const startup = await needs("startup");
    const found = await run(caa, startup, {}, dnsOf({ "example.com": [record(";")] }));
    expect(found.map((one) => one.status === "failed" && one.problem.fix)).to.deep.equal([
      'add the record: example.com. CAA 0 issue "amazon.com"',
      'add the record: example.com. CAA 0 issue "letsencrypt.org"',
    ]);
  });

  it("are not asked without a domain", async () => {
    expect(
      caa.applies(await needs("mvp", undefined, { "tierstack:domain": "", "tierstack:hostedZoneId": "" })),
    ).to.equal(false);
  });

  it("may sign where no record names an authority", () => {
    expect(mayIssue([{ critical: 0, iodef: "mailto:a@example.com" }], ["amazon.com"])).to.equal(true);
    expect(mayIssue([record("")], ["amazon.com"])).to.equal(false);
  });
});
