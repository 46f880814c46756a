import { promises as dns } from "node:dns";

/** A CAA record that says who may issue a certificate: the domain of an authority, or nothing. */
export type CaaRecord = Awaited<ReturnType<typeof dns.resolveCaa>>[number];

/** What the checks query DNS for. A name without such records has none: an empty list. */
export interface Dns {
  caa(name: string): Promise<CaaRecord[]>;
  ns(name: string): Promise<string[]>;
}

const missing = ["ENODATA", "ENOTFOUND"];

async function orNone<T>(answer: Promise<T[]>): Promise<T[]> {
  try {
    return await answer;
  } catch (error) {
    if (missing.includes((error as NodeJS.ErrnoException).code ?? "")) return [];
    throw error;
  }
}

/** The DNS as this machine sees it. */
export const publicDns: Dns = {
  caa: (name) => orNone(dns.resolveCaa(name)),
  ns: (name) => orNone(dns.resolveNs(name)),
};
