import { type Check, fine, has, unknown } from "../check";

/**
 * AWS verifies an account before it may create distributions, and no API tells whether it has. An account that has one
 * distribution was verified; of any other, nothing is known.
 */
export const cloudFront: Check = {
  name: "CloudFront",
  fails: "never: without a distribution, AWS does not tell whether an account is verified",
  signedIn: true,
  applies: (needs) => has(needs, "aws:cloudfront/distribution:Distribution"),
  async run(_, { aws }) {
    const { DistributionList } = await aws.cloudFront().listDistributions({ MaxItems: 1 });
    if ((DistributionList?.Quantity ?? 0) > 0) return [fine("the account is verified: it has distributions")];
    return [
      unknown(
        "AWS tells only when the first distribution is created whether the account is verified; " +
          "if it answers AccessDenied, open a case with AWS Support",
      ),
    ];
  },
};
