import * as k8s from "@pulumi/kubernetes";
import { expect } from "chai";
import { priorityClasses, priorityClassName, roles } from "../../../components/priorities/classes";
import { Priorities } from "../../../components/priorities/priorities";
import { priorities } from "../../../components/workers/queue";
import { recorded } from "../../support/record";

const run = (namePrefix?: string, agents = true) =>
  recorded(() => {
    const provider = new k8s.Provider("kubernetes", {});
    const {
      stores,
      pooler,
      agents: nodes,
      application,
      workers,
    } = new Priorities("priorities", {
      cluster: { provider },
      agents,
      ...(namePrefix !== undefined && { namePrefix }),
    });
    return { stores, pooler, ...(nodes && { agents: nodes }), application, workers };
  });

describe("Priorities", () => {
  it("are a class of the cluster for each role", async () => {
    const all = await run();
    expect(all.problems).to.deep.equal([]);
    const classes = all.ofType("kubernetes:scheduling.k8s.io/v1:PriorityClass");
    expect(classes.map(({ path }) => path).sort()).to.deep.equal(roles.map((role) => `priorities/${role}`).sort());
    expect(all.inputs("priorities/workers-low")).to.deep.equal({
      apiVersion: "scheduling.k8s.io/v1",
      kind: "PriorityClass",
      metadata: {
        name: "tierstack-workers-low",
        labels: {
          "app.kubernetes.io/name": "tierstack-workers-low",
          "app.kubernetes.io/part-of": "tierstack",
          "app.kubernetes.io/component": "priorities",
          "app.kubernetes.io/managed-by": "pulumi",
        },
      },
      globalDefault: false,
      value: -10,
      preemptionPolicy: "Never",
      description: "Workers of queues that may wait",
    });
    for (const path of classes.map(({ path }) => path))
      expect(all.at(path)).to.include({ parent: "priorities", provider: "kubernetes" });
  });

  it("order stores, pooler, agents, application and workers, and let the first four take the place of what comes after", async () => {
    const all = await run();
    const order = roles.map((role) => {
      const { value, preemptionPolicy } = all.inputs(`priorities/${role}`);
      return [role, value, preemptionPolicy];
    });
    expect(order).to.deep.equal([
      ["stores", 2000, "PreemptLowerPriority"],
      ["pooler", 1000, "PreemptLowerPriority"],
      ["agents", 500, "PreemptLowerPriority"],
      ["application", 0, "PreemptLowerPriority"],
      ["workers-high", -1, "Never"],
      ["workers-normal", -5, "Never"],
      ["workers-low", -10, "Never"],
    ]);
    const values = Object.values(priorityClasses).map(({ value }) => value);
    expect(values).to.deep.equal([...values].sort((a, b) => b - a));
    expect(new Set(values)).to.have.property("size", values.length);
  });

  it("have none for agents where there are none", async () => {
    const all = await run(undefined, false);
    expect(all.paths).to.include("priorities/application").and.not.include("priorities/agents");
    expect(all.outputs).to.not.have.property("agents");
  });

  it("have names of the product, never of the system, with a prefix of the stack", async () => {
    const workers = Object.fromEntries(priorities.map((priority) => [priority, `tierstack-workers-${priority}`]));
    expect((await run()).outputs).to.deep.equal({
      stores: "tierstack-stores",
      pooler: "tierstack-pooler",
      agents: "tierstack-agents",
      application: "tierstack-application",
      workers,
    });
    const { outputs } = await run("shop");
    expect([outputs.stores, outputs.application]).to.deep.equal([
      "shop-tierstack-stores",
      "shop-tierstack-application",
    ]);
    expect(priorityClassName("pooler", "shop")).to.equal("shop-tierstack-pooler");
  });
});
