import { expect } from "chai";
import { visitorOf } from "../../../workload/http/guards";

describe("who an address is counted as", () => {
  for (const [address, visitor] of [
    ["192.0.2.1", "192.0.2.1"],
    ["::ffff:192.0.2.1", "::ffff:192.0.2.1"],
    ["2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"],
    ["2001:0DB8:0001:0002::1", "2001:db8:1:2::/64"],
    ["2001:db8::1", "2001:db8:0:0::/64"],
    ["2001:db8:1:2::", "2001:db8:1:2::/64"],
    ["::1", "0:0:0:0::/64"],
    ["unknown", "unknown"],
  ] as const)
    it(`${address} is ${visitor}`, () => {
      expect(visitorOf(address)).to.equal(visitor);
    });
});
