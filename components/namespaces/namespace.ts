import * as pulumi from "@pulumi/pulumi";

/** A namespace, as the components that create objects in it see it. */
export interface Namespace {
  /** For host names, certificates and selectors. */
  readonly name: string;
  /** The same name, known once the namespace exists; `metadata.namespace` of every object in it. */
  readonly created: pulumi.Output<string>;
}

/** A namespace that somebody else creates. It must exist before the first `pulumi up`. */
export function existingNamespace(name: string): Namespace {
  return { name, created: pulumi.output(name) };
}
