import { expect } from "chai";
import { parse } from "yaml";
import { kubeconfig } from "../../../../components/cluster/k3s/kubeconfig";

describe("kubeconfig", () => {
  it("has everything in it", () => {
    const text = kubeconfig({
      name: "shop",
      server: "https://203.0.113.10:6443",
      serverCaCertificate: "authority\n",
      clientCertificate: "certificate\n",
      clientKey: "key\n",
    });
    expect(parse(text)).to.deep.equal({
      apiVersion: "v1",
      kind: "Config",
      clusters: [
        {
          name: "shop",
          cluster: { server: "https://203.0.113.10:6443", "certificate-authority-data": "YXV0aG9yaXR5Cg==" },
        },
      ],
      users: [{ name: "shop", user: { "client-certificate-data": "Y2VydGlmaWNhdGUK", "client-key-data": "a2V5Cg==" } }],
      contexts: [{ name: "shop", context: { cluster: "shop", user: "shop" } }],
      "current-context": "shop",
    });
  });
});
