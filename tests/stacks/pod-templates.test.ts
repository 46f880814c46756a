import { expect } from "chai";
import { workloadsOf } from "../support/network/workloads";
import type { KubernetesObject } from "../support/objects";
import { podTemplatesOf } from "../support/pod-templates";

describe("pod templates", () => {
  const template = { metadata: { labels: { app: "a" }, annotations: { note: "n" } }, spec: { containers: [] } };
  const made = (kind: string, spec: object): KubernetesObject => ({
    apiVersion: "v1",
    kind,
    metadata: { name: "a", namespace: "shop", labels: { owner: "o" } },
    spec,
  });
  const pod = { metadata: { generateName: "a-", namespace: "shop", ...template.metadata }, spec: template.spec };

  for (const kind of ["DaemonSet", "Deployment", "Job", "ReplicaSet", "StatefulSet"])
    it(`of a ${kind}`, () => {
      expect(podTemplatesOf(made(kind, { template }))).to.deep.equal([pod]);
    });

  it("of a CronJob", () => {
    expect(podTemplatesOf(made("CronJob", { jobTemplate: { spec: { template } } }))).to.deep.equal([pod]);
  });

  it("of a Pod, without what the server set", () => {
    const server = { ...made("Pod", template.spec), status: {} };
    Object.assign(server.metadata, { uid: "5f2b6a1e" });
    expect(podTemplatesOf(server)).to.deep.equal([
      { metadata: { name: "a", namespace: "shop", labels: { owner: "o" } }, spec: template.spec },
    ]);
  });

  it("are none of other kinds", () => {
    expect(podTemplatesOf(made("NodePool", { template }))).to.deep.equal([]);
  });

  it("make workloads, with the ports of the containers that stay", () => {
    const spec = {
      template: {
        metadata: {},
        spec: {
          containers: [{ ports: [{ name: "http", containerPort: 80 }] }, {}],
          initContainers: [
            { ports: [{ containerPort: 1 }] },
            { restartPolicy: "Always", ports: [{ containerPort: 9000 }] },
          ],
        },
      },
    };
    const owned = made("ReplicaSet", spec);
    Object.assign(owned.metadata, { ownerReferences: [{ kind: "Deployment", name: "a" }] });
    expect(workloadsOf([made("Deployment", spec), owned])).to.deep.equal([
      {
        name: "a",
        namespace: "shop",
        labels: {},
        containerPorts: [{ name: "http", containerPort: 80 }, { containerPort: 9000 }],
      },
    ]);
  });
});
