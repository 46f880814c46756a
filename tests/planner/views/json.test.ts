import { expect } from "chai";
import { jsonView } from "../../../planner/views/json";
import { plan } from "./support";

describe("JSON view", () => {
  it("writes JSON in the order of the contract, inputs sorted", () => {
    const text = jsonView(plan);
    const parsed = JSON.parse(text);
    expect(Object.keys(parsed)).to.deep.equal([
      "version",
      "project",
      "stack",
      "tier",
      "resources",
      "lookUps",
      "outputs",
      "cost",
      "capacity",
      "duration",
    ]);
    expect(Object.keys(parsed.resources[3])).to.deep.equal([
      "path",
      "type",
      "name",
      "custom",
      "parent",
      "provider",
      "dependsOn",
      "inputs",
      "options",
    ]);
    expect(JSON.stringify(parsed.resources[3].inputs)).to.equal('{"cidrBlock":"10.0.0.0/16","tags":{"a":2,"b":1}}');
    expect(JSON.stringify(parsed.lookUps[0])).to.equal(
      `{"token":"aws:ec2/getAmi:getAmi","arguments":{"filters":[{"name":"name","values":["${"long-".repeat(20)}"]}],` +
        `"owners":["self"]},"result":{"id":"ami-0123456789abcdef0"}}`,
    );
  });
});
