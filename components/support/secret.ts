import * as pulumi from "@pulumi/pulumi";

/**
 * `data` of a Kubernetes Secret. Not `stringData`: a key that leaves it would stay in the object, since the API server
 * moves it into `data`, where nobody owns it.
 */
export function secretData(texts: Record<string, pulumi.Input<string>>): Record<string, pulumi.Output<string>> {
  const encode = (text: pulumi.Input<string>) =>
    pulumi.secret(pulumi.output(text).apply((plain) => Buffer.from(plain).toString("base64")));
  return Object.fromEntries(Object.entries(texts).map(([key, text]) => [key, encode(text)]));
}
