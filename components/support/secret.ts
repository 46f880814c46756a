import * as pulumi from "@pulumi/pulumi";

/**
 * Returns the `data` of a Kubernetes Secret. With `stringData`, a removed key would remain in the object, because the
 * API server moves keys into `data`, where no field manager owns them.
 */
export function secretData(texts: Record<string, pulumi.Input<string>>): Record<string, pulumi.Output<string>> {
  const encode = (text: pulumi.Input<string>) =>
    pulumi.secret(pulumi.output(text).apply((plain) => Buffer.from(plain).toString("base64")));
  return Object.fromEntries(Object.entries(texts).map(([key, text]) => [key, encode(text)]));
}
