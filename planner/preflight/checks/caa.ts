import { type Check, type Finding, failed, fine, has } from "../check";
import type { CaaRecord, Dns } from "../dns";
import type { Needs } from "../needs";

/** Authorities that sign the stack's certificates, by the names that CAA records give them: one of them is enough. */
const authorities = {
  /** AWS Certificate Manager, "Configure a CAA record". */
  acm: ["amazon.com", "amazontrust.com", "awstrust.com", "amazonaws.com"],
  /** Let's Encrypt, "Certificate Authority Authorization". The k3s node gets its certificate there. */
  node: ["letsencrypt.org"],
};

interface Records {
  /** The name that has the records; without any, the nearest name that exists. */
  at: string;
  records: CaaRecord[];
}

/** The records that count for a name: those of the nearest name above that has any (RFC 8659). */
async function recordsFor(name: string, dns: Dns): Promise<Records> {
  const labels = name.split(".");
  let nearest: string | undefined;
  for (const at of labels.map((_, index) => labels.slice(index).join("."))) {
    const records = await dns.caa(at);
    if (records !== undefined) nearest ??= at;
    if (records && records.length > 0) return { at, records };
  }
  return { at: nearest ?? "", records: [] };
}

/** A name of one label is a top-level domain: nobody has registered a domain below it. */
const isTopLevel = (name: string) => !name.includes(".");

/** The domain that has to be registered, as far as its form tells: the last two labels. */
const registered = (name: string) => name.split(".").slice(-2).join(".");

/** Whether CAA records let one of the authorities sign a certificate of a name. Parameters after `;` do not matter. */
export function mayIssue(records: CaaRecord[], authority: string[]): boolean {
  const issuers = records.flatMap(({ issue }) => (issue === undefined ? [] : (issue.split(";")[0] ?? "").trim()));
  return issuers.length === 0 || issuers.some((issuer) => authority.includes(issuer.toLowerCase()));
}

function neededBy(needs: Needs): string[][] {
  if (!needs.domain) return [];
  return [
    ...(has(needs, "aws:acm/certificate:Certificate") ? [authorities.acm] : []),
    ...(has(needs, "aws:autoscaling/group:Group") ? [authorities.node] : []),
  ];
}

/** The domain's CAA records let the authorities of its certificates sign them. Needs no credentials. */
export const caa: Check = {
  name: "certificate authorities (CAA)",
  fails: "the domain does not exist, or its CAA records forbid a certificate that the stack needs",
  signedIn: false,
  applies: (needs) => neededBy(needs).length > 0,
  async run(needs, { dns }): Promise<Finding[]> {
    const needed = neededBy(needs);
    if (!needs.domain) return [];
    const { name } = needs.domain;
    const { at, records } = await recordsFor(name, dns);
    if (isTopLevel(at))
      return [
        failed({
          where: "domain",
          given: `${name}, but ${registered(name)} does not exist in DNS`,
          allowed: "a domain that is registered",
          fix: `register ${registered(name)}, or correct domain`,
        }),
      ];
    const problems = needed
      .filter((authority) => !mayIssue(records, authority))
      .map((authority) =>
        failed({
          where: `CAA of ${at}`,
          given: records.flatMap(({ issue }) => (issue === undefined ? [] : `issue ${issue || ";"}`)).join(", "),
          allowed: `issue ${authority.join(" or ")}, or no CAA record`,
          fix: `add the record: ${at}. CAA 0 issue "${authority[0]}"`,
        }),
      );
    if (problems.length > 0) return problems;
    if (records.length > 0) return [fine(`records of ${at} allow them`)];
    return [fine(at === name ? `no records of ${name}` : `${name} does not exist yet, and ${at} has no records`)];
  },
};
