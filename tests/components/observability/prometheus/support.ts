import type { ScrapeArgs } from "../../../../components/observability/prometheus/scrape";

/** What the configuration is made from, with two servers and two nodes. */
export const scrapeArgs: ScrapeArgs = {
  namespaces: { app: "shop-app", data: "shop-data", observability: "shop-observability" },
  postgres: {
    servers: { primary: "primary.rds.example", "replica-0": "replica.rds.example" },
    database: "app",
    authModule: "monitor",
  },
  mails: true,
  cloudwatch: true,
  redisNodes: ["one.cache.example", "two.cache.example"],
  files: { authority: "/ca.crt", token: "/token", clusterAuthority: "/cluster.crt" },
};
