import { type Check, failed, fine } from "../check";

/** The KMS key of the stack exists, is enabled and encrypts data. AWS finds that out in the middle of a deployment. */
export const key: Check = {
  name: "KMS key",
  fails: "the key of kmsKeyArn is missing, disabled or not a symmetric encryption key",
  signedIn: true,
  applies: ({ kmsKeyArn }) => kmsKeyArn !== undefined,
  async run({ kmsKeyArn }, { aws }) {
    const problem = (given: string, fix: string) =>
      failed({ where: "kmsKeyArn", given, allowed: "an enabled symmetric key that encrypts and decrypts", fix });
    try {
      const { KeyMetadata: { KeyState, KeySpec, KeyUsage } = {} } = await aws.kms().describeKey({ KeyId: kmsKeyArn });
      if (KeySpec !== "SYMMETRIC_DEFAULT" || KeyUsage !== "ENCRYPT_DECRYPT")
        return [problem(`a key with ${KeySpec} and ${KeyUsage}`, "create a symmetric encryption key")];
      if (KeyState !== "Enabled") return [problem(`a key in state ${KeyState}`, "enable it")];
      return [fine(`${kmsKeyArn} is enabled`)];
    } catch (error) {
      if ((error as Error).name !== "NotFoundException") throw error;
      return [problem(`${kmsKeyArn}, which does not exist`, "correct kmsKeyArn")];
    }
  },
};
