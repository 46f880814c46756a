/** CBOR (RFC 8949), as far as CloudWatch's protocol uses it: https://smithy.io/2.0/additional-specs/protocols/smithy-rpc-v2.html */

export type Cbor = string | number | boolean | null | Date | Cbor[] | { [key: string]: Cbor | undefined };

const kinds = { unsigned: 0, negative: 1, text: 3, list: 4, map: 5, tag: 6, other: 7 };
/** The tag of a time, in seconds since 1970. */
const epoch = 1;

function head(kind: number, length: number): Buffer {
  if (length < 24) return Buffer.from([(kind << 5) | length]);
  const long = Buffer.alloc(5);
  long[0] = (kind << 5) | 26;
  long.writeUInt32BE(length, 1);
  return long;
}

function double(value: number): Buffer {
  const bytes = Buffer.alloc(9);
  bytes[0] = (kinds.other << 5) | 27;
  bytes.writeDoubleBE(value, 1);
  return bytes;
}

/** Encodes a value. Every number is a double. */
export function encode(value: Cbor): Buffer {
  if (typeof value === "number") return double(value);
  if (typeof value === "boolean") return Buffer.from([(kinds.other << 5) | (value ? 21 : 20)]);
  if (value === null) return Buffer.from([(kinds.other << 5) | 22]);
  if (value instanceof Date) return Buffer.concat([head(kinds.tag, epoch), double(value.getTime() / 1000)]);
  if (typeof value === "string") {
    const text = Buffer.from(value);
    return Buffer.concat([head(kinds.text, text.length), text]);
  }
  if (Array.isArray(value)) return Buffer.concat([head(kinds.list, value.length), ...value.map(encode)]);
  const entries = Object.entries(value).filter((entry): entry is [string, Cbor] => entry[1] !== undefined);
  return Buffer.concat([head(kinds.map, entries.length), ...entries.flatMap((entry) => entry.map(encode))]);
}

class Reader {
  private at = 0;

  constructor(private readonly bytes: Buffer) {}

  private take(length: number): Buffer {
    const taken = this.bytes.subarray(this.at, this.at + length);
    this.at += length;
    return taken;
  }

  private length(short: number): number {
    if (short < 24) return short;
    const bytes = this.take(2 ** (short - 24));
    return bytes.length === 8 ? Number(bytes.readBigUInt64BE()) : bytes.readUIntBE(0, bytes.length);
  }

  private other(short: number): Cbor {
    if (short === 26) return this.take(4).readFloatBE();
    if (short === 27) return this.take(8).readDoubleBE();
    const simple = new Map<number, Cbor>([
      [20, false],
      [21, true],
      [22, null],
    ]).get(short);
    if (simple === undefined) throw new Error(`CBOR: no simple value ${short}`);
    return simple;
  }

  value(): Cbor {
    const [first = 0] = this.take(1);
    const [kind, short] = [first >> 5, first & 31];
    if (kind === kinds.other) return this.other(short);
    const length = this.length(short);
    if (kind === kinds.unsigned) return length;
    if (kind === kinds.negative) return -1 - length;
    if (kind === kinds.text) return this.take(length).toString();
    if (kind === kinds.list) return Array.from({ length }, () => this.value());
    if (kind === kinds.map) return Object.fromEntries(Array.from({ length }, () => [this.value(), this.value()]));
    if (kind === kinds.tag && length === epoch) return new Date(Number(this.value()) * 1000);
    throw new Error(`CBOR: kind ${kind} is not read`);
  }
}

/** Decodes one value of definite length. Throws for what it does not know. */
export const decode = (bytes: Buffer): Cbor => new Reader(bytes).value();
