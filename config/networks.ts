import type { Problem } from "../tiers/problem";

/** An octet without leading zeros: some programs read `010` as 8. */
const octet = "(25[0-5]|2[0-4]\\d|1\\d\\d|[1-9]?\\d)";

/** An IPv4 network in CIDR notation. Its host bits are a rule of their own (`hostBitsProblem`). */
export const cidrPattern = new RegExp(`^(${octet}\\.){3}${octet}\\/(3[0-2]|[12]?\\d)$`);

const parsed = (cidr: string) => {
  const [address = "", bits = ""] = cidr.split("/");
  return { value: address.split(".").reduce((sum, part) => sum * 256 + Number(part), 0), bits: Number(bits) };
};

const firstOf = (value: number, bits: number) => Math.floor(value / 2 ** (32 - bits)) * 2 ** (32 - bits);

const addressText = (value: number) => [24, 16, 8, 0].map((shift) => Math.floor(value / 2 ** shift) % 256).join(".");

/** Returns the network that a CIDR is in: `10.1.2.0/24` for `10.1.2.3/24`. */
export function networkOf(cidr: string): string {
  const { value, bits } = parsed(cidr);
  return `${addressText(firstOf(value, bits))}/${bits}`;
}

/** Returns the problem of a network with host bits, which AWS and the API server refuse or correct; false without any. */
export function hostBitsProblem(where: string, cidr: string): Problem | false {
  const network = networkOf(cidr);
  return (
    network !== cidr && {
      where,
      given: JSON.stringify(cidr),
      allowed: "a network whose host bits are zero",
      fix: `write ${network}, or ${cidr.replace(/\/.*/, "/32")} for the one address`,
    }
  );
}

/** Returns the length of the prefix: 24 for `10.1.2.0/24`. */
export const prefixLength = (cidr: string): number => parsed(cidr).bits;

/**
 * Prefix length of the widest IPv4 network that may be admitted anywhere. IANA gives out blocks of a /8, so a wider one
 * is no single owner's.
 */
export const widestPrefix = 8;

/** Networks whose addresses never cross the internet (RFC 1122, 1918, 3927 and 6598). */
const privateNetworks = [
  "10.0.0.0/8",
  "100.64.0.0/10",
  "127.0.0.0/8",
  "169.254.0.0/16",
  "172.16.0.0/12",
  "192.168.0.0/16",
];

/** Whether every address of a network is private: of a local network, a carrier's, a link or the machine itself. */
export const isPrivate = (cidr: string): boolean =>
  privateNetworks.some((network) => overlap(network, cidr) && prefixLength(cidr) >= prefixLength(network));

/** Whether two networks have addresses in common. */
export function overlap(one: string, other: string): boolean {
  const [a, b] = [parsed(one), parsed(other)];
  const bits = Math.min(a.bits, b.bits);
  return firstOf(a.value, bits) === firstOf(b.value, bits);
}
