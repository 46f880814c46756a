import { stringify } from "yaml";
import { exporterPorts, loopback, type ScrapeArgs, scrapeConfigs, scrapeSeconds } from "./scrape";

/** File with the rules of the alerts, beside prometheus.yml. */
export const rulesFile = "rules.yml";

/** Returns the setting that hands alerts to Alertmanager at an address. */
export const alertingTo = (address: string) => ({
  alertmanagers: [{ static_configs: [{ targets: [address] }] }],
});

/** Renders prometheus.yml. It has no secret: Prometheus reads its token from a file. */
export function renderPrometheus(args: ScrapeArgs): string {
  return stringify(
    {
      global: {
        scrape_interval: `${scrapeSeconds}s`,
        scrape_timeout: "10s",
        evaluation_interval: `${scrapeSeconds}s`,
      },
      rule_files: [rulesFile],
      ...(args.mails && { alerting: alertingTo(loopback(exporterPorts.alertmanager)) }),
      scrape_configs: scrapeConfigs(args),
    },
    { aliasDuplicateObjects: false, lineWidth: 0 },
  );
}
