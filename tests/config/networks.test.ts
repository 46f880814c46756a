import { expect } from "chai";
import { cidrPattern, isPrivate, networkOf, overlap, prefixLength } from "../../config/networks";

describe("networks in CIDR notation", () => {
  it("have octets up to 255 without leading zeros, and a prefix up to 32", () => {
    for (const cidr of ["0.0.0.0/0", "10.0.0.0/8", "255.255.255.255/32"]) expect(cidr).to.match(cidrPattern);
    for (const cidr of ["256.0.0.0/8", "010.0.0.0/8", "10.0.0.0/33", "10.0.0.0/08", "10.0.0/8", "10.0.0.0", "::/0"])
      expect(cidr).not.to.match(cidrPattern);
  });

  it("begin where their host bits are zero", () => {
    expect(networkOf("203.0.113.7/32")).to.equal("203.0.113.7/32");
    expect(networkOf("203.0.113.7/24")).to.equal("203.0.113.0/24");
    expect(networkOf("203.0.113.7/20")).to.equal("203.0.112.0/20");
    expect(networkOf("203.0.113.7/0")).to.equal("0.0.0.0/0");
    expect(prefixLength("203.0.113.7/20")).to.equal(20);
  });

  it("are private if all of their addresses are", () => {
    for (const cidr of ["10.0.0.0/8", "172.31.255.255/32"]) expect(isPrivate(cidr), cidr).to.equal(true);
    for (const cidr of ["10.0.0.0/7", "172.0.0.0/8", "203.0.113.0/24"]) expect(isPrivate(cidr), cidr).to.equal(false);
  });

  it("overlap if one holds the other", () => {
    expect(overlap("169.254.0.0/16", "169.254.169.254/32")).to.equal(true);
    expect(overlap("128.0.0.0/1", "169.254.0.0/16")).to.equal(true);
    expect(overlap("169.253.0.0/16", "169.254.0.0/16")).to.equal(false);
  });
});
