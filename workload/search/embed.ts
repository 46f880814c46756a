import { createHash } from "node:crypto";

/** Numbers of an embedding, as in the migration. */
export const dimensions = 256;

/** Returns what two texts may share: words, and their parts of three letters with less weight. */
function* featuresOf(text: string): Generator<[feature: string, weight: number]> {
  for (const word of text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? []) {
    yield [word, 1];
    for (let at = 0; at + 3 <= word.length; at++) yield [word.slice(at, at + 3), 0.3];
  }
}

/**
 * Returns the embedding of a text, of length 1: each feature adds to one of its numbers. It stands in for a model's: texts
 * with the same words are near each other, and it needs no provider.
 */
export function embed(text: string): number[] {
  const vector = new Array<number>(dimensions).fill(0);
  for (const [feature, weight] of featuresOf(text)) {
    const hash = createHash("sha1").update(feature).digest();
    const at = hash.readUInt16BE(0) % dimensions;
    vector[at] = (vector[at] as number) + (hash.readUInt8(2) % 2 === 0 ? weight : -weight);
  }
  const length = Math.hypot(...vector) || 1;
  return vector.map((value) => value / length);
}

/** As pgvector reads it. */
export const literal = (vector: number[]) => `[${vector.map((value) => value.toFixed(6)).join(",")}]`;
