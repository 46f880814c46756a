import type { Problem } from "../../tiers/problem";
import { ports } from "../support/names";

const gatewayPorts: readonly number[] = [ports.gatewayHttp, ports.gatewayHttps];

/** What is wrong with the application's port: the gateway listens in the same pod. */
export function portProblem(port: number): Problem | undefined {
  if (!gatewayPorts.includes(port)) return undefined;
  return {
    where: "app.port",
    given: String(port),
    allowed: `any port from 1024 except ${gatewayPorts.join(" and ")}, on which the gateway in the pod listens`,
    fix: "choose another port; the application reads it from PORT",
  };
}
