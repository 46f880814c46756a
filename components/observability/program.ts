import type * as k8s from "@pulumi/kubernetes";
import type { ContainerSize } from "../../tiers";
import type { Image } from "../../versions";
import { containerSecurity, resourcesOf } from "../support/pods";

type Container = k8s.types.input.core.v1.Container;
type Probe = k8s.types.input.core.v1.Probe;

/** A probe of a page that answers within five seconds. */
export const httpGet = (path: string, port: number, periodSeconds: number, failureThreshold: number): Probe => ({
  httpGet: { path, port },
  periodSeconds,
  failureThreshold,
  timeoutSeconds: 5,
});

/** The same over TLS. The kubelet does not verify the certificate. */
export function httpsGet(path: string, port: number, periodSeconds: number, failureThreshold: number): Probe {
  const probe = httpGet(path, port, periodSeconds, failureThreshold);
  return { ...probe, httpGet: { path, port, scheme: "HTTPS" } };
}

/** Share of a container's memory from which Go collects garbage more often. */
const goMemoryShare = 0.8;

/** Returns a container of a Go program with what all of them have in common. */
export function program(
  name: string,
  { image, uid, gid }: Image,
  size: ContainerSize,
  rest: Partial<Container>,
): Container {
  return {
    name,
    image,
    ...rest,
    env: [
      { name: "GOMEMLIMIT", value: `${Math.floor(size.memoryMiB * goMemoryShare)}MiB` },
      ...((rest.env ?? []) as []),
    ],
    resources: resourcesOf(size),
    securityContext: containerSecurity({ uid, gid }),
  };
}
