import type { StackInputs } from "../../config/load";
import type { TargetKind } from "../../tiers";
import { eks } from "./eks";
import { existing } from "./existing";
import { k3s } from "./k3s";
import type { TargetDefinition } from "./target";

/** Every kind of target. A new one is a file beside these and an entry here. */
const targets: { [K in TargetKind]: TargetDefinition<K> } = { existing, k3s, eks };

/** The target of a stack, with the inputs typed for it. */
export function targetOf(inputs: StackInputs) {
  // TypeScript does not connect the key of a record with the type of its value: each definition takes the inputs of its
  // own kind, and the key is that kind.
  const definition = targets[inputs.spec.target.kind] as TargetDefinition<TargetKind>;
  return {
    providers: () => definition.providers(inputs),
    create: (options: Parameters<typeof definition.create>[1]) => definition.create(inputs, options),
  };
}
