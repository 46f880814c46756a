/**
 * Loads late what the Pulumi SDK loads at once and a plan never uses: the npm tree reader and the TypeScript compiler,
 * with which the SDK serializes functions into cloud functions. They are half of the SDK's loading time. Import this
 * before the SDK; what is asked of the modules after all loads them then.
 */
import Module from "node:module";

type Loader = (
  this: unknown,
  request: string,
  parent: { filename?: string } | undefined,
  ...rest: unknown[]
) => unknown;

const heavy = new Set(["@npmcli/arborist", "../../typescript-shim", "../typescript-shim"]);

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

const loader = Module as unknown as { _load: Loader };
const load = loader._load;
loader._load = function (request, parent, ...rest) {
  const now = () => load.call(this, request, parent, ...rest);
  const bySdk = heavy.has(request) && parent?.filename?.includes("@pulumi");
  return bySdk ? late(now) : now();
};
