/** Hosts outside the cluster that a pod connects to with TLS. */
import { BlockList, isIP } from "node:net";

/** Returns a list of networks. */
function networks(...cidrs: string[]): BlockList {
  const list = new BlockList();
  for (const cidr of cidrs) {
    const [address = "", bits] = cidr.split("/");
    list.addSubnet(address, Number(bits), isIP(address) === 6 ? "ipv6" : "ipv4");
  }
  return list;
}

/** "This host" and loopback (RFC 1122 and 4291). */
const own = networks("0.0.0.0/8", "127.0.0.0/8", "::/127");
/** RFC 3927 and 4291. The network policy of no pod admits them: the instance metadata is among them. */
const linkLocal = networks("169.254.0.0/16", "fe80::/10");
/** RFC 1918, 4193 and 6598. Authorities may not certify them (CA/Browser Forum, Baseline Requirements 4.2.2). */
const unregistered = networks("10.0.0.0/8", "100.64.0.0/10", "172.16.0.0/12", "192.168.0.0/16", "fc00::/7");

const uncertified = "for which no public authority gives a certificate";

/** Names of the machine itself (RFC 6761, 6.3). */
const ownName = /^(.+\.)?(localhost|localdomain)\.?$/;
/**
 * Names outside the public DNS: a single label, those of a cluster, and what is reserved for private networks. Authorities
 * may not certify what ends with no public top-level domain (Baseline Requirements 4.2.2), and nobody can own a name under
 * home.arpa (RFC 8375).
 */
const privateName = /^([^.]+|.+\.(local|internal|svc|home\.arpa))\.?$/;

/**
 * Returns what a host is that a pod cannot reach, or not with TLS; undefined where nothing is known against it.
 * @param host  a name, or an address, of IPv6 with or without brackets
 */
export function unreachable(host: string): string | undefined {
  if (ownName.test(host)) return "the pod itself";
  const address = host.replace(/^\[(.*)\]$/, "$1");
  const version = isIP(address);
  if (version === 0) return privateName.test(host) ? `a private name, ${uncertified}` : undefined;
  const isIn = (list: BlockList) => list.check(address, version === 6 ? "ipv6" : "ipv4");
  if (isIn(own)) return "the pod itself";
  if (isIn(linkLocal)) return "a link-local address";
  if (isIn(unregistered)) return `a private address, ${uncertified}`;
  return undefined;
}
