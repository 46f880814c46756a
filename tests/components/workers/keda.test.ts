import * as k8s from "@pulumi/kubernetes";
import { expect } from "chai";
import { existingNamespace } from "../../../components/namespaces/namespace";
import { Keda, kedaContainers, kedaValues } from "../../../components/workers/keda";
import { kedaSize } from "../../../tiers/capacity";
import { versions } from "../../../versions";
import { recorded } from "../../support/record";

const run = (preview = false) =>
  recorded(
    () => {
      const cluster = { provider: new k8s.Provider("kubernetes", {}) };
      new Keda("keda", { cluster, namespace: existingNamespace("keda") });
    },
    { preview },
  );

describe("Keda", () => {
  for (const preview of [false, true]) {
    it(`is one pinned Helm release in its namespace${preview ? ", in a preview too" : ""}`, async () => {
      const all = await run(preview);
      expect(all.problems).to.deep.equal([]);
      expect(all.paths).to.deep.equal(["keda", "keda/release", "kubernetes"]);
      expect(all.at("keda/release")).to.deep.include({ parent: "keda", provider: "kubernetes" });
      const { values, ...release } = all.inputs("keda/release");
      expect(release).to.deep.include({
        name: "keda",
        chart: "keda",
        version: versions.kedaChart,
        repositoryOpts: { repo: "https://kedacore.github.io/charts" },
        namespace: "keda",
        skipAwait: false,
        atomic: true,
        timeout: 600,
      });
      expect(values).to.deep.equal(kedaValues());
    });
  }

  it("requests the resources that the tiers compute with", () => {
    const parts = Object.values(kedaContainers);
    for (const key of ["cpuMillicores", "memoryMiB"] as const) {
      const asked = parts.reduce((sum, part) => sum + part[key], 0);
      expect(asked, key).to.be.at.most(3 * kedaSize[key]);
    }
  });

  it("is restricted, evictable and sized in each of its deployments", () => {
    const { resources, podSecurityContext, securityContext, podDisruptionBudget, rbac } = kedaValues() as Record<
      string,
      Record<string, unknown>
    >;
    expect(resources?.operator).to.deep.equal({
      requests: { cpu: "150m", memory: "224Mi" },
      limits: { memory: "224Mi" },
    });
    for (const part of ["operator", "metricServer", "webhooks"]) {
      expect(resources, part).to.have.property(part);
      expect(podSecurityContext?.[part], part).to.deep.equal({
        runAsNonRoot: true,
        seccompProfile: { type: "RuntimeDefault" },
      });
      expect(securityContext?.[part], part).to.deep.equal({
        allowPrivilegeEscalation: false,
        capabilities: { drop: ["ALL"] },
        readOnlyRootFilesystem: true,
        seccompProfile: { type: "RuntimeDefault" },
      });
      expect(podDisruptionBudget?.[part], part).to.deep.equal({ maxUnavailable: 1 });
    }
    expect(rbac).to.deep.equal({ enabledCustomScaledRefKinds: false });
  });
});
