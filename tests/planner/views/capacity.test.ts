import { expect } from "chai";
import { limitText, sourceText } from "../../../planner/views/capacity";
import { plan } from "./support";

describe("capacity in the views", () => {
  it("names the resource that is first at its limit, and what raises it", () => {
    const bottleneck = { ...plan.capacity.bottleneck, raisedBy: ["nodes.maxNodes", "nodes.instanceTypes"] };
    expect(limitText({ ...plan.capacity, bottleneck })).to.equal(
      "first at its limit: CPU of the application (app/deployment); raised by nodes.maxNodes, nodes.instanceTypes",
    );
  });

  it("says from where the coefficients are", () => {
    const measured = { file: "result.json", date: "2026-11-20", points: 9, residual: 0.02, fitted: ["readCpuMs"] };
    expect(sourceText(plan.capacity)).to.equal("not measured");
    expect(sourceText({ ...plan.capacity, measured })).to.equal("fitted from result.json: database; the rest assumed");
    const fitted = ["connectionsKappa", "queryHoldMs", "applicationCpuMs", "thinkSeconds"];
    expect(sourceText({ ...plan.capacity, measured: { ...measured, fitted } })).to.equal(
      "fitted from result.json: connections, application, thinkSeconds; the rest assumed",
    );
  });
});
