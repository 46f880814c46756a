import { expect } from "chai";
import fc from "fast-check";
import {
  generalPoolSpec,
  nodeClassSpec,
  poolLimits,
  workersPoolScheduling,
  workersPoolSpec,
} from "../../../../components/cluster/eks/node-pools";
import { sizes } from "../../../../tiers/sizes";

const size = { instanceTypes: ["c7g.large", "m7g.large"], nodes: 1, maxNodes: 5 };

describe("node pools", () => {
  it("limits a pool to maxNodes of its largest type", () => {
    expect(poolLimits({ instanceTypes: ["t4g.medium"], maxNodes: 3 })).to.deep.equal({ cpu: "6", memory: "12Gi" });
    // 2 vCPU and 16 GiB beside 4 vCPU and 8 GiB: the most of each.
    expect(poolLimits({ instanceTypes: ["r7g.large", "c7g.xlarge"], maxNodes: 2 })).to.deep.equal({
      cpu: "8",
      memory: "32Gi",
    });
  });

  it("never limits a pool of one type below maxNodes of it, whatever the others are", () => {
    const types = fc.uniqueArray(fc.constantFrom(...sizes.instanceTypes), { minLength: 1, maxLength: 5 });
    fc.assert(
      fc.property(types, fc.integer({ min: 1, max: 100 }), (instanceTypes, maxNodes) => {
        const { cpu, memory } = poolLimits({ instanceTypes, maxNodes });
        expect(memory).to.match(/^\d+(\.\d+)?Gi$/);
        for (const type of instanceTypes) {
          const node = sizes.instance(type);
          expect(Number(cpu)).to.be.at.least((node?.vcpu ?? Number.NaN) * maxNodes);
          expect(Number.parseFloat(memory)).to.be.at.least((node?.memoryGiB ?? Number.NaN) * maxNodes);
        }
      }),
    );
  });

  it("refuses a type whose size nobody knows", () => {
    expect(() => poolLimits({ instanceTypes: ["x9z.huge"], maxNodes: 1 })).to.throw(
      /^nodes\.instanceTypes: given "x9z\.huge"; allowed: t4g\.nano, .*; fix: choose a size .* or add x9z\.huge there/,
    );
  });

  it("makes the general pool on demand, arm64, of exactly the types given", () => {
    expect(generalPoolSpec(size)).to.deep.equal({
      template: {
        metadata: { labels: { "tierstack.dev/pool": "general" } },
        spec: {
          nodeClassRef: { group: "eks.amazonaws.com", kind: "NodeClass", name: "nodes" },
          requirements: [
            { key: "kubernetes.io/arch", operator: "In", values: ["arm64"] },
            { key: "karpenter.sh/capacity-type", operator: "In", values: ["on-demand"] },
            { key: "node.kubernetes.io/instance-type", operator: "In", values: ["c7g.large", "m7g.large"] },
          ],
          expireAfter: "336h",
        },
      },
      limits: { cpu: "10", memory: "40Gi" },
      disruption: {
        consolidationPolicy: "WhenEmptyOrUnderutilized",
        consolidateAfter: "5m",
        budgets: [{ nodes: "10%" }],
      },
    });
  });

  it("makes the workers' pool spot with on-demand as its fall-back, and tainted, and lets only what tolerates it in", () => {
    const { spec, metadata } = workersPoolSpec(size).template;
    const [taint] = spec.taints ?? [];
    expect(spec.taints).to.deep.equal([{ key: "tierstack.dev/workers", value: "true", effect: "NoSchedule" }]);
    expect(spec.requirements[1]).to.deep.equal({
      key: "karpenter.sh/capacity-type",
      operator: "In",
      values: ["spot", "on-demand"],
    });
    expect(workersPoolScheduling.onDemandSelector).to.deep.equal({ "karpenter.sh/capacity-type": "on-demand" });
    expect(workersPoolScheduling.nodeSelector).to.deep.equal(metadata.labels);
    expect(workersPoolScheduling.tolerations).to.deep.equal([{ ...taint, operator: "Equal" }]);
  });

  it("makes nodes of the subnets, with public addresses where those are public", () => {
    const args = { role: "role", subnetIds: ["subnet-a", "subnet-b"], securityGroupId: "sg-cluster" };
    expect(nodeClassSpec({ ...args, publicNodes: true })).to.deep.equal({
      role: "role",
      subnetSelectorTerms: [{ id: "subnet-a" }, { id: "subnet-b" }],
      securityGroupSelectorTerms: [{ id: "sg-cluster" }],
      advancedNetworking: { associatePublicIPAddress: true },
      networkPolicy: "DefaultAllow",
      ephemeralStorage: { size: "20Gi" },
    });
    const { advancedNetworking } = nodeClassSpec({ ...args, publicNodes: false });
    expect(advancedNetworking).to.deep.equal({ associatePublicIPAddress: false });
  });
});
