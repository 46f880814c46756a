import * as aws from "@pulumi/aws";
import type { OwnResources } from "tierstack";

/**
 * Resources of your own beside the platform; what you return joins the stack's outputs. This file is yours: an upgrade
 * of tierstack does not touch it.
 */
export const resources: OwnResources = (platform, { settings }) => {
  // On an existing cluster the platform uses no AWS account.
  if (settings.cluster === "existing") return {};
  // A child of the platform uses its AWS provider: the region and the tags of the stack.
  const parent = platform;
  const uploads = new aws.s3.Bucket("uploads", {}, { parent, protect: true });
  new aws.s3.BucketPublicAccessBlock(
    "uploads-private",
    {
      bucket: uploads.bucket,
      blockPublicAcls: true,
      blockPublicPolicy: true,
      ignorePublicAcls: true,
      restrictPublicBuckets: true,
    },
    { parent },
  );
  return { uploadsBucket: uploads.bucket };
};
