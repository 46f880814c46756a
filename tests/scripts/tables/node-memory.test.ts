import { expect } from "chai";
import { nodeMemory, nodeMemoryTable } from "../../../scripts/tables/node-memory";
import { swapMiB } from "../../../tiers/k3s-memory";

describe("table of the node's memory", () => {
  const memory = nodeMemory();

  it("adds up", () => {
    expect(memory).to.deep.equal({
      product: 992,
      pods: 1212,
      allocatable: 1344,
      beside: 1150,
      reported: 1904,
      swapped: 590,
      swappedByProfile: 1112,
    });
  });

  it("fits: pods in what the kubelet allows them, the rest in the reserve and swap", () => {
    expect(memory.pods).to.be.at.most(memory.allocatable);
    expect(memory.swapped).to.be.at.most(swapMiB);
    expect(memory.swappedByProfile).to.be.at.most(swapMiB);
  });

  it("shows each part with its basis", () => {
    const rows = nodeMemoryTable().split("\n");
    expect(rows).to.include("| CoreDNS and metrics-server | 140 | requests in k3s's manifests |");
    expect(rows).to.include("| **beside the pods** | **1150** | 560 in memory, 590 in swap |");
    expect(rows).to.include("| the same with k3s's published profile | 1672 | 560 in memory, 1112 in swap |");
    expect(rows.filter((row) => row.includes("estimate"))).to.have.length(4);
  });
});
