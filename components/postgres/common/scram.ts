import { createHash, createHmac, pbkdf2Sync } from "node:crypto";
import * as pulumi from "@pulumi/pulumi";

/** Iterations that PostgreSQL itself uses (`scram_iterations`). */
const iterations = 4096;

/**
 * SCRAM-SHA-256 verifier of a password (RFC 5803), as PostgreSQL stores it and PgBouncer reads it. With the same
 * verifier, salt included, on both sides PgBouncer passes the client's login on to the server, and neither needs the
 * password.
 * @param password  ASCII: anything else would have to be normalised first (SASLprep)
 * @param salt  base64
 */
export function scramVerifier(password: string, salt: string): string {
  const salted = pbkdf2Sync(password, Buffer.from(salt, "base64"), iterations, 32, "sha256");
  const keyed = (text: string) => createHmac("sha256", salted).update(text).digest();
  const storedKey = createHash("sha256").update(keyed("Client Key")).digest("base64");
  return `SCRAM-SHA-256$${iterations}:${salt}$${storedKey}:${keyed("Server Key").toString("base64")}`;
}

/** The verifier of a generated password; a secret. */
export function verifierOf(password: pulumi.Output<string>, salt: pulumi.Output<string>): pulumi.Output<string> {
  return pulumi.secret(pulumi.all([password, salt]).apply(([text, bytes]) => scramVerifier(text, bytes)));
}
