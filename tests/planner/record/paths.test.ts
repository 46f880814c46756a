import { expect } from "chai";
import { pathsOf, type Registree, shortName } from "../../../planner/record/paths";

const registree = (urn: string, type: string, segment: string, parent = "", name = segment): Registree => ({
  urn,
  parent,
  type,
  name,
  segment,
});

describe("paths", () => {
  it("have names without their parents' prefixes", () => {
    expect(shortName("postgres-primary", "tierstack/postgres")).to.equal("primary");
    expect(shortName("tierstack-postgres-primary", "tierstack/postgres")).to.equal("primary");
    expect(shortName("postgres-", "tierstack/postgres")).to.equal("postgres-");
    expect(shortName("mail", "tierstack/postgres")).to.equal("mail");
  });

  it("are chains of names, with the type only for those that share one", () => {
    const paths = pathsOf([
      registree("1", "a:Box", "box"),
      registree("2", "aws:sqs/queue:Queue", "mail", "1"),
      registree("3", "aws:sns/topic:Topic", "mail", "1"),
      registree("4", "aws:sns/topic:Topic", "other", "1"),
      registree("5", "aws:sns/topic:Policy", "policy", "3"),
      registree("6", "aws:sns/topic:Topic", "mail"),
    ]);
    expect([...paths.values()]).to.deep.equal([
      "box",
      "box/mail (aws:sqs.queue:Queue)",
      "box/mail (aws:sns.topic:Topic)",
      "box/other",
      "box/mail (aws:sns.topic:Topic)/policy",
      "mail",
    ]);
  });

  it("have the name too for two of one type, whatever the order", () => {
    const two = [registree("1", "b:B", "a", "", "net-a"), registree("2", "b:B", "a")];
    const third = registree("3", "c:C", "a");
    for (const order of [
      [...two, third],
      [third, ...two.reverse()],
    ])
      expect(Object.fromEntries(pathsOf(order))).to.deep.equal({
        1: "a (b:B net-a)",
        2: "a (b:B a)",
        3: "a (c:C)",
      });
  });
});
