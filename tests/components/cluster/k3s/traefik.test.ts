import { expect } from "chai";
import { parse } from "yaml";
import { traefikConfig } from "../../../../components/cluster/k3s/traefik";

describe("Traefik's configuration", () => {
  const values = (args: Parameters<typeof traefikConfig>[0]) => {
    const { kind, metadata, spec } = parse(traefikConfig(args));
    expect({ kind, metadata }).to.deep.equal({
      kind: "HelmChartConfig",
      metadata: { name: "traefik", namespace: "kube-system" },
    });
    return parse(spec.valuesContent);
  };

  it("without a domain only trusts the forwarded headers that come through ServiceLB", () => {
    expect(values({ certificates: false, email: "a@example.com" })).to.deep.equal({
      additionalArguments: ["--entrypoints.web.forwardedheaders.trustedips=10.42.0.0/16"],
    });
  });

  it("with a domain gets certificates by the HTTP challenge and keeps them", () => {
    expect(values({ certificates: true, email: "a@example.com" })).to.deep.equal({
      additionalArguments: [
        "--entrypoints.web.forwardedheaders.trustedips=10.42.0.0/16",
        "--entrypoints.websecure.forwardedheaders.trustedips=10.42.0.0/16",
        "--certificatesresolvers.le.acme.httpchallenge.entrypoint=web",
        "--certificatesresolvers.le.acme.storage=/data/acme.json",
        "--certificatesresolvers.le.acme.email=a@example.com",
      ],
      persistence: { enabled: true },
    });
    expect(values({ certificates: true }).additionalArguments.join()).not.to.contain("email");
  });
});
