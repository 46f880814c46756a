import { expect } from "chai";
import { Heartbeat } from "../../../components/alarms/heartbeat";
import { recorded } from "../../support/record";

describe("Heartbeat", () => {
  const run = (preview = false) =>
    recorded(
      () => {
        const args = { clusterName: "shop", region: "eu-west-1", namespace: { name: "observability" } };
        new Heartbeat("heartbeat", { ...args, serviceAccounts: ["monitor"] });
        return {};
      },
      { preview },
    );

  it("is a topic without subscribers, and a role that may publish to it and nothing else", async () => {
    const all = await run();
    expect(all.problems).to.deep.equal([]);
    expect(all.paths).to.deep.equal([
      "heartbeat",
      "heartbeat/identity",
      "heartbeat/identity/monitor",
      "heartbeat/identity/policy",
      "heartbeat/identity/role",
      "heartbeat/topic",
    ]);
    const { Statement } = JSON.parse(all.inputs("heartbeat/identity/policy").policy);
    expect(Statement).to.have.length(1);
    expect(Statement[0]).to.include({ Effect: "Allow", Action: "sns:Publish" });
    expect(Statement[0].Resource).to.match(/^arn:aws:sns:[^*]+$/);
    expect(all.inputs("heartbeat/identity/role").description).to.equal("The heartbeat of Alertmanager");
    expect((await run(true)).paths).to.deep.equal(all.paths);
  });

  it("gives the role to the one service account", async () => {
    const { namespace, serviceAccount } = (await run()).inputs("heartbeat/identity/monitor");
    expect({ namespace, serviceAccount }).to.deep.equal({ namespace: "observability", serviceAccount: "monitor" });
  });
});
