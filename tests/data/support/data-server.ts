import { readFileSync } from "node:fs";
import { Client } from "pg";
import * as ini from "../../../components/postgres/pgbouncer/ini";
import type { TierSpec } from "../../../tiers";
import { PooledServer } from "../../long/support/pooler";
import { requireBinaries } from "../../long/support/postgres";
import { ledgerSql } from "./ledger";
import type { Target } from "./protocol";

/** Starts the servers of a tier, with a ledger for so many clients. Says what an older PgBouncer leaves out. */
export async function startData(
  suite: Mocha.Context,
  sizes: Pick<TierSpec, "postgres" | "pgbouncer">,
  clients: number,
): Promise<PooledServer> {
  const server = await PooledServer.start(requireBinaries(suite), sizes);
  const leftOut = [...server.leftOut(), ...(server.readsFromSeveral ? [] : ["hosts of app_ro but the first"])];
  console.log(`    PgBouncer ${server.version}, without: ${leftOut.join(", ") || "nothing"}`);
  const { status, stderr } = server.bootstrap();
  if (status !== 0) throw new Error(stderr);
  const created = server.primary.ask("app", "app", ledgerSql(clients));
  if (created.status !== 0) throw new Error(created.stderr);
  return server;
}

/** Where the application connects: to a port, through PgBouncer or not. */
export function target({ passwords, tls }: PooledServer, port: number, database = "app"): Target {
  return { port, database, user: "app", password: passwords.app, ca: tls.ca };
}

/** Connects as the superuser, or to PgBouncer's console as its exporter. */
export async function observer(
  { passwords, tls }: PooledServer,
  user: "postgres" | "stats",
  port: number,
): Promise<Client> {
  const account = { postgres: { user, database: "app" }, stats: { user: ini.statsUser, database: "pgbouncer" } }[user];
  const ssl = { ca: readFileSync(tls.ca), servername: "localhost" };
  const client = new Client({ ...account, host: "127.0.0.1", port, password: passwords[user], ssl });
  await client.connect();
  return client;
}
