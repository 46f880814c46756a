import { promises as dns } from "node:dns";

/** A CAA record that says who may issue a certificate: the domain of an authority, or nothing. */
export type CaaRecord = Awaited<ReturnType<typeof dns.resolveCaa>>[number];

/** What the checks query DNS for. A name without such records has none: an empty list. */
export interface Dns {
  /** Undefined if the name does not exist (NXDOMAIN). */
  caa(name: string): Promise<CaaRecord[] | undefined>;
  ns(name: string): Promise<string[]>;
}

/** The records of an answer: none of this type (ENODATA), or undefined for a name that does not exist (ENOTFOUND). */
async function recordsIn<T>(answer: Promise<T[]>): Promise<T[] | undefined> {
  try {
    return await answer;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "ENODATA") return [];
    if (code === "ENOTFOUND") return undefined;
    throw error;
  }
}

/** The DNS as this machine sees it. */
export const publicDns: Dns = {
  caa: (name) => recordsIn(dns.resolveCaa(name)),
  ns: async (name) => (await recordsIn(dns.resolveNs(name))) ?? [],
};
