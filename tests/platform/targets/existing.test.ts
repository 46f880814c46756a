import { expect } from "chai";
import { recordedPlatform } from "../../support/platform";
import { onExisting } from "../../support/settings";

describe("target existing", () => {
  it("creates nothing on AWS, and no edge", async () => {
    const run = await recordedPlatform(onExisting);
    expect(run.resources.filter(({ type }) => /^(aws|pulumi:providers:aws)/.test(type))).to.deep.equal([]);
    expect(run.paths.filter((path) => path.startsWith("tierstack/edge"))).to.deep.equal([]);
  });

  it("admits requests from Traefik's namespace over plain HTTP, and verifies no origin", async () => {
    const run = await recordedPlatform(onExisting);
    expect(run.inputs("tierstack/app/ingress-policy").spec.ingress).to.deep.equal([
      {
        from: [{ namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": "kube-system" } } }],
        ports: [{ protocol: "TCP", port: 10080 }],
      },
    ]);
    expect(run.paths).to.not.include("tierstack/app/origin");
    expect(run.inputs("tierstack/app/gateway").data["nginx.conf"]).to.not.contain("origin_verified");
  });

  it("serves maintenance in the gateway, because there is no edge", async () => {
    const on = (await recordedPlatform({ ...onExisting, maintenance: true })).inputs("tierstack/app/gateway").data;
    expect(on).to.have.all.keys("nginx.conf", "maintenance.html");
    const off = (await recordedPlatform(onExisting)).inputs("tierstack/app/gateway").data;
    expect(off).to.have.all.keys("nginx.conf");
  });

  it("publishes through Traefik, under the domain or on this machine", async () => {
    const named = await recordedPlatform({
      ...onExisting,
      domain: "app.example.com",
    });
    expect(named.outputs.url).to.equal("http://app.example.com");
    const route = named.inputs("tierstack/app/ingress/route");
    expect(route.spec.rules[0].host).to.equal("app.example.com");
    expect(route.metadata.annotations).to.deep.equal({
      "pulumi.com/skipAwait": "true",
      "traefik.ingress.kubernetes.io/router.entrypoints": "web",
    });
    expect((await recordedPlatform(onExisting)).outputs.url).to.equal("http://localhost");
  });

  it("states what the owner of the cluster must do", async () => {
    expect((await recordedPlatform(onExisting)).outputs.nextSteps).to.deep.equal([
      "The hop from the ingress controller to the application is plain HTTP inside your cluster. Run the controller on " +
        "the same node, or encrypt the traffic between nodes.",
      "The network policy admits requests from the namespace kube-system only. Run Traefik there, or forward a port: " +
        "kubectl -n app port-forward svc/app 8080:80",
    ]);
  });

  it("names the prefixed namespace, and says what adopt does", async () => {
    const { outputs } = await recordedPlatform({ ...onExisting, namespacePrefix: "shop", adopt: true });
    expect((outputs.nextSteps as string[]).slice(1)).to.deep.equal([
      "The network policy admits requests from the namespace kube-system only. Run Traefik there, or forward a port: " +
        "kubectl -n shop-app port-forward svc/app 8080:80",
      "Objects that exist in the cluster are taken over (adopt), also those of others. Set adopt to false once they are " +
        "this stack's.",
    ]);
  });
});
