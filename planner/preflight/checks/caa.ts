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

/** The records that count for a name: those of the nearest name above that has any (RFC 8659). */
async function recordsFor(name: string, dns: Dns): Promise<{ at: string; records: CaaRecord[] }> {
  const labels = name.split(".");
  for (const at of labels.map((_, index) => labels.slice(index).join("."))) {
    const records = await dns.caa(at);
    if (records.length > 0) return { at, records };
  }
  return { at: name, records: [] };
}

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
  fails: "the domain's CAA records forbid a certificate that the stack needs",
  signedIn: false,
  applies: (needs) => neededBy(needs).length > 0,
  async run(needs, { dns }): Promise<Finding[]> {
    const needed = neededBy(needs);
    if (!needs.domain) return [];
    const { at, records } = await recordsFor(needs.domain.name, dns);
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
    return [fine(records.length > 0 ? `records of ${at} allow them` : `no records of ${needs.domain.name}`)];
  },
};
