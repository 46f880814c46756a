/** The containers that watch the product, in docs/observability.md. */
import { sizeText } from "../../planner/views/tier-rows";
import { tierNames, tiers } from "../../tiers";
import { nodeContainers, observabilityContainers } from "../../tiers/observability";
import { images } from "../../versions";
import { code, table } from "../markdown";

const purposes: Record<keyof typeof observabilityContainers | keyof typeof nodeContainers, string> = {
  kubeStateMetrics: "Deployments, pods, autoscalers, jobs and nodes as Kubernetes sees them",
  postgresExporter: "the statistics of every database server",
  redisExporter: "the statistics of every node of Redis",
  grafana: "the dashboards, in a browser",
  alertmanager: "mails the alerts; with `observability.mail` only",
  cloudwatchExporter: "CloudWatch's figures of RDS, ElastiCache, the load balancer and CloudFront; on EKS",
  nodeExporter: "CPU, memory and disks as each node sees them",
  logAgent: "sends the pods' logs of its node to the store, with `observability.logsGiB`",
};

/** The store of the logs, which a tier sizes. */
function logStoreRow(): string[] {
  const sizes = tierNames.map((tier) => {
    const { logs, logsDays } = tiers[tier].observability;
    return `${tier} ${sizeText(logs)}, ${logsDays} days`;
  });
  return [code(images.logStore.image), "keeps the pods' logs, with `observability.logsGiB`", sizes.join("; ")];
}

export function monitorTable(): string {
  const prometheus = tierNames
    .map((tier) => {
      const { prometheus: container, metricsGiB } = tiers[tier].observability;
      return `${tier} ${sizeText(container)}, ${metricsGiB} GiB`;
    })
    .join("; ");
  const rows = (Object.keys(purposes) as (keyof typeof purposes)[]).map((name) => [
    code(images[name].image),
    purposes[name],
    name in nodeContainers
      ? `${sizeText(nodeContainers[name as keyof typeof nodeContainers])} on each node`
      : sizeText(observabilityContainers[name as keyof typeof observabilityContainers]),
  ]);
  return table(
    ["image", "purpose", "CPU and memory"],
    ["---", "---", "---"],
    [[code(images.prometheus.image), "collects and keeps the figures", prometheus], ...rows, logStoreRow()],
  );
}
