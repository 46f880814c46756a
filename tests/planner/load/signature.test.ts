import { expect } from "chai";
import { signatureOf } from "../../../planner/load/signature";

describe("signatures of webhooks", () => {
  it("are those of the Standard Webhooks specification's example", () => {
    const body = '{"test": 2432232314}';
    const secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
    const headers = signatureOf("standard-webhooks", body, secret, 1614265330_500, "msg_p5jXN8AQM9LWM0D4loKWxJek");
    expect(headers).to.deep.equal({
      "webhook-id": "msg_p5jXN8AQM9LWM0D4loKWxJek",
      "webhook-timestamp": "1614265330",
      "webhook-signature": "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
    });
  });

  it("are of a delivery of their own each", () => {
    const [a, b] = [1, 2].map(() => signatureOf("standard-webhooks", "{}", "c2VjcmV0"));
    expect(a?.["webhook-id"]).not.to.equal(b?.["webhook-id"]);
  });
});
