import { type Check, failed, fine } from "../check";

const plain = (name: string) => name.toLowerCase().replace(/\.$/, "");

/** Whether a zone of this name holds the domain. */
export const holds = (zone: string, domain: string): boolean =>
  plain(domain) === plain(zone) || plain(domain).endsWith(`.${plain(zone)}`);

/** The hosted zone exists, is public, holds the domain, and the internet asks its name servers. */
export const hostedZone: Check = {
  name: "hosted zone",
  fails: "it is missing, private, of another domain, or not delegated",
  signedIn: true,
  applies: ({ domain }) => domain !== undefined,
  async run({ domain }, { aws, dns }) {
    if (!domain) return [];
    const { name, hostedZoneId } = domain;
    const problem = (given: string, allowed: string, fix: string) => [
      failed({ where: "hostedZoneId", given: `${hostedZoneId}, ${given}`, allowed, fix }),
    ];
    const found = await aws
      .route53()
      .getHostedZone({ Id: hostedZoneId })
      .catch((error: Error) => {
        if (error.name === "NoSuchHostedZone") return undefined;
        throw error;
      });
    const allowed = `the id of the public hosted zone that holds ${name}`;
    const correct = "set hostedZoneId to the id that aws route53 list-hosted-zones shows for the domain";
    if (!found?.HostedZone?.Name) return problem("which this account does not have", allowed, correct);
    const zone = plain(found.HostedZone.Name);
    if (found.HostedZone.Config?.PrivateZone) return problem("a private zone", allowed, correct);
    if (!holds(zone, name)) return problem(`the zone of ${zone}`, allowed, correct);
    const servers = (found.DelegationSet?.NameServers ?? []).map(plain);
    const delegated = (await dns.ns(zone)).map(plain);
    if (!delegated.some((server) => servers.includes(server)))
      return problem(
        delegated.length > 0 ? `to which ${zone} is not delegated` : `but ${zone} is not delegated`,
        `a zone whose name servers answer for ${zone}`,
        `enter its name servers at the registrar of ${zone}: ${servers.join(", ")}`,
      );
    return [fine(`${hostedZoneId} holds ${name}`)];
  },
};
