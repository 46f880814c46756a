import { expect } from "chai";
import { clusterNameOf } from "../../../components/cluster/cluster-name";

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

describe("clusterNameOf", () => {
  it("follows the context, or the current one, to its cluster", () => {
    expect(clusterNameOf(kubeconfig)).to.equal("k3d-here");
    expect(clusterNameOf(kubeconfig, "there")).to.equal("kind-there");
  });

  it("falls back to the context's name, and never throws", () => {
    expect(clusterNameOf(kubeconfig, "nowhere")).to.equal("nowhere");
    expect(clusterNameOf("current-context: here")).to.equal("here");
    for (const text of ["", "~/.kube/config", "a: [", "null", "contexts:", "contexts: 3", "contexts: [null]", "- a"]) {
      expect(clusterNameOf(text), text).to.equal("existing");
      expect(clusterNameOf(text, "there"), text).to.equal("there");
    }
  });
});
