import type * as pulumi from "@pulumi/pulumi";

/** Options of a component that give every IAM role below it a permissions boundary; none without one. */
export function boundedBy(permissionsBoundary: string | undefined): pulumi.ComponentResourceOptions {
  if (permissionsBoundary === undefined) return {};
  return {
    transformations: [
      ({ type, props, opts }) =>
        type === "aws:iam/role:Role" ? { props: { ...props, permissionsBoundary }, opts } : undefined,
    ],
  };
}
