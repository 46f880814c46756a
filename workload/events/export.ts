import { createHash } from "node:crypto";
import { pipeline } from "node:stream/promises";
import { createGunzip, createGzip } from "node:zlib";
import type { Client } from "../stores/postgres";

/** What is in an object of the archive. */
export interface Content {
  rows: number;
  /** Of the lines before compression, in hexadecimal digits. */
  sha256: string;
}

/** Rows that are in memory at a time. */
const fetched = 2000;

/** Yields the rows of a table as lines of JSON, in the order of their ids, so that a second run yields the same. */
export async function* linesOf(client: Client, table: string): AsyncGenerator<string> {
  // Text as of ISO, whatever the server's settings are.
  await client.query("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY");
  try {
    await client.query("SET LOCAL timezone = 'UTC'");
    await client.query(
      `DECLARE exported NO SCROLL CURSOR FOR SELECT to_json(event)::text AS line FROM ${table} event ORDER BY at, id`,
    );
    for (;;) {
      const { rows } = await client.query<{ line: string }>(`FETCH ${fetched} FROM exported`);
      if (rows.length === 0) return;
      yield `${rows.map(({ line }) => line).join("\n")}\n`;
    }
  } finally {
    await client.query("ROLLBACK");
  }
}

/** Counts and hashes lines as they pass. */
class Counted {
  private rows = 0;
  private readonly hash = createHash("sha256");

  add(lines: Buffer | string): void {
    this.hash.update(lines);
    for (const byte of Buffer.from(lines)) if (byte === 0x0a) this.rows++;
  }

  content(): Content {
    return { rows: this.rows, sha256: this.hash.digest("hex") };
  }
}

/** Compresses lines and hands them on in pieces. @returns what was in them */
export async function compress(
  lines: AsyncIterable<string>,
  sink: (compressed: AsyncIterable<Buffer>) => Promise<void>,
): Promise<Content> {
  const counted = new Counted();
  const counting = async function* () {
    for await (const text of lines) {
      counted.add(text);
      yield text;
    }
  };
  await pipeline(counting, createGzip(), sink);
  return counted.content();
}

/** Reads compressed lines. @returns what is in them */
export async function contentOf(compressed: AsyncIterable<Uint8Array>): Promise<Content> {
  const counted = new Counted();
  await pipeline(compressed, createGunzip(), async (lines: AsyncIterable<Buffer>) => {
    for await (const part of lines) counted.add(part);
  });
  return counted.content();
}
