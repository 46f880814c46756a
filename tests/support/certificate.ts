import { execFileSync } from "node:child_process";

const request = "req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout - -subj /CN=test -days".split(
  " ",
);

/** Returns a certificate that ends after so many days, and its key, in PEM. */
export function certificate(days: number): { certificate: string; key: string } {
  const pem = execFileSync("openssl", [...request, String(days)], {
    encoding: "utf8",
    stdio: ["ignore", "pipe", "ignore"],
  });
  const at = pem.indexOf("-----BEGIN CERTIFICATE-----");
  return { certificate: pem.slice(at), key: pem.slice(0, at) };
}
