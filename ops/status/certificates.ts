import { X509Certificate } from "node:crypto";
import type { ConfigMap } from "../kube/objects";
import type { World } from "../world";

/** Days before its end in which a certificate is told: pulumi up renews those of the stack. */
export const noticeDays = 30;

export const dayMs = 86_400_000;

/** A certificate, or why it could not be read. */
export interface Found {
  name: string;
  endsMs?: number;
  problem?: string;
}

/** When a PEM certificate ends, or that the text is none. */
export function read(name: string, pem: string): Found {
  try {
    return { name, endsMs: Date.parse(new X509Certificate(pem).validTo) };
  } catch {
    return { name, problem: "no certificate in PEM" };
  }
}

/** The internal authority, which every pod trusts; undefined where there is none. */
export async function authority({ kube, namespaces }: World): Promise<Found | undefined> {
  const map = await kube.find<ConfigMap>(`/api/v1/namespaces/${namespaces.app}/configmaps/tierstack-ca`);
  const pem = map?.data?.["ca.crt"];
  return pem === undefined ? undefined : read("the internal authority", pem);
}

/** Whether somebody has to look at it. */
export const isDue = ({ endsMs }: Pick<Found, "endsMs">, nowMs: number): boolean =>
  endsMs === undefined || endsMs - nowMs < noticeDays * dayMs;
