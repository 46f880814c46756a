import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { expect } from "chai";
import { ExistingCluster, type ExistingClusterArgs } from "../../../components/cluster/existing";
import { type Recorded, recorded, Secret } from "../../support/record";

const kubeconfig = `
apiVersion: v1
kind: Config
current-context: here
contexts:
  - name: here
    context: { cluster: k3d-here, user: me }
  - name: there
    context: { cluster: kind-there, user: me }
`;

function existing(args: Partial<ExistingClusterArgs> = {}, options = {}): Promise<Recorded> {
  return recorded(() => {
    const cluster = new ExistingCluster("cluster", { kubeconfig, ...args });
    const { provider, clusterName, workerScheduling, storageClass = "none" } = cluster;
    new k8s.core.v1.Namespace("namespace", { metadata: { name: "app" } }, { provider });
    return {
      kubeconfig: cluster.kubeconfig,
      clusterName,
      workerScheduling,
      storageClass,
    };
  }, options);
}

describe("ExistingCluster", () => {
  it("makes a provider and nothing else", async () => {
    const run = await existing();
    expect(run.problems).to.deep.equal([]);
    expect(run.paths).to.deep.equal(["cluster", "cluster/provider", "namespace"]);
    expect(run.at("cluster").type).to.equal("tierstack:cluster:Existing");
    expect(run.at("cluster/provider").parent).to.equal("cluster");
    expect(run.at("namespace").provider).to.equal("cluster/provider");
    expect(run.inputs("cluster/provider")).to.deep.equal({
      kubeconfig,
      enableServerSideApply: "true",
      upsertExistingObjects: "false",
      enablePatchForce: "false",
      enableConfigMapMutable: "true",
      enableSecretMutable: "true",
    });
  });

  it("takes over what exists only if it is asked to", async () => {
    const run = await existing({ adopt: true });
    expect(run.inputs("cluster/provider")).to.include({ upsertExistingObjects: "true", enablePatchForce: "true" });
  });

  it("keeps the kubeconfig secret, and the cluster's name not", async () => {
    const run = await existing();
    expect(run.at("cluster/provider").inputs.kubeconfig).to.be.instanceOf(Secret);
    expect(run.outputs.kubeconfig).to.be.instanceOf(Secret);
    expect(run.outputs.clusterName).to.equal("k3d-here");
  });

  it("runs pods of every kind on any node", async () => {
    const { outputs } = await existing();
    expect(outputs).to.deep.include({
      workerScheduling: { nodeSelector: {}, tolerations: [] },
      storageClass: "none",
    });
  });

  it("takes a context and a storage class", async () => {
    const run = await existing({ context: "there", storageClass: "fast" });
    expect(run.inputs("cluster/provider").context).to.equal("there");
    expect(run.outputs).to.deep.include({ clusterName: "kind-there", storageClass: "fast" });
  });

  it("also runs with a kubeconfig that is not known yet, in a preview", async () => {
    const run = await existing({ kubeconfig: pulumi.secret(kubeconfig) }, { preview: true });
    expect(run.problems).to.deep.equal([]);
    expect(run.paths).to.deep.equal(["cluster", "cluster/provider", "namespace"]);
  });
});
