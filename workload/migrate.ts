/** Migrates the database: `node workload/migrate.ts`. Several at once wait for each other; each ends with the newest schema. */
import { join } from "node:path";
import { runner } from "node-pg-migrate";
import { migrationSchema, readVariables, start } from "./config";
import { createPartitions } from "./events/partitions";
import { withSession } from "./stores/direct";
import { createLogger } from "./telemetry/logger";

void start(async () => {
  const config = readVariables(migrationSchema, process.env);
  const log = createLogger(config);
  await withSession(config, async (client) => {
    // A migration, and the wait for another one, may take longer than a statement of the application.
    await client.query("SET statement_timeout = 0");
    // Waits for no query that holds the table for long: the queries behind would wait too. The next run tries again.
    await client.query("SET lock_timeout = '10s'");
    const migrate = (dir: string, migrationsTable: string) =>
      runner({
        dbClient: client,
        dir: join(__dirname, dir),
        migrationsTable,
        direction: "up",
        advisoryLockMode: "wait",
        // Each on its own: what succeeded stays, and an index may be built concurrently.
        singleTransaction: false,
        log: (message) => log.debug(message),
      });
    const done = await migrate("migrations", "migrations");
    // An order of its own: it may be switched on after later migrations of the product.
    if (config.SEARCH === "on") done.push(...(await migrate("search/migrations", "search_migrations")));
    // Without the current one no event can be written, so no job be submitted. The maintenance creates later ones.
    const partitions = await createPartitions(client, new Date());
    log.info({ migrations: done.map(({ name }) => name), partitions }, "migrated");
  });
});
