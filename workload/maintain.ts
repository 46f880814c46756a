/**
 * Daily maintenance: `node workload/maintain.ts`, as a schedule of the stack. Creates partitions ahead, archives old ones,
 * deletes old idempotency keys and expired sessions, and indexes new items. May be killed and run again; a second run at the same time ends at once.
 */
import type { Client } from "pg";
import { maintenanceSchema, readVariables, start } from "./config";
import { archiveEvents } from "./events/archive";
import { createPartitions } from "./events/partitions";
import { Archive } from "./events/storage";
import { indexItems } from "./search/search";
import { withSession } from "./stores/direct";
import { createLogger } from "./telemetry/logger";

/** Key of the advisory lock: any number that nothing else in the database uses. */
const lock = 7_305_116;
/** Days that idempotency keys are kept: longer than jobs and webhooks are repeated. */
const keyDays = 30;

type Settings = ReturnType<typeof readVariables<typeof maintenanceSchema>>;

async function maintain(client: Client, settings: Settings): Promise<object> {
  const { ARCHIVE_BUCKET: bucket, ARCHIVE_ENDPOINT: endpoint, EVENTS_RETENTION_MONTHS: months, SEARCH } = settings;
  const now = new Date();
  const created = await createPartitions(client, now);
  const forgotten = await client.query("DELETE FROM effects WHERE created_at < now() - make_interval(days => $1)", [
    keyDays,
  ]);
  const expired = await client.query("DELETE FROM sessions WHERE expires_at <= now()");
  const indexed = SEARCH === "on" ? await indexItems(client) : 0;
  const archive = bucket && new Archive({ bucket, region: settings.AWS_REGION, endpoint });
  const archived = archive ? await archiveEvents(client, archive, now, months) : {};
  return { created, forgotten: forgotten.rowCount, expired: expired.rowCount, indexed, archived };
}

void start(async () => {
  const settings = readVariables(maintenanceSchema, process.env);
  const log = createLogger(settings);
  await withSession(settings, async (client) => {
    await client.query("SET statement_timeout = 0");
    const { rows } = await client.query("SELECT pg_try_advisory_lock($1) AS locked", [lock]);
    if (rows[0].locked) log.info(await maintain(client, settings), "maintained");
    else log.info("another run is at it");
  });
});
