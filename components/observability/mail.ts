import type * as k8s from "@pulumi/kubernetes";
import { observabilityContainers } from "../../tiers/observability";
import { images } from "../../versions";
import type { HeartbeatReceiver } from "./alerts/alertmanager";
import { renderAlertmanager } from "./alerts/render";
import { httpGet, program } from "./program";
import { exporterPorts } from "./prometheus/scrape";

/** Who is told of the alerts, and the mail server that tells them. */
export interface MailArgs {
  to: string;
  from: string;
  host: string;
  port: number;
  /** @default no login */
  user?: string | undefined;
  /** Its password, a secret. */
  password?: string | undefined;
}

type Container = k8s.types.input.core.v1.Container;

const folder = "/etc/alertmanager";

/** Files of the ConfigMap and of the Secret. */
export const mailFiles = {
  config: "alertmanager.yml",
  password: "smtp-password",
  heartbeatUrl: "heartbeat-url",
} as const;

/** The URL of the heartbeat, which Alertmanager reads for each one. */
export const heartbeatUrlFile = `${folder}/${mailFiles.heartbeatUrl}`;

/** Renders alertmanager.yml. It names the file of the password, which Alertmanager reads for each mail. */
export const mailConfig = (
  { to, from, host, port, user }: Omit<MailArgs, "password">,
  heartbeat?: HeartbeatReceiver,
): string =>
  renderAlertmanager({
    mail: { to, from, smarthost: `${host}:${port}`, user, passwordFile: `${folder}/${mailFiles.password}` },
    heartbeat,
  });

/** Flags of Alertmanager. There is one, and so no other to gossip with. */
export const alertmanagerFlags = ({ config, storage, listen }: Record<"config" | "storage" | "listen", string>) => [
  `--config.file=${config}`,
  `--storage.path=${storage}`,
  `--web.listen-address=${listen}`,
  "--cluster.listen-address=",
];

/** Returns the container, which reads its files in `volume`, and keeps silences and what it has sent on `data`. */
export function alertmanager({ volume, data }: Record<"volume" | "data", string>): Container {
  const port = exporterPorts.alertmanager;
  const dataFolder = "/metrics";
  return program("alertmanager", images.alertmanager, observabilityContainers.alertmanager, {
    args: alertmanagerFlags({
      config: `${folder}/${mailFiles.config}`,
      // Beside Prometheus' blocks: without a memory of its own, each restart would mail every alert again.
      storage: `${dataFolder}/alertmanager`,
      listen: `:${port}`,
    }),
    ports: [{ name: "alertmanager", containerPort: port }],
    readinessProbe: httpGet("/-/ready", port, 10, 3),
    livenessProbe: httpGet("/-/healthy", port, 20, 6),
    volumeMounts: [
      { name: data, mountPath: dataFolder },
      { name: volume, mountPath: folder, readOnly: true },
    ],
  });
}
