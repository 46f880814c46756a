import { expect } from "chai";
import { endOf, scheduleEnd } from "../../../ops/kube/ender";
import { Refused } from "../../../ops/kube/kube";
import type { Range } from "../../../ops/kube/scaling";
import { worldOf } from "../world";

const ending = { untilMs: Date.UTC(2026, 10, 29, 20, 30), pods: 5, before: 1 };
const range: Range = {
  path: "/apis/keda.sh/v1alpha1/namespaces/app/scaledobjects/worker-mail",
  field: "minReplicaCount",
  deployment: "worker-mail",
  least: 1,
  most: 9,
  replicas: undefined,
  annotations: {},
};

/** What is applied, by path. */
async function appliedFor(one: Range) {
  const applied = new Map<string, Record<string, never>>();
  const apply = async (path: string, object: unknown) => {
    applied.set(path, object as Record<string, never>);
    return { metadata: { uid: "of the CronJob" } } as never;
  };
  await scheduleEnd(worldOf({ kube: { apply } }), one, ending);
  return applied;
}

describe("the end of a raised minimum", () => {
  it("is a full minute, and far enough for its CronJob to be there", () => {
    const minute = 60_000;
    expect(endOf(10 * minute, 3600)).to.equal(70 * minute);
    expect(endOf(10 * minute + 1, 3600)).to.equal(71 * minute);
    expect(endOf(10 * minute + 1, 1)).to.equal(12 * minute);
  });

  it("is a CronJob that comes once, with all that it needs as its own", async () => {
    const applied = await appliedFor(range);
    const [[path, job] = [], ...rest] = applied;
    expect(path).to.equal("/apis/batch/v1/namespaces/app/cronjobs/end-worker-mail");
    expect(job).to.have.nested.property("spec.schedule", "30 20 29 11 *");
    expect(rest).to.have.length(4);
    for (const [, object] of rest)
      expect(object).to.have.deep.nested.property("metadata.ownerReferences", [
        { apiVersion: "batch/v1", kind: "CronJob", name: "end-worker-mail", uid: "of the CronJob" },
      ]);
  });

  it("has rights on the one autoscaler, of KEDA too, and on itself; and reaches API servers alone", async () => {
    const applied = [...(await appliedFor(range)).values()];
    const of = (kind: string) => applied.find((one) => one.kind === (kind as never));
    expect(of("Role")).to.have.deep.property("rules", [
      { apiGroups: ["keda.sh"], resources: ["scaledobjects"], resourceNames: ["worker-mail"], verbs: ["patch"] },
      { apiGroups: ["batch"], resources: ["cronjobs"], resourceNames: ["end-worker-mail"], verbs: ["delete"] },
    ]);
    expect(of("NetworkPolicy")).to.have.deep.property("spec", {
      podSelector: {
        matchLabels: { "app.kubernetes.io/name": "end-worker-mail", "app.kubernetes.io/part-of": "tierstack" },
      },
      policyTypes: ["Ingress", "Egress"],
      egress: [
        {
          to: [{ ipBlock: { cidr: "0.0.0.0/0", except: ["169.254.0.0/16"] } }],
          ports: [443, 6443].map((port) => ({ protocol: "TCP", port })),
        },
      ],
    });
  });

  it("has a name that a CronJob may have, for the longest queue", async () => {
    const applied = await appliedFor({ ...range, deployment: `worker-${"q".repeat(40)}` });
    const [path = ""] = applied.keys();
    expect(path.split("/").at(-1)?.length).to.be.at.most(52);
  });

  it("says what to do where the user may not create it, and leaves nothing", async () => {
    const removed: string[] = [];
    const kube = {
      apply: () => Promise.reject(new Refused(403, "roles is forbidden")),
      remove: async (path: string) => {
        removed.push(path);
      },
    };
    const message = await scheduleEnd(worldOf({ kube }), range, ending).catch((error: Error) => error.message);
    expect(message).to.equal(
      "--for: given rights without those that its end needs (roles is forbidden); allowed: rights to create a CronJob, a " +
        "ServiceAccount, a Role, its binding and a NetworkPolicy; fix: ask for them, or leave out --for and put the minimum " +
        "back yourself",
    );
    expect(removed).to.deep.equal(["/apis/batch/v1/namespaces/app/cronjobs/end-worker-mail"]);
  });
});
