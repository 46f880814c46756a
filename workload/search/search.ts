import type { Client } from "../stores/postgres";
import { embed, literal } from "./embed";

export interface Hit {
  id: number;
  title: string;
  /** 1 for the same text, 0 for nothing in common. */
  score: number;
}

/**
 * How many neighbours the index looks at: at least as many as are wanted. More find more of the nearest, and take longer
 * (pgvector's default is 40).
 */
const candidates = 100;

const nearest = `
  SELECT items.id, items.title, round((1 - (embedding <=> $1))::numeric, 4)::float8 AS score
  FROM (SELECT item_id, embedding FROM item_embeddings ORDER BY embedding <=> $1 LIMIT $2) AS found
  JOIN items ON items.id = item_id ORDER BY score DESC, items.id`;

/** Returns the items nearest to a text. In a transaction: the setting holds for it alone. */
export async function searchItems(client: Client, text: string, limit: number): Promise<Hit[]> {
  await client.query(`SET LOCAL hnsw.ef_search = ${candidates}`);
  return (await client.query<Hit>(nearest, [literal(embed(text)), limit])).rows;
}

const missing = `
  SELECT items.id, title || ' ' || category || ' ' || description AS text FROM items
  LEFT JOIN item_embeddings ON item_id = items.id WHERE item_id IS NULL ORDER BY items.id LIMIT $1`;
const store = `
  INSERT INTO item_embeddings SELECT * FROM unnest($1::bigint[], $2::vector[]) ON CONFLICT (item_id) DO NOTHING`;

/**
 * Computes the embeddings that are missing. May be killed and run again.
 * @returns their number
 */
export async function indexItems(client: Client, atATime = 500): Promise<number> {
  for (let indexed = 0; ; ) {
    const { rows } = await client.query<{ id: number; text: string }>(missing, [atATime]);
    if (rows.length === 0) return indexed;
    await client.query(store, [rows.map(({ id }) => id), rows.map(({ text }) => literal(embed(text)))]);
    indexed += rows.length;
  }
}
