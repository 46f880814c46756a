import { once } from "node:events";
import { createServer, type Server } from "node:https";
import type { AddressInfo } from "node:net";
import { conditionOf } from "../../support/objects";
import type { Api } from "../api/api";
import { selfSigned } from "../control-plane/certificate";
import { until } from "../control-plane/servers";
import { podKind } from "../rollout";
import { podMetrics, type Usage } from "./usage";

const version = "v1beta1";
const podGroup = "metrics.k8s.io";
const externalGroup = "external.metrics.k8s.io";
/** Namespace of the Service that routes the API server to this process. */
const place = { name: "test-metrics", namespace: "kube-system" };

const discovery: Record<string, object> = {
  [`/apis/${podGroup}/${version}`]: resources(podGroup, { name: "pods", kind: "PodMetrics" }),
  // Empty, as with KEDA: the metrics depend on the ScaledObjects.
  [`/apis/${externalGroup}/${version}`]: resources(externalGroup, {
    name: "externalmetrics",
    kind: "ExternalMetricValueList",
  }),
};

function resources(group: string, type: { name: string; kind: string }): object {
  const verbs = ["get", "list"];
  return {
    apiVersion: "v1",
    kind: "APIResourceList",
    groupVersion: `${group}/${version}`,
    resources: [{ ...type, singularName: "", namespaced: true, verbs }],
  };
}

const podsPath = new RegExp(`^/apis/${podGroup}/${version}/namespaces/([^/]+)/pods$`);
const externalPath = new RegExp(`^/apis/${externalGroup}/${version}/namespaces/([^/]+)/([^/]+)$`);

/** Returns a `Status`, the API's error object. */
const failure = (code: number, reason: string, message: string) => ({
  code,
  body: { apiVersion: "v1", kind: "Status", status: "Failure", code, reason, message },
});

/**
 * Serves the two metrics APIs that autoscalers read, with values that the test sets. Pod metrics, as from
 * metrics-server, cover the pods on the API server; queue metrics, as from KEDA, are stored by metric name.
 */
export class MetricsServer {
  private readonly server: Server;
  private usage: Usage = {};
  private queues: Record<string, number> = {};
  private away = false;
  /** Number of metrics requests that returned 503. */
  refused = 0;

  private constructor(private readonly api: Api) {
    this.server = createServer(selfSigned(), async (request, response) => {
      const { code, body } = await this.answer(new URL(request.url ?? "/", "https://localhost")).catch((error) =>
        failure(500, "InternalError", String(error)),
      );
      response.writeHead(code, { "content-type": "application/json" }).end(JSON.stringify(body));
    });
  }

  /** Starts the server on loopback, and registers it with the API server for the two APIs. */
  static async start(api: Api): Promise<MetricsServer> {
    const metrics = new MetricsServer(api);
    metrics.server.listen(0, "127.0.0.1");
    await once(metrics.server, "listening");
    try {
      await metrics.register();
    } catch (error) {
      await metrics.stop();
      throw error;
    }
    return metrics;
  }

  /** Sets the usage of the containers, in percent of their requests. Replaces all earlier values. */
  setUsage(usage: Usage): void {
    this.usage = usage;
  }

  /** Sets the length of a queue, by metric name. */
  setQueueDepth(metric: string, waiting: number): void {
    this.queues[metric] = waiting;
  }

  /** Sets whether every request returns 503. */
  setAway(away: boolean): void {
    this.away = away;
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    if (!this.server.listening) return;
    this.server.close();
    await once(this.server, "close");
  }

  private async answer({ pathname, searchParams }: URL): Promise<{ code: number; body: object }> {
    const found = discovery[pathname];
    if (this.away) {
      if (!found) this.refused++;
      return failure(503, "ServiceUnavailable", "the test has disabled the metrics");
    }
    if (found) return { code: 200, body: found };
    const labelSelector = searchParams.get("labelSelector") ?? undefined;
    const namespace = podsPath.exec(pathname)?.[1];
    if (namespace) {
      const pods = await this.api.list(podKind, namespace, { labelSelector });
      return { code: 200, body: podMetrics(pods, this.usage) };
    }
    const metric = externalPath.exec(decodeURIComponent(pathname))?.[2];
    const waiting = metric === undefined ? undefined : this.queues[metric];
    if (metric === undefined || waiting === undefined) return failure(404, "NotFound", `${pathname} not found`);
    return { code: 200, body: queueMetric(metric, waiting) };
  }

  /** Uses a Service of type ExternalName to reach loopback, which is not allowed as an endpoint address. */
  private async register(): Promise<void> {
    const { port } = this.server.address() as AddressInfo;
    await this.api.apply({
      apiVersion: "v1",
      kind: "Service",
      metadata: place,
      spec: { type: "ExternalName", externalName: "localhost" },
    });
    for (const group of [podGroup, externalGroup]) {
      const service = {
        apiVersion: "apiregistration.k8s.io/v1",
        kind: "APIService",
        metadata: { name: `${version}.${group}` },
      };
      await this.api.apply({
        ...service,
        spec: {
          ...{ group, version, groupPriorityMinimum: 100, versionPriority: 100 },
          ...{ service: { ...place, port }, insecureSkipTLSVerify: true },
        },
      });
      await until(`the API ${group}`, async () => {
        const registered = await this.api.find(service);
        const available = registered && conditionOf(registered, "Available");
        if (available?.status === "True") return true;
        throw new Error(available?.message ?? "no Available condition yet");
      });
    }
  }
}

function queueMetric(metricName: string, waiting: number): object {
  const item = { metricName, metricLabels: {}, timestamp: new Date().toISOString(), value: String(waiting) };
  return { apiVersion: `${externalGroup}/${version}`, kind: "ExternalMetricValueList", metadata: {}, items: [item] };
}
