import { expect } from "chai";
import type { SettingsInput } from "../../config/schema";
import { nextSteps } from "../../platform/next-steps";
import { resolveSpec } from "../../tiers/resolve";
import { onAws, onExisting, settingsOf } from "../support/settings";

const steps = (input: SettingsInput) => {
  const settings = settingsOf(input);
  return nextSteps({ project: "tierstack", stack: "test", settings, spec: resolveSpec(settings) });
};

/** The sentences that begin so. */
const about = (input: SettingsInput, ...beginnings: string[]) =>
  beginnings.filter((beginning) => steps(input).some((step) => step.startsWith(beginning)));

const copying = "Data is not copied by itself";
const plainHttp = "CloudFront reaches the node over plain HTTP";
const volume = "The k3s data volume and its certificate authorities stay";
const inside = "Requests from an ingress controller to the application are plain HTTP";
const maintenance = "Maintenance is on";
const all = [copying, plainHttp, volume, inside, maintenance];

describe("next steps", () => {
  it("say at Startup that the data is not copied, and nowhere else", () => {
    expect(about({ ...onAws, tier: "startup" }, ...all)).to.deep.equal([copying]);
    expect(about({ ...onAws, tier: "startup", keep: { clusterStores: false } }, ...all)).to.deep.equal([]);
    expect(about({ ...onAws, tier: "mvp" }, ...all)).to.deep.equal([]);
  });

  it("name the one hop without TLS, where there is no domain", () => {
    const { domain: _, hostedZoneId: __, ...without } = onAws;
    expect(about({ ...without, tier: "mvp" }, ...all)).to.deep.equal([plainHttp]);
    expect(about({ ...without, tier: "startup" }, ...all)).to.deep.equal([copying, plainHttp]);
  });

  it("tell what stays after the move to EKS", () => {
    expect(about({ ...onAws, tier: "growth" }, ...all)).to.deep.equal([volume]);
    expect(about({ ...onAws, tier: "scale", keep: { nodeState: false } }, ...all)).to.deep.equal([]);
  });

  it("tell of an existing cluster's own hops, and of maintenance", () => {
    expect(about({ ...onExisting, maintenance: true }, ...all)).to.deep.equal([inside, maintenance]);
  });

  it("tell on an existing cluster where its Traefik has to be", () => {
    expect(steps(onExisting)).to.include(
      "Reach the application through a Traefik in kube-system, the one namespace that its network policy admits, or " +
        "with: kubectl -n app port-forward svc/app 8080:80",
    );
  });
});
