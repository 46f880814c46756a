/** Fills the catalogue for a test: `node workload/seed.ts`. Items that are there stay; run it as often as you like. */
import { migrationSchema, readVariables, start } from "./config";
import { indexItems } from "./search/search";
import { withSession } from "./stores/direct";
import { createLogger } from "./telemetry/logger";

/** Ids 1 to this: what the load tests' scenarios ask for. */
const items = 1000;

const add = `
  INSERT INTO items (id, title, category, description, price_cents) OVERRIDING SYSTEM VALUE
  SELECT n, 'item ' || n, 'category ' || n % 7, 'an item of the test', n FROM generate_series(1, $1::int) AS n
  ON CONFLICT (id) DO NOTHING`;
/** Items that are added later get ids after all of them. */
const goOn = "SELECT setval(pg_get_serial_sequence('items', 'id'), (SELECT max(id) FROM items))";

void start(async () => {
  const config = readVariables(migrationSchema, process.env);
  await withSession(config, async (client) => {
    const { rowCount: added } = await client.query(add, [items]);
    await client.query(goOn);
    const indexed = config.SEARCH === "on" ? await indexItems(client) : 0;
    createLogger(config).info({ added, indexed }, "seeded");
  });
});
