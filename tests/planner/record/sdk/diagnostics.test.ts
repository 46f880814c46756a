import { expect } from "chai";
import { record } from "../../../../planner/record/record";
import { withoutDiagnostics } from "../../../../planner/record/sdk/diagnostics";
import { holds, listen, type Pulumi, resource } from "./support";

type Notes = Record<string, (...args: unknown[]) => unknown>;

const pulumi = () => require("@pulumi/pulumi") as Pulumi;
const resourceClass = () => pulumi().Resource as unknown as Notes;
const debuggable = () => require("@pulumi/pulumi/runtime/debuggable") as Notes;

/** How often a program of one resource calls a function of the SDK, while something runs it. */
async function calls(owner: Notes, name: string, running: (run: () => Promise<unknown>) => Promise<unknown>) {
  const own = owner[name];
  let count = 0;
  owner[name] = function (this: unknown, ...args) {
    count++;
    return own?.apply(this, args);
  };
  try {
    await running(() => listen((sdk) => void resource(sdk, "thing", {})));
  } finally {
    owner[name] = own as Notes[string];
  }
  return count;
}

const plainly = (run: () => Promise<unknown>) => run();

describe("the SDK's diagnostics", () => {
  const look = "Resource in node_modules/@pulumi/pulumi/resource.js, and runtime/debuggable.js";
  const relies = "planner/record/sdk/diagnostics.ts replaces it, or plans get twice as slow";

  holds(
    "a resource takes its stack trace with Resource.stackTrace()",
    "@pulumi/pulumi",
    { says: "no longer takes stack traces of resources with Resource.stackTrace()", relies, look },
    async () => {
      // One of the stack itself, and one of the resource.
      expect(await calls(resourceClass(), "stackTrace", plainly)).to.equal(2);
      expect(await calls(resourceClass(), "stackTrace", withoutDiagnostics)).to.equal(0);
    },
  );

  holds(
    "promises are noted with debuggablePromise()",
    "@pulumi/pulumi",
    { says: "no longer notes promises with debuggablePromise() of runtime/debuggable", relies, look },
    async () => {
      expect(await calls(debuggable(), "debuggablePromise", plainly)).to.be.above(2);
      expect(await calls(debuggable(), "debuggablePromise", withoutDiagnostics)).to.equal(0);
    },
  );

  it("are left out while a program is recorded, and there again after it, also where it fails", async () => {
    const now = () => [Error.stackTraceLimit, resourceClass().stackTrace, debuggable().debuggablePromise];
    const before = now();
    const run = { project: "p", stack: "s" };
    let within: unknown[] = [];
    await record(() => {
      within = now();
    }, run);
    expect(within[0]).to.equal(0);
    expect(within[1]).to.not.equal(before[1]);
    expect(within[2]).to.not.equal(before[2]);
    expect(now()).to.deep.equal(before);
    const failing = () => {
      throw new (pulumi().RunError)("not so");
    };
    expect(await record(failing, run).catch((error: Error) => error.message)).to.equal("not so");
    expect(now()).to.deep.equal(before);
  });

  it("are there where the program has a defect, so that the error says where", async () => {
    const failing = () => {
      throw new TypeError("a defect");
    };
    const told = await record(failing, { project: "p", stack: "s" }).catch((error: Error) => error.stack);
    expect(told).to.match(/^TypeError: a defect\n {4}at failing \(.*diagnostics\.test\.ts:/);
  });
});
