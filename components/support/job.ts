import { createHash } from "node:crypto";
import type * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";

/** Keeps the log of a finished Job for a day. The next `up` does not recreate a Job that Kubernetes has removed. */
export const ttlSecondsAfterFinished = 24 * 60 * 60;

/** Annotations of a Job that Pulumi waits for. The next `up` recreates a failed one. */
export const jobAnnotations = { "pulumi.com/replaceUnready": "true" };

/** Returns a Job's name. A template is immutable, so the name has its hash: a changed template creates a new Job. */
export function jobName(name: string, template: k8s.types.input.core.v1.PodTemplateSpec): pulumi.Output<string> {
  return pulumi.output(template).apply((text) => {
    const hash = createHash("sha256").update(JSON.stringify(text)).digest("hex");
    return `${name}-${hash.slice(0, 8)}`;
  });
}
