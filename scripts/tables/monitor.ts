/** The containers of the pod that watches the product, in docs/observability.md. */
import { sizeText } from "../../planner/views/tier-rows";
import { tierNames, tiers } from "../../tiers";
import { observabilityContainers } from "../../tiers/observability";
import { images } from "../../versions";
import { code, table } from "../markdown";

const purposes: Record<keyof typeof observabilityContainers, string> = {
  kubeStateMetrics: "Deployments, pods, autoscalers, jobs and nodes as Kubernetes sees them",
  postgresExporter: "the statistics of every database server",
  redisExporter: "the statistics of every node of Redis",
  grafana: "the dashboards, in a browser",
};

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
    sizeText(observabilityContainers[name]),
  ]);
  return table(
    ["image", "purpose", "CPU and memory"],
    ["---", "---", "---"],
    [[code(images.prometheus.image), "collects and keeps the figures", prometheus], ...rows],
  );
}
