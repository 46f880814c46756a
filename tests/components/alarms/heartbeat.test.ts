import { expect } from "chai";
import { Heartbeat } from "../../../components/alarms/heartbeat";
import type { IamStatement } from "../../../components/identity/policy";
import { recorded } from "../../support/record";

describe("Heartbeat", () => {
  const run = (preview = false) =>
    recorded(
      () => {
        const { statement, region } = new Heartbeat("heartbeat", { region: "eu-west-1" });
        return { statement, region };
      },
      { preview },
    );

  it("is a topic without subscribers, to which a role is to publish and no more", async () => {
    const all = await run();
    expect(all.problems).to.deep.equal([]);
    expect(all.paths).to.deep.equal(["heartbeat", "heartbeat/topic"]);
    const { statement, region } = all.outputs as { statement: IamStatement; region: string };
    expect(statement).to.include({ Effect: "Allow", Action: "sns:Publish" });
    expect(statement.Resource).to.match(/^arn:aws:sns:[^*]+$/);
    expect(region).to.equal("eu-west-1");
    expect((await run(true)).paths).to.deep.equal(all.paths);
  });
});
