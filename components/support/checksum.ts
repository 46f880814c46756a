import { createHash } from "node:crypto";
import * as pulumi from "@pulumi/pulumi";

/**
 * Returns a checksum of what a pod reads at startup, for an annotation: a change restarts the pods. It is not a secret,
 * even of secret content. The SHA-256 of generated passwords reveals nothing, and a secret annotation would hide the
 * whole pod in every plan.
 */
export function checksum(content: pulumi.Input<Record<string, pulumi.Input<string>>>): pulumi.Output<string> {
  const sorted = (data: Record<string, string>) => Object.entries(data).sort(([a], [b]) => (a < b ? -1 : 1));
  return pulumi.unsecret(
    pulumi.output(content).apply((data) =>
      createHash("sha256")
        .update(JSON.stringify(sorted(data)))
        .digest("hex"),
    ),
  );
}
