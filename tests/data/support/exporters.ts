/** The exporters of a product's stores, with the settings that they have in a stack, and the jobs that ask them. */
import {
  authModule,
  postgresExporterConfig,
  postgresExporterFlags,
  redisExporterFlags,
} from "../../../components/observability/exporters";
import { asked } from "../../../components/observability/prometheus/scrape";
import { identifiers } from "../../../components/postgres/common/settings";
import { statsUser } from "../../../components/postgres/pgbouncer/ini";
import { replicaHost } from "../../long/support/postgres";
import { password as redisPassword } from "../../long/support/valkey";
import { exporter } from "../../support/exporters";
import type { Product } from "../workload/support/product";

export interface ExporterCommand {
  program: string;
  args: string[];
  env: Record<string, string>;
}

export type StoreExporter = "pgbouncer" | "postgres" | "redis";

/** Returns how each exporter is started, on the port of its name. */
export function exporterCommands(
  { server, redis }: Product,
  ports: Record<StoreExporter, number>,
): Record<StoreExporter, ExporterCommand> {
  const { passwords, tls, sandbox } = server;
  const query = new URLSearchParams({ sslmode: "verify-full", sslrootcert: tls.ca });
  const login = postgresExporterConfig({ user: "postgres", password: passwords.postgres, ca: tls.ca });
  const listen = (name: StoreExporter) => `--web.listen-address=127.0.0.1:${ports[name]}`;
  return {
    pgbouncer: {
      program: exporter("pgbouncer_exporter"),
      args: [listen("pgbouncer")],
      env: {
        PGBOUNCER_EXPORTER_CONNECTION_STRING: `postgres://${statsUser}:${passwords.stats}@localhost:${server.ports.pooler}/pgbouncer?${query}`,
      },
    },
    postgres: {
      program: exporter("postgres_exporter"),
      args: [
        `--config.file=${sandbox.write("postgres_exporter.yml", login)}`,
        listen("postgres"),
        ...postgresExporterFlags,
      ],
      env: {},
    },
    redis: {
      program: exporter("redis_exporter"),
      args: [listen("redis"), ...redisExporterFlags, `--tls-ca-cert-file=${redis.caFile}`],
      env: { REDIS_PASSWORD: redisPassword },
    },
  };
}

/** The scrape configurations of the two exporters that get their targets as a parameter: both Postgres servers, and a node of Redis. */
export function askedJobs(
  { server, redis }: Product,
  ports: Pick<Record<StoreExporter, number>, "postgres" | "redis">,
) {
  const databases = ["localhost", replicaHost].map((host) => `${host}:${server.ports.server}/${identifiers.database}`);
  return [
    {
      job_name: "postgres",
      metrics_path: "/probe",
      params: { auth_module: [authModule] },
      static_configs: [{ targets: databases }],
      relabel_configs: asked(ports.postgres),
    },
    {
      job_name: "redis",
      metrics_path: "/scrape",
      static_configs: [{ targets: [`rediss://localhost:${redis.masterOf("any")}`] }],
      relabel_configs: asked(ports.redis),
    },
  ];
}
