/** Name of the Secret for the server and its bootstrap. */
export const credentialsSecret = "postgres-credentials";

/** Keys of `credentialsSecret`. It contains the verifier of the application's password, never the password itself. */
export const credentialKeys = { superuser: "superuser-password", verifier: "app-verifier" } as const;
