import { expect } from "chai";
import { eksKubeconfig } from "../../../../components/cluster/eks/kubeconfig";

describe("eksKubeconfig", () => {
  const kubeconfigOf = () =>
    JSON.parse(
      eksKubeconfig({
        name: "shop",
        endpoint: "https://example.eks.amazonaws.com",
        certificateAuthority: "Q0E=",
        region: "eu-west-1",
      }),
    );

  it("leads to the cluster and trusts its authority", () => {
    const kubeconfig = kubeconfigOf();
    expect(kubeconfig).to.include({ apiVersion: "v1", kind: "Config" });
    expect(kubeconfig.clusters).to.deep.equal([
      {
        name: "shop",
        cluster: { server: "https://example.eks.amazonaws.com", "certificate-authority-data": "Q0E=" },
      },
    ]);
    expect(kubeconfig["current-context"]).to.equal("shop");
    expect(kubeconfig.contexts).to.deep.equal([{ name: "shop", context: { cluster: "shop", user: "shop" } }]);
  });

  it("holds no credentials: the AWS CLI gets a token", () => {
    expect(kubeconfigOf().users).to.deep.equal([
      {
        name: "shop",
        user: {
          exec: {
            apiVersion: "client.authentication.k8s.io/v1beta1",
            command: "aws",
            args: ["--region", "eu-west-1", "eks", "get-token", "--cluster-name", "shop", "--output", "json"],
            interactiveMode: "Never",
          },
        },
      },
    ]);
  });
});
