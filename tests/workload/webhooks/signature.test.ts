import { expect } from "chai";
import { isGenuine, sign, toleranceSeconds } from "../../../workload/webhooks/signature";

/** The example of the Standard Webhooks specification's own libraries. */
const example = {
  secret: Buffer.from("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "base64"),
  id: "msg_p5jXN8AQM9LWM0D4loKWxJek",
  timestamp: "1614265330",
  body: Buffer.from('{"test": 2432232314}'),
  signature: "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
};
const at = (seconds: number) => new Date((Number(example.timestamp) + seconds) * 1000);
const other = Buffer.from("another secret");

describe("signature of a webhook", () => {
  it("is that of the specification", () => {
    expect(sign(example.secret, example)).to.equal(example.signature);
  });

  it("is accepted from each holder of a secret, among signatures of others", () => {
    expect(isGenuine(example, [example.secret], at(0))).to.equal(true);
    expect(isGenuine(example, [other, example.secret], at(0))).to.equal(true);
    const several = { ...example, signature: `v1a,x v1,AAAA ${example.signature}` };
    expect(isGenuine(several, [example.secret], at(0))).to.equal(true);
  });

  it("is refused for another secret, id, time, body or kind", () => {
    expect(isGenuine(example, [other], at(0))).to.equal(false);
    const changed = [
      { id: "msg_2" },
      { timestamp: "1614265331" },
      { body: Buffer.from('{"test": 1}') },
      { signature: example.signature.replace("v1,", "v2,") },
      { signature: "" },
      { timestamp: "soon" },
    ];
    for (const change of changed)
      expect(isGenuine({ ...example, ...change }, [example.secret], at(0)), JSON.stringify(change)).to.equal(false);
  });

  it("is refused when it is played again later, and when it comes from the future", () => {
    expect(isGenuine(example, [example.secret], at(toleranceSeconds))).to.equal(true);
    expect(isGenuine(example, [example.secret], at(toleranceSeconds + 1))).to.equal(false);
    expect(isGenuine(example, [example.secret], at(-toleranceSeconds - 1))).to.equal(false);
  });
});
