import * as pulumi from "@pulumi/pulumi";

/**
 * Base class of all components. Children are named after their component, such as `postgres-primary` in `postgres`, so
 * names are unique in the stack. No name contains a tier, so URNs survive a move.
 */
export abstract class Component extends pulumi.ComponentResource {
  /** Resource options of the children. */
  readonly child: pulumi.CustomResourceOptions;

  constructor(
    kind: `${string}:${string}`,
    readonly componentName: string,
    opts?: pulumi.ComponentResourceOptions,
  ) {
    super(`tierstack:${kind}`, componentName, {}, opts);
    this.child = { parent: this };
  }

  /** Returns the logical name of a child. */
  named(child: string): string {
    return `${this.componentName}-${child}`;
  }
}
