import { createHash } from "node:crypto";
import * as pulumi from "@pulumi/pulumi";

/**
 * Checksum of what a pod reads at its start, for an annotation: pods restart when it changes. Not a secret even of
 * secrets: SHA-256 of generated passwords tells nothing, and an annotation hidden in every plan would hide the pod.
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
