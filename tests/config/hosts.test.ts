import { expect } from "chai";
import { unreachable } from "../../config/hosts";

const itself = "the pod itself";
const linkLocal = "a link-local address";
const uncertified = "a private address, for which no public authority gives a certificate";
const privateName = "a private name, for which no public authority gives a certificate";

describe("hosts that a pod cannot reach with TLS", () => {
  const hosts: Record<string, string | undefined> = {
    localhost: itself,
    "mail.localhost": itself,
    "localhost.localdomain": itself,
    "127.0.0.1": itself,
    "127.1.2.3": itself,
    "0.0.0.0": itself,
    "[::1]": itself,
    "::": itself,
    "169.254.169.254": linkLocal,
    "[fe80::1]": linkLocal,
    "10.0.0.5": uncertified,
    "100.64.0.1": uncertified,
    "172.31.255.255": uncertified,
    "192.168.1.1": uncertified,
    "[fd00::1]": uncertified,
    "smtp.example.com": undefined,
    mail: privateName,
    "mail.": privateName,
    "printer.local": privateName,
    "ip-10-0-0-5.eu-west-1.compute.internal": privateName,
    "mail.default.svc": privateName,
    "mail.default.svc.cluster.local": privateName,
    "nas.home.arpa.": privateName,
    "internal.example.com": undefined,
    "svc.local.example.com.": undefined,
    "mylocal.example": undefined,
    "example.mylocal": undefined,
    "localhost.example.com": undefined,
    "203.0.113.7": undefined,
    "172.32.0.1": undefined,
    "[2001:db8::1]": undefined,
  };
  for (const [host, expected] of Object.entries(hosts))
    it(`${host}: ${expected ?? "nothing is known against it"}`, () => {
      expect(unreachable(host)).to.equal(expected);
    });
});
