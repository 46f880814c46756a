import { inflateRawSync } from "node:zlib";
import { commentLimit } from "../../planner/views/markdown";

/** Largest page that is read, in bytes: the characters of a comment, of at most 4 bytes each. */
const largestPage = 4 * commentLimit;

const endSignature = 0x06054b50;
const entrySignature = 0x02014b50;
const fileSignature = 0x04034b50;
/** Length of the end record without its comment, in bytes (PKWARE APPNOTE 4.3.16). */
const endLength = 22;

/** An archive that is not what the preview uploads. */
export class BadArchive extends Error {}

/** Where the end record is: at the end of the file, because ours has no comment. */
function endOf(zip: Buffer): number {
  const at = zip.length - endLength;
  if (at < 0 || zip.readUInt32LE(at) !== endSignature) throw new BadArchive("it is no zip archive");
  return at;
}

function unpacked(data: Buffer, method: number): Buffer {
  if (method === 0) return data;
  if (method !== 8) throw new BadArchive("it is packed in an unknown way");
  try {
    // The limit stops an archive that unpacks to gigabytes; what its header says of the size is not believed.
    return inflateRawSync(data, { maxOutputLength: largestPage });
  } catch {
    throw new BadArchive("its file is damaged or too large");
  }
}

/**
 * The text of the one file of a zip archive. Nothing is written to the disk, so no name in it matters. Throws a BadArchive
 * for another name, more files, more bytes than a comment holds, or text that is not UTF-8.
 */
export function fileIn(zip: Buffer, name: string): string {
  try {
    const end = endOf(zip);
    if (zip.readUInt16LE(end + 10) !== 1) throw new BadArchive("it has not exactly one file");
    const entry = zip.readUInt32LE(end + 16);
    if (zip.readUInt32LE(entry) !== entrySignature) throw new BadArchive("its directory is damaged");
    const length = zip.readUInt16LE(entry + 28);
    if (zip.toString("utf8", entry + 46, entry + 46 + length) !== name) throw new BadArchive("it has another file");
    const file = zip.readUInt32LE(entry + 42);
    if (zip.readUInt32LE(file) !== fileSignature) throw new BadArchive("its file is damaged or too large");
    const start = file + 30 + zip.readUInt16LE(file + 26) + zip.readUInt16LE(file + 28);
    const packed = zip.subarray(start, start + zip.readUInt32LE(entry + 20));
    const data = unpacked(packed, zip.readUInt16LE(entry + 10));
    if (data.length > largestPage) throw new BadArchive("its file is too large");
    return new TextDecoder("utf-8", { fatal: true }).decode(data);
  } catch (error) {
    if (error instanceof RangeError) throw new BadArchive("it is damaged");
    if (error instanceof TypeError) throw new BadArchive("its file is not UTF-8");
    throw error;
  }
}
