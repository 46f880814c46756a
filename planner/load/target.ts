/** The server that a load test is for. */
import { request as requestHttp } from "node:http";
import { request as requestHttps } from "node:https";
import { isIP } from "node:net";
import type { Problem } from "../../tiers/problem";
import { timeoutSeconds } from "./generator";
import type { Target } from "./run";

const fix = "write an address such as https://app.example.com";

/** The parts of a URL; a problem where it is none that can be tested. */
export function targetOf(url: string, headers: Record<string, string>): { target?: Target; problems: Problem[] } {
  const wrong = (allowed: string) => ({ problems: [{ where: "URL", given: shownUrl(url), allowed, fix }] });
  if (!URL.canParse(url)) return wrong("an address with https:// or http://");
  const { protocol, origin, pathname, search, hash, username, password } = new URL(url);
  if (protocol !== "https:" && protocol !== "http:") return wrong("an address with https:// or http://");
  // What is written there would be in the result and in every log.
  if (username || password)
    return wrong("an address without a user and a password: use --header for what authorises you");
  if (search || hash) return wrong("an address without a query: the scenario's steps have paths of their own");
  return { target: { origin, base: pathname.replace(/\/+$/, ""), headers }, problems: [] };
}

/** A URL without what may be a secret. */
const shownUrl = (url: string) => url.replace(/\/\/[^/@]*@/, "//[secret]@").replace(/[?#].*$/, "");

/** Whether a host is this computer or in a private network, so that nobody else's server gets the load. */
export function isPrivate(origin: string): boolean {
  const host = new URL(origin).hostname.replace(/^\[|\]$/g, "");
  if (host === "localhost" || host.endsWith(".localhost")) return true;
  if (isIP(host) === 4) return /^(127|10)\.|^192\.168\.|^172\.(1[6-9]|2\d|3[01])\./.test(host);
  return host === "::1" || /^f[cd]/i.test(isIP(host) === 6 ? host : "");
}

/**
 * Asks the target once: it must answer, with a certificate that is right, for the load itself does not look at it. Any
 * status is an answer. Answers the problem.
 */
export function unreachable({ origin, base, headers }: Target): Promise<Problem | undefined> {
  const request = origin.startsWith("https:") ? requestHttps : requestHttp;
  return new Promise((resolve) => {
    const problem = (given: string) =>
      resolve({
        where: "URL",
        given: `${origin}: ${given}`,
        allowed: "a server that answers",
        fix: "check the address, and that the server runs",
      });
    const sent = request(`${origin}${base}/`, { headers, timeout: timeoutSeconds * 1000 }, (answer) => {
      answer.resume();
      resolve(undefined);
      sent.destroy();
    });
    sent.on("timeout", () => sent.destroy(new Error("no answer")));
    sent.on("error", (error: NodeJS.ErrnoException) => problem(error.code ?? error.message));
    sent.end();
  });
}
