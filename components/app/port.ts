import type { Problem } from "../../tiers/problem";
import { ports } from "../support/names";

const gatewayPorts: readonly number[] = [ports.gatewayHttp, ports.gatewayHttps, ports.gatewayMetrics];

/** Returns a problem if the port is the gateway's, which listens in the same pod. */
export function portProblem(port: number): Problem | undefined {
  if (!gatewayPorts.includes(port)) return undefined;
  return {
    where: "app.port",
    given: String(port),
    allowed: `any port from 1024 except ${gatewayPorts.join(", ")}, which the gateway in the pod uses`,
    fix: "choose another port; the application reads it from PORT",
  };
}
