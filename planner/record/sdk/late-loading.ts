/**
 * Loads late what the Pulumi SDK loads at once and a plan never uses: the npm tree reader and the TypeScript compiler,
 * with which the SDK serializes functions into cloud functions. They are half of the SDK's loading time. Import this
 * before the SDK; the first use of such a module loads it.
 *
 * Relies on the requests by which the SDK's files ask for them. If one is written otherwise, plans only get slower.
 */
import { onLoad } from "./module-loader";

const heavy = new Set(["@npmcli/arborist", "../../typescript-shim"]);

function late(load: () => unknown): unknown {
  let loaded: unknown;
  const real = () => {
    loaded ??= load();
    return loaded as object;
  };
  // A function, so that the stand-in of a class can be constructed.
  return new Proxy(function standIn() {}, {
    // TypeScript's import helpers ask for these two first, and copy a module that is not marked as one.
    get: (_, key) => (key === "__esModule" ? true : key === "default" ? real() : Reflect.get(real(), key)),
    has: (_, key) => Reflect.has(real(), key),
    apply: (_, self, args) => Reflect.apply(real() as () => unknown, self, args),
    construct: (_, args) => Reflect.construct(real() as new () => object, args) as object,
  });
}

onLoad({ matches: (request, from) => heavy.has(request) && from.includes("@pulumi"), load: late });
