import type { StackInputs } from "../../config/load";
import type { TargetKind } from "../../tiers";
import { eks } from "./eks";
import { existing } from "./existing";
import { k3s } from "./k3s";
import type { TargetDefinition } from "./target";

/** All kinds of targets. To add one, add a file in this folder and an entry here. */
const targets: { [K in TargetKind]: TargetDefinition<K> } = { existing, k3s, eks };

/** Returns the definition of a stack's target, with the inputs applied. */
export function targetOf(inputs: StackInputs) {
  // The cast is safe, because each definition takes the inputs of its key's kind. TypeScript does not infer that.
  const definition = targets[inputs.spec.target.kind] as TargetDefinition<TargetKind>;
  return {
    providers: () => definition.providers(inputs),
    create: (options: Parameters<typeof definition.create>[1]) => definition.create(inputs, options),
  };
}
