import { stringify } from "yaml";
import { type ScrapeArgs, scrapeConfigs, scrapeSeconds } from "./scrape";

/** File with the rules of the alerts, beside prometheus.yml. */
export const rulesFile = "rules.yml";

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
      scrape_configs: scrapeConfigs(args),
    },
    { aliasDuplicateObjects: false, lineWidth: 0 },
  );
}
