import { expect } from "chai";
import { onAws, problemsOf } from "../../support/settings";

const given = (...cidrs: string[]) =>
  problemsOf({ ...onAws, app: { egress: cidrs.map((cidr) => ({ cidr, ports: [587] })) } });

describe("rules about egress", () => {
  it("accepts networks and any", () => {
    expect(given("any", "203.0.113.0/24", "198.51.100.7/32", "169.253.0.0/16")).to.deep.equal([]);
  });

  it("refuses host bits and names the network", () => {
    expect(given("any", "203.0.113.7/24")).to.deep.equal([
      'tierstack:app.egress[1].cidr: given "203.0.113.7/24"; allowed: a network whose host bits are zero; fix: write ' +
        "203.0.113.0/24, or 203.0.113.7/32 for the one address",
    ]);
  });

  it("refuses the addresses that serve credentials of the node", () => {
    for (const cidr of ["169.254.169.254/32", "169.254.0.0/16", "128.0.0.0/1", "0.0.0.0/0"])
      expect(given(cidr)).to.deep.equal([
        `tierstack:app.egress[0].cidr: given "${cidr}"; allowed: any, or a network without 169.254.0.0/16, where clouds ` +
          "serve the credentials of a node; fix: write any, which leaves that network out, or narrower networks",
      ]);
  });
});
