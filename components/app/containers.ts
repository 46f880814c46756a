import type * as k8s from "@pulumi/kubernetes";
import type { containerVariables, Values } from "../../contract/environment";
import type { ContainerSize } from "../../tiers";
import { gatewaySize } from "../../tiers/capacity";
import { images } from "../../versions";
import { ports } from "../support/names";
import { containerSecurity, liveCheck, resourcesOf, scratch } from "../support/pods";
import type { WorkloadEnvironment } from "./environment";
import { gatewayPaths } from "./gateway";

type Container = k8s.types.input.core.v1.Container;
type Volume = k8s.types.input.core.v1.Volume;
type Probe = k8s.types.input.core.v1.Probe;

export const appContainerName = "app";
/** Name of the gateway's port for metrics. */
const metricsPort = "metrics";

/** Seconds after a pod starts to terminate. The gateway accepts requests until every load balancer has deregistered the
 * pod. The application stops later, to finish the requests in flight. */
export const shutdown = { gatewaySleep: 20, appSleep: 25, grace: 60 } as const;

/** Names of the objects that the gateway mounts. */
export const gatewayObjects = { config: "app-gateway", tls: "app-gateway-tls", origin: "app-gateway-origin" } as const;

const gatewayScratch = scratch("gateway-scratch", gatewayPaths.scratch);
const appScratch = scratch("scratch", "/tmp", "256Mi");

export interface AppContainerOptions {
  size: ContainerSize;
  image: string;
  command?: string[];
  port: number;
  healthPath: string;
  livePath?: string;
  environment: Pick<WorkloadEnvironment, "env" | "envFrom" | "mounts">;
}

/** Returns the application's container. */
export function appContainer(options: AppContainerOptions): Container {
  const { environment, port } = options;
  const own: Values<typeof containerVariables> = { PORT: String(port) };
  const ready: Probe = { httpGet: { path: options.healthPath, port }, timeoutSeconds: 3 };
  const live: Probe = { ...liveCheck(port, options.livePath), timeoutSeconds: 5 };
  return {
    name: appContainerName,
    image: options.image,
    command: options.command,
    ports: [{ name: "app", containerPort: port }],
    env: [...Object.entries(own).map(([name, value]) => ({ name, value })), ...environment.env],
    envFrom: environment.envFrom,
    volumeMounts: [appScratch.mount, ...environment.mounts],
    resources: resourcesOf(options.size),
    securityContext: containerSecurity(),
    // Allows two minutes for startup, such as migrations. After that the liveness probe takes over.
    startupProbe: { ...live, periodSeconds: 2, failureThreshold: 60 },
    readinessProbe: { ...ready, periodSeconds: 5, failureThreshold: 3 },
    livenessProbe: { ...live, periodSeconds: 10, failureThreshold: 6 },
    lifecycle: { preStop: { sleep: { seconds: shutdown.appSleep } } },
  };
}

/**
 * Returns the gateway's container.
 * @param verifyOrigin  whether to mount the Secret of the origin check
 * @param scraped  whether it serves the application's metrics
 */
export function gatewayContainer(healthPath: string, verifyOrigin: boolean, scraped = false): Container {
  return {
    name: "gateway",
    image: images.gateway.image,
    // Bypasses the image's entrypoint, which rewrites files that are read-only here.
    command: ["nginx", "-e", "/dev/stderr", "-c", `${gatewayPaths.config}/nginx.conf`, "-g", "daemon off;"],
    ports: [
      { name: "http", containerPort: ports.gatewayHttp },
      { name: "https", containerPort: ports.gatewayHttps },
      ...(scraped ? [{ name: metricsPort, containerPort: ports.gatewayMetrics }] : []),
    ],
    volumeMounts: [
      gatewayScratch.mount,
      { name: "gateway-config", mountPath: gatewayPaths.config, readOnly: true },
      { name: "gateway-tls", mountPath: gatewayPaths.tls, readOnly: true },
      ...(verifyOrigin ? [{ name: "gateway-origin", mountPath: gatewayPaths.origin, readOnly: true }] : []),
    ],
    resources: resourcesOf(gatewaySize),
    securityContext: containerSecurity(images.gateway),
    // Probes the application through the gateway: the pod gets no requests before the application is up.
    readinessProbe: {
      httpGet: { path: healthPath, port: ports.gatewayHttps, scheme: "HTTPS" },
      periodSeconds: 5,
      timeoutSeconds: 4,
    },
    // Probes the gateway only: a failing application is no reason to restart it.
    livenessProbe: { tcpSocket: { port: ports.gatewayHttps }, periodSeconds: 10 },
    lifecycle: { preStop: { sleep: { seconds: shutdown.gatewaySleep } } },
  };
}

/** Returns the volumes that both containers mount. */
export function podVolumes(environment: Pick<WorkloadEnvironment, "volumes">, verifyOrigin: boolean): Volume[] {
  // Readable by the pod's group.
  const secret = (name: string, secretName: string): Volume => ({ name, secret: { secretName, defaultMode: 0o440 } });
  return [
    ...environment.volumes,
    appScratch.volume,
    gatewayScratch.volume,
    { name: "gateway-config", configMap: { name: gatewayObjects.config } },
    secret("gateway-tls", gatewayObjects.tls),
    ...(verifyOrigin ? [secret("gateway-origin", gatewayObjects.origin)] : []),
  ];
}
