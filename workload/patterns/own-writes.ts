import type { Cluster } from "ioredis";
import { type Lsn, sortable } from "../stores/lsn";
import type { Client, Database } from "../stores/postgres";
import type { Cache, Kind } from "./cache";

/** Seconds that a user's last write is remembered: longer than any cache entry that a user has, and than a replica that works may lag. */
const markerSeconds = 3600;
/** Seconds after a failure of Redis in which this process reads from the primary: a marker may be missing. */
const doubtSeconds = 60;

/** Keeps the later of two LSNs, whichever process writes last. */
const later = `
local known = redis.call('GET', KEYS[1])
if not known or known < ARGV[1] then redis.call('SET', KEYS[1], ARGV[1], 'EX', ARGV[2]) end
return 0
`;

/**
 * Lets users read their own writes. After each write, Redis holds the LSN of its commit in the WAL. A read of the
 * user goes to a replica that has replayed this LSN, else to the primary. Cache keys of the user contain the LSN too, so no entry from
 * before the write is found after it. Other users may see the write later: when the replica has it and cache entries expire.
 */
export class OwnWrites {
  private doubtfulUntil = 0;

  constructor(
    private readonly database: Pick<Database, "write" | "read">,
    private readonly redis: Pick<Cluster, "get" | "eval">,
    private readonly cache: Cache,
  ) {}

  /** Runs a transaction of a user. When this returns, the user's reads see it in every process. */
  write<T>(user: string, work: (client: Client) => Promise<T>): Promise<T> {
    return this.database.write(work, async (lsn) => {
      await this.redis.eval(later, 1, key(user), sortable(lsn), markerSeconds).catch(() => this.doubt());
    });
  }

  /** Transactions of a user, for what only writes. */
  of(user: string): Pick<Database, "write"> {
    return { write: (work) => this.write(user, work) };
  }

  /** Reads what a user may have written. */
  async read<T>(user: string, work: (client: Client) => Promise<T>): Promise<T> {
    return this.database.read(work, await this.lsnOf(user));
  }

  /** Reads it through the cache. */
  async cached<T>(kind: Kind, user: string, name: string, work: (client: Client) => Promise<T>): Promise<T> {
    const from = await this.lsnOf(user);
    if (from.fresh) return this.database.read(work, from);
    return this.cache.get(kind, `${user}:${from.after ?? "none"}:${name}`, () => this.database.read(work, from));
  }

  private async lsnOf(user: string): Promise<{ fresh: true } | { fresh: false; after: Lsn | undefined }> {
    try {
      const marker = await this.redis.get(key(user));
      if (Date.now() < this.doubtfulUntil) return { fresh: true };
      return { fresh: false, after: marker === null ? undefined : `${marker.slice(0, 8)}/${marker.slice(8)}` };
    } catch {
      this.doubt();
      return { fresh: true };
    }
  }

  private doubt(): void {
    this.doubtfulUntil = Date.now() + doubtSeconds * 1000;
  }
}

const key = (user: string) => `wrote:${user}`;
