import { expect } from "chai";
import { key } from "../../../../planner/preflight/checks/key";
import { awsError, needs, requestsOf, run } from "../support";

const kmsKeyArn = "arn:aws:kms:us-east-1:123456789012:key/0a1b2c3d-0000-4000-8000-123456789abc";
const fit = { KeyState: "Enabled", KeySpec: "SYMMETRIC_DEFAULT", KeyUsage: "ENCRYPT_DECRYPT" };

const found = async (metadata: object) =>
  run(key, { ...(await needs("mvp")), kmsKeyArn }, { kms: { describeKey: () => ({ KeyMetadata: metadata }) } });

const allowed = "an enabled symmetric key that encrypts and decrypts";

describe("check of the KMS key", () => {
  it("is for stacks with a key of their own", async () => {
    const mvp = await needs("mvp");
    expect(key.applies(mvp)).to.equal(false);
    expect(key.applies({ ...mvp, kmsKeyArn })).to.equal(true);
    const withKey = await needs("mvp", undefined, { "tierstack:kmsKeyArn": kmsKeyArn });
    expect(withKey.kmsKeyArn).to.equal(kmsKeyArn);
  });

  it("asks for the key, and is fine where it is enabled", async () => {
    const clients = { kms: { describeKey: () => ({ KeyMetadata: fit }) } };
    const mvp = { ...(await needs("mvp")), kmsKeyArn };
    expect(await requestsOf(key, mvp, clients)).to.deep.equal([["kms.describeKey", { KeyId: kmsKeyArn }]]);
    expect(await found(fit)).to.deep.equal([{ status: "fine", text: `${kmsKeyArn} is enabled` }]);
  });

  it("fails for a key that is disabled, for signatures, or asymmetric", async () => {
    const problem = (given: string, fix: string) => [
      { status: "failed", problem: { where: "kmsKeyArn", given, allowed, fix } },
    ];
    expect(await found({ ...fit, KeyState: "PendingDeletion" })).to.deep.equal(
      problem("a key in state PendingDeletion", "enable it"),
    );
    expect(await found({ ...fit, KeyUsage: "SIGN_VERIFY" })).to.deep.equal(
      problem("a key with SYMMETRIC_DEFAULT and SIGN_VERIFY", "create a symmetric encryption key"),
    );
    expect(await found({ ...fit, KeySpec: "RSA_2048" })).to.deep.equal(
      problem("a key with RSA_2048 and ENCRYPT_DECRYPT", "create a symmetric encryption key"),
    );
  });

  it("fails for a key that does not exist, and claims nothing where AWS denies the query", async () => {
    const throwing = (name: string) => ({
      kms: {
        describeKey: () => {
          throw awsError(name, "no");
        },
      },
    });
    const mvp = { ...(await needs("mvp")), kmsKeyArn };
    expect(await run(key, mvp, throwing("NotFoundException"))).to.deep.equal([
      {
        status: "failed",
        problem: { where: "kmsKeyArn", given: `${kmsKeyArn}, which does not exist`, allowed, fix: "correct kmsKeyArn" },
      },
    ]);
    const denied = await run(key, mvp, throwing("AccessDeniedException")).catch((error: Error) => error.name);
    expect(denied).to.equal("AccessDeniedException");
  });
});
