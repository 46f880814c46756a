import { createHash, createHmac, pbkdf2Sync } from "node:crypto";
import * as pulumi from "@pulumi/pulumi";

/** PostgreSQL's default of `scram_iterations`. */
const iterations = 4096;

/**
 * Returns the SCRAM-SHA-256 verifier of a password (RFC 5803), in the format of PostgreSQL and PgBouncer. If both have
 * the same verifier, salt included, PgBouncer can pass the client's login on to the server without the password.
 * @param password  ASCII only: other characters would need SASLprep
 * @param salt  base64
 */
export function scramVerifier(password: string, salt: string): string {
  const salted = pbkdf2Sync(password, Buffer.from(salt, "base64"), iterations, 32, "sha256");
  const keyed = (text: string) => createHmac("sha256", salted).update(text).digest();
  const storedKey = createHash("sha256").update(keyed("Client Key")).digest("base64");
  return `SCRAM-SHA-256$${iterations}:${salt}$${storedKey}:${keyed("Server Key").toString("base64")}`;
}

/** Returns the verifier of a generated password. A secret. */
export function verifierOf(password: pulumi.Output<string>, salt: pulumi.Output<string>): pulumi.Output<string> {
  return pulumi.secret(pulumi.all([password, salt]).apply(([text, bytes]) => scramVerifier(text, bytes)));
}
