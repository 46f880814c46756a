import { expect } from "chai";
import fc from "fast-check";
import { subnetsOf, type Zones } from "../../../components/network/subnets";

const zones: Zones = ["us-east-1a", "us-east-1b", "us-east-1c"];

/** First and last address of a CIDR, as numbers. */
function range(cidr: string): [number, number] {
  const [address = "", bits = "0"] = cidr.split("/");
  const first = address.split(".").reduce((sum, octet) => sum * 256 + Number(octet), 0);
  return [first, first + 2 ** (32 - Number(bits)) - 1];
}

describe("subnetsOf", () => {
  it("gives each zone a public and a private /20, in the order of the zones", () => {
    expect(subnetsOf("10.20.0.0/16", zones)).to.deep.equal([
      { zone: "us-east-1a", publicCidr: "10.20.0.0/20", privateCidr: "10.20.128.0/20" },
      { zone: "us-east-1b", publicCidr: "10.20.16.0/20", privateCidr: "10.20.144.0/20" },
      { zone: "us-east-1c", publicCidr: "10.20.32.0/20", privateCidr: "10.20.160.0/20" },
    ]);
  });

  it("stays within the network, on /20 boundaries, without overlap", () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 255 }), (octet) => {
        const cidr = `10.${octet}.0.0/16`;
        const [first, last] = range(cidr);
        const ranges = subnetsOf(cidr, zones)
          .flatMap(({ publicCidr, privateCidr }) => [range(publicCidr), range(privateCidr)])
          .sort(([a], [b]) => a - b);
        for (const [at, [from, to]] of ranges.entries()) {
          expect(from % 4096).to.equal(0);
          expect(from).to.be.at.least(at === 0 ? first : (ranges[at - 1]?.[1] as number) + 1);
          expect(to).to.be.at.most(last);
        }
      }),
    );
  });

  it("rejects any other network", () => {
    for (const cidr of ["10.20.0.0/20", "10.20.1.0/16", "11.20.0.0/16", "10.020.0.0/16", "ten", ""]) {
      expect(() => subnetsOf(cidr, zones)).to.throw(
        `network.cidr: given ${cidr}; allowed: a /16 below 10.0.0.0/8, such as 10.20.0.0/16; fix: change network.cidr`,
      );
    }
  });

  it("rejects a repeated zone", () => {
    expect(() => subnetsOf("10.20.0.0/16", ["a", "b", "b"])).to.throw(
      "network.zones: given a, b, b; allowed: three different zones; fix: set three different zones",
    );
  });
});
