import { Client } from "pg";
import type { Config } from "../config";

/** Runs work on a connection with a session of its own, whose locks and settings belong to the work alone. */
export async function withSession<T>(
  { DATABASE_DIRECT_URL }: Pick<Config, "DATABASE_DIRECT_URL">,
  work: (client: Client) => Promise<T>,
): Promise<T> {
  const client = new Client({ connectionString: DATABASE_DIRECT_URL });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}
