import * as pulumi from "@pulumi/pulumi";

/** A namespace in which components create objects. */
export interface Namespace {
  /** For host names, certificates and selectors. */
  readonly name: string;
  /** The same name, known once the namespace exists. Use it as `metadata.namespace` of the objects in it. */
  readonly created: pulumi.Output<string>;
}

/** Returns a namespace that this program does not create. It must exist before the first `pulumi up`. */
export function existingNamespace(name: string): Namespace {
  return { name, created: pulumi.output(name) };
}
