import * as pulumi from "@pulumi/pulumi";

/**
 * A box of the architecture. Children are named after their component, `postgres-primary` in `postgres`, so that
 * names are unique in the stack; no name carries a tier, so that URNs outlive a move.
 */
export abstract class Component extends pulumi.ComponentResource {
  /** Options of a child of this component. */
  readonly child: pulumi.CustomResourceOptions;

  constructor(
    kind: `${string}:${string}`,
    readonly componentName: string,
    opts?: pulumi.ComponentResourceOptions,
  ) {
    super(`tierstack:${kind}`, componentName, {}, opts);
    this.child = { parent: this };
  }

  /** Logical name of a child. */
  named(child: string): string {
    return `${this.componentName}-${child}`;
  }
}
