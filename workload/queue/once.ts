import type { Client } from "../stores/postgres";

/**
 * Gives an effect at most once, however often and from wherever it is asked for. Key and effect are committed in the same
 * transaction: a caller that comes meanwhile waits for it, and has the effect itself if it was rolled back.
 * @returns whether this call had the effect
 */
export async function once(client: Client, key: string, effect: () => Promise<void>): Promise<boolean> {
  const { rowCount } = await client.query("INSERT INTO effects (key) VALUES ($1) ON CONFLICT DO NOTHING", [key]);
  if (rowCount === 0) return false;
  await effect();
  return true;
}
