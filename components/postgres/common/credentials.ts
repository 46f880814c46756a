/** Secret with what the server and its bootstrap need. */
export const credentialsSecret = "postgres-credentials";

/** Keys of the Secret `postgres-credentials`: what the server and its bootstrap need, and nothing of the application's
 * password but its verifier. */
export const credentialKeys = { superuser: "superuser-password", verifier: "app-verifier" } as const;
