import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { expect } from "chai";
import { TraefikIngress, type TraefikIngressArgs } from "../../../../components/app/ingress/traefik";
import { existingNamespace } from "../../../../components/namespaces/namespace";
import { recorded } from "../../../support/record";

function run(given: Partial<TraefikIngressArgs> = {}, preview = false) {
  return recorded(
    () => {
      const provider = new k8s.Provider("kubernetes", {});
      new TraefikIngress("ingress", { cluster: { provider }, namespace: existingNamespace("app"), ...given });
    },
    { preview },
  );
}

const paths = [{ path: "/", pathType: "Prefix", backend: { service: { name: "app", port: { name: "http" } } } }];

describe("TraefikIngress", () => {
  it("accepts plain HTTP for any host", async () => {
    const all = await run();
    expect(all.problems).to.deep.equal([]);
    expect(all.paths).to.deep.equal(["ingress", "ingress/route", "kubernetes"]);
    const { metadata, spec } = all.inputs("ingress/route");
    expect(metadata).to.deep.include({
      name: "app",
      namespace: "app",
      annotations: { "pulumi.com/skipAwait": "true", "traefik.ingress.kubernetes.io/router.entrypoints": "web" },
    });
    expect(spec).to.deep.equal({ ingressClassName: "traefik", rules: [{ http: { paths } }] });
    expect(all.at("ingress/route").provider).to.equal("kubernetes");
  });

  it("accepts TLS with a resolver for the host's certificate", async () => {
    const { metadata, spec } = (await run({ host: "app.example.com", certificateResolver: "letsencrypt" })).inputs(
      "ingress/route",
    );
    expect(metadata.annotations).to.deep.equal({
      "pulumi.com/skipAwait": "true",
      "traefik.ingress.kubernetes.io/router.entrypoints": "websecure",
      "traefik.ingress.kubernetes.io/router.tls": "true",
      "traefik.ingress.kubernetes.io/router.tls.certresolver": "letsencrypt",
    });
    expect(spec.rules).to.deep.equal([{ host: "app.example.com", http: { paths } }]);
  });

  it("rejects a resolver without a host", async () => {
    const failure = await run({ certificateResolver: "letsencrypt" }).then(
      () => undefined,
      (error) => error,
    );
    expect(pulumi.ResourceError.isInstance(failure)).to.equal(true);
    expect(failure.message).to.contain("without a host");
  });

  it("runs in a preview", async () => {
    expect((await run({}, true)).problems).to.deep.equal([]);
  });
});
