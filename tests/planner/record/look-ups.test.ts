import { expect } from "chai";
import { distinct, lookUp, unanswered } from "../../../planner/record/look-ups";

const list = "aws:ec2/getManagedPrefixList:getManagedPrefixList";

describe("look-ups", () => {
  it("have an id that follows from the question, whatever the order of its arguments", () => {
    const id = (args: Record<string, unknown>) => lookUp(list, args)?.result.id;
    expect(id({ name: "a", region: "b" }))
      .to.match(/^pl-[0-9a-f]{8}$/)
      .and.to.equal(id({ region: "b", name: "a" }));
    expect(id({ name: "a" })).not.to.equal(id({ name: "b" }));
    expect(lookUp(list, { name: "a" })).to.deep.include({ token: list, arguments: { name: "a" } });
  });

  it("of a zone have the name with the letter of its number", () => {
    const zone = (args: Record<string, unknown>) =>
      lookUp("aws:index/getAvailabilityZone:getAvailabilityZone", args)?.result;
    expect(zone({ zoneId: "euc1-az3", region: "eu-central-1" })).to.deep.equal({
      id: "eu-central-1",
      name: "eu-central-1c",
    });
    expect(zone({ zoneId: "use1-az1" })).to.deep.equal({ id: "us-east-1", name: "us-east-1a" });
    expect(zone({ name: "us-east-1f" })).to.deep.equal({ id: "us-east-1", name: "us-east-1f" });
  });

  it("have no answer for a token that is not known", () => {
    expect(lookUp("aws:ec2/getVpc:getVpc", {})).to.equal(undefined);
    expect(unanswered("aws:ec2/getVpc:getVpc")).to.equal(
      "aws:ec2/getVpc:getVpc: planner/record has no answer for this look-up; add one to planner/record/look-ups.ts",
    );
  });

  it("are listed once each, sorted by their question", () => {
    const one = (token: string, name: string) => ({ token, arguments: { name }, result: { id: `${token}${name}` } });
    const expected = [one("a", "1"), one("a", "2"), one("b", "1")];
    for (const order of [
      [2, 1, 0, 1],
      [0, 1, 2],
      [1, 2, 0, 0],
    ])
      expect(distinct(order.map((at) => expected[at] as (typeof expected)[number]))).to.deep.equal(expected);
  });
});
