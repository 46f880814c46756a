import type * as k8s from "@pulumi/kubernetes";
import { observabilityContainers } from "../../../tiers/observability";
import { images } from "../../../versions";
import type { IamStatement } from "../../identity/policy";
import { httpGet, program } from "../program";
import { exporterPorts } from "../prometheus/scrape";
import { lookSeconds } from "./figures";

const folder = "/etc/yace";

/** File of the ConfigMap. */
export const cloudwatchFile = "cloudwatch.yml";

/** What the exporter may do with the pod's role. The action knows no resources (Service Authorization Reference, "CloudWatch"). */
export const readsFigures: IamStatement = {
  Sid: "Figures",
  Effect: "Allow",
  Action: "cloudwatch:GetMetricStatistics",
  Resource: "*",
};

/** Flags of the exporter. */
export const cloudwatchFlags = ({ config, listen }: Record<"config" | "listen", string>) => [
  `--config.file=${config}`,
  `--listen-address=${listen}`,
  `--scraping-interval=${lookSeconds}`,
  // It warns before each look that it may not read the account's alias, which nobody needs.
  "--log.level=error",
];

/** Returns the container, which reads its configuration in `volume` at its start. */
export function cloudwatchExporter(volume: string): k8s.types.input.core.v1.Container {
  const port = exporterPorts.cloudwatch;
  return program("cloudwatch-exporter", images.cloudwatchExporter, observabilityContainers.cloudwatchExporter, {
    args: cloudwatchFlags({ config: `${folder}/${cloudwatchFile}`, listen: `:${port}` }),
    readinessProbe: httpGet("/healthz", port, 20, 3),
    livenessProbe: httpGet("/healthz", port, 20, 6),
    volumeMounts: [{ name: volume, mountPath: folder, readOnly: true }],
  });
}
