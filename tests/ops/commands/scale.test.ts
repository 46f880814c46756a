import { expect } from "chai";
import { runOn } from "../world";

const path = "/apis/autoscaling/v2/namespaces/app/horizontalpodautoscalers/app";

/** An API server with the autoscaler of the application, and what it is asked to change. */
function autoscaler(least: number, annotations: Record<string, string> = {}) {
  const patches: unknown[] = [];
  const object = {
    metadata: { name: "app", annotations, managedFields: [] },
    spec: { minReplicas: least, maxReplicas: 10, scaleTargetRef: { name: "app" } },
    status: { currentReplicas: 8 },
  };
  const kube = {
    list: async (asked: string) => (`${asked}/app` === path ? [object] : []) as never,
    get: async () => object as never,
    remove: async () => undefined,
    patch: async (asked: string, type: string, body: unknown) => {
      expect(asked).to.equal(path);
      if (type === "merge") patches.push(body);
      return object as never;
    },
  };
  return { kube, patches };
}

const raisedTo = (to: number, from = 2) => ({
  "tierstack.dev/minimum-before": String(from),
  "tierstack.dev/minimum-raised": String(to),
});

describe("ops scale", () => {
  it("never lowers the stack's minimum", async () => {
    const { kube, patches } = autoscaler(5);
    const { code, stdout, stderr } = await runOn({ kube }, "scale", "app", "4", "--for", "2h");
    expect([code, stdout, stderr, patches]).to.deep.equal([
      2,
      "",
      "scale app: given 4; allowed: 5 to 10: scale never lowers a minimum; fix: lower minReplicas in the stack's file and run " +
        "pulumi up\n",
      [],
    ]);
  });

  it("never lowers a minimum that it has raised, and says how to put the stack's back", async () => {
    const { kube, patches } = autoscaler(8, raisedTo(8));
    const { code, stderr } = await runOn({ kube }, "scale", "app", "7");
    expect([code, stderr, patches]).to.deep.equal([
      2,
      "scale app: given 7; allowed: 8 to 10: scale never lowers a minimum; fix: npm run ops -- scale app off puts the stack's 2 " +
        "back\n",
      [],
    ]);
  });

  it("has nothing to raise where the stack's minimum is as high", async () => {
    const { kube, patches } = autoscaler(5);
    const { code, stdout } = await runOn({ kube, agrees: false }, "scale", "app", "5");
    expect([code, stdout, patches]).to.deep.equal([0, "app: the minimum is the stack's, 5; nothing to raise\n", []]);
  });

  it("keeps the stack's minimum when it raises a raised one further", async () => {
    const { kube, patches } = autoscaler(5, raisedTo(5));
    expect((await runOn({ kube }, "scale", "app", "9")).code).to.equal(0);
    expect(patches).to.deep.equal([
      { metadata: { annotations: { ...raisedTo(9), "tierstack.dev/minimum-until": null } }, spec: { minReplicas: 9 } },
    ]);
  });

  it("puts back what it raised", async () => {
    const { kube, patches } = autoscaler(9, raisedTo(9));
    expect((await runOn({ kube }, "scale", "app", "off")).code).to.equal(0);
    const annotations = Object.fromEntries(
      ["before", "raised", "until"].map((name) => [`tierstack.dev/minimum-${name}`, null]),
    );
    expect(patches).to.deep.equal([{ metadata: { annotations }, spec: { minReplicas: 2 } }]);
  });

  it("leaves a minimum that a pulumi up has set since", async () => {
    const { kube, patches } = autoscaler(4, raisedTo(9));
    expect((await runOn({ kube }, "scale", "app", "off")).stdout).to.equal(
      "app: the minimum is the stack's, 4; nothing to put back\n",
    );
    expect((await runOn({ kube }, "scale", "app", "6")).code).to.equal(0);
    expect(patches).to.deep.equal([
      {
        metadata: { annotations: { ...raisedTo(6, 4), "tierstack.dev/minimum-until": null } },
        spec: { minReplicas: 6 },
      },
    ]);
  });
});
