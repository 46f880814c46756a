/** What the engine deletes together with a resource that it deletes before it creates the replacement. */
import { isDeepStrictEqual } from "node:util";
import { added } from "../lists";
import type { PlannedResource } from "../record/planned";
import { inputsWithout } from "./carried";
import { valuesAt, withIgnored } from "./properties";
import { replacingProperties } from "./replacement";

/**
 * The resources that go with one that is deleted first: everything that the loss of its outputs would replace, as the old
 * graph has it (step_generator.go, calculateDependentReplacements).
 */
export class Condemned {
  /** By old path, the new path of the one that is deleted first. */
  private readonly causes = new Map<string, string>();
  private readonly dependents = new Map<string, PlannedResource[]>();

  /** @param before  the resources before the move, by path */
  constructor(private readonly before: Map<string, PlannedResource>) {
    for (const resource of before.values())
      for (const path of [...resource.dependsOn, resource.provider ?? ""]) added(this.dependents, path, resource);
  }

  /** The new path of the resource that takes this one along; undefined where none does. */
  causeOf({ path }: PlannedResource): string | undefined {
    return this.causes.get(path);
  }

  /** Marks what goes with a resource that is deleted first. */
  add(gone: PlannedResource, cause: string): void {
    for (const one of this.dependents.get(gone.path) ?? []) {
      if (!one.custom || this.causes.has(one.path)) continue;
      if (one.provider !== gone.path && !this.needs(one, gone)) continue;
      this.causes.set(one.path, cause);
      this.add(one, cause);
    }
  }

  /** Whether the loss of a resource's outputs replaces one that is made from them. */
  private needs(one: PlannedResource, gone: PlannedResource): boolean {
    const { type, inputs: before, options } = one;
    const { ignoreChanges, replaceOnChanges } = options;
    const after = withIgnored(inputsWithout(one, gone), ignoreChanges, (at) => valuesAt(before, at));
    const provider = this.before.get(one.provider ?? "")?.inputs;
    const paths = replacingProperties({ type, before, after, provider, replaceOnChanges }).map((path) =>
      path.split("."),
    );
    return paths.some((path) => !isDeepStrictEqual(valuesAt(before, path), valuesAt(after, path)));
  }
}
