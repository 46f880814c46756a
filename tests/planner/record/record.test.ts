import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import * as random from "@pulumi/random";
import { expect } from "chai";
import { Component } from "../../../components/support/component";
import { record } from "../../../planner/record/record";
import { recorded, Secret } from "../../support/record";

class Box extends Component {
  constructor(name: string, body: (box: Box, options: pulumi.CustomResourceOptions) => void, parent?: Component) {
    super("test:Box", name, { parent });
    body(this, this.child);
  }
}

describe("record", () => {
  it("records paths, parents, providers, dependencies and options", async () => {
    const run = await recorded(() => {
      const provider = new aws.Provider("aws", { region: "eu-west-1" });
      new Box("net", (_, child) => {
        const vpc = new aws.ec2.Vpc("net-vpc", { cidrBlock: "10.0.0.0/16" }, { ...child, provider, protect: true });
        new aws.ec2.Subnet(
          "net-a",
          { vpcId: vpc.id, cidrBlock: "10.0.1.0/24" },
          { ...child, provider, retainOnDelete: true, ignoreChanges: ["tags"] },
        );
      });
      return { done: "yes" };
    });
    expect(run.problems).to.deep.equal([]);
    expect(run.paths).to.deep.equal(["aws", "net", "net/a", "net/vpc"]);
    const subnet = run.at("net/a");
    expect(subnet).to.deep.include({ name: "net-a", custom: true, parent: "net", provider: "aws" });
    expect(subnet.dependsOn).to.deep.equal(["net/vpc"]);
    expect(subnet.inputs.vpcId).to.match(/^vpc-[0-9a-f]{17}$/);
    expect(subnet.options).to.deep.include({ protect: false, retainOnDelete: true, ignoreChanges: ["tags"] });
    expect(run.at("net/vpc").options.protect).to.equal(true);
    expect(run.outputs).to.deep.equal({ done: "yes" });
  });

  it("keeps secrets apart, through outputs and texts made of them", async () => {
    const run = await recorded(() => {
      const password = new random.RandomPassword("password", { length: 20 });
      new aws.ssm.Parameter("url", {
        type: "SecureString",
        value: pulumi.interpolate`postgres://${password.result}@db`,
      });
    });
    expect(run.at("url").inputs.value).to.be.instanceOf(Secret);
    expect(run.inputs("url").value).to.equal("postgres://password-of-password@db");
    expect(run.inputs("url").type).to.equal("SecureString");
  });

  it("leaves computed outputs unknown in a preview", async () => {
    const run = await recorded(
      () => {
        const vpc = new aws.ec2.Vpc("vpc", { cidrBlock: "10.0.0.0/16" });
        new aws.ec2.Subnet("subnet", { vpcId: vpc.id, cidrBlock: "10.0.1.0/24" });
      },
      { preview: true },
    );
    expect(run.at("subnet").inputs.vpcId).to.equal("[unknown]");
  });

  it("reports two resources of one URN", async () => {
    const run = await recorded(() => {
      new random.RandomPassword("twin", { length: 20 });
      new random.RandomPassword("twin", { length: 20 });
    });
    expect(run.problems).to.deep.equal([
      "twin (random:index/randomPassword:RandomPassword): two resources have the URN " +
        "urn:pulumi:test::tierstack::random:index/randomPassword:RandomPassword::twin",
    ]);
  });

  it("tells two resources of one name by their types, in references to them too", async () => {
    const run = await recorded(() => {
      new Box("net", (_, child) => {
        const password = new random.RandomPassword("net-a", { length: 20 }, child);
        const pet = new random.RandomPet("net-a", {}, { ...child, dependsOn: password });
        new random.RandomPet("below", {}, { parent: pet });
      });
    });
    expect(run.problems).to.deep.equal([]);
    expect(run.paths).to.deep.equal([
      "net",
      "net/a (random:index.randomPassword:RandomPassword)",
      "net/a (random:index.randomPet:RandomPet)",
      "net/a (random:index.randomPet:RandomPet)/below",
    ]);
    expect(run.at("net/a (random:index.randomPet:RandomPet)").dependsOn).to.deep.equal([
      "net/a (random:index.randomPassword:RandomPassword)",
    ]);
    expect(run.at("net/a (random:index.randomPet:RandomPet)/below").parent).to.equal(
      "net/a (random:index.randomPet:RandomPet)",
    );
  });

  it("reports two resources of one path, which a slash in a name can make", async () => {
    const run = await recorded(() => {
      new Box("net", (_, child) => void new random.RandomPet("net-a", {}, child));
      new random.RandomPet("net/a", {});
    });
    expect(run.problems).to.have.length(1);
    expect(run.problems[0]).to.match(/^net.a \(.*\): the path net\/a is another resource's too; rename one of them$/);
  });

  it("reports a resource created inside apply", async () => {
    const run = await recorded(() => {
      const outer = new random.RandomPassword("outer", { length: 20 });
      outer.result.apply(() => new random.RandomPassword("inner", { length: 20 }));
    });
    expect(run.problems).to.deep.equal([
      "inner (random:index/randomPassword:RandomPassword): created inside apply, so a preview would not show it",
    ]);
  });

  it("reports a property that the SDK does not know", async () => {
    const run = await recorded(() => {
      new aws.ec2.Vpc("vpc", { cidrBlock: "10.0.0.0/16", cidrBlocks: ["10.0.0.0/16"] } as aws.ec2.VpcArgs);
    });
    expect(run.problems).to.deep.equal(["vpc (aws:ec2/vpc:Vpc): the SDK does not know the property cidrBlocks"]);
  });

  const image = (name: string, owner = "self") =>
    aws.ec2.getAmiOutput({ filters: [{ name: "name", values: [name] }], owners: [owner] });

  it("records every look-up once, sorted, and another question gets another answer", async () => {
    const { lookUps } = await record(
      () => {
        const list = aws.ec2.getManagedPrefixListOutput({ name: "cloudfront" });
        const images = [image("b"), image("a"), image("a", "amazon"), image("b")];
        return { ids: images.map(({ id }) => id), list: list.id };
      },
      { project: "tierstack", stack: "test" },
    );
    expect(lookUps.map(({ token, arguments: args }) => [token, args])).to.deep.equal([
      ["aws:ec2/getAmi:getAmi", { filters: [{ name: "name", values: ["a"] }], owners: ["amazon"] }],
      ["aws:ec2/getAmi:getAmi", { filters: [{ name: "name", values: ["a"] }], owners: ["self"] }],
      ["aws:ec2/getAmi:getAmi", { filters: [{ name: "name", values: ["b"] }], owners: ["self"] }],
      ["aws:ec2/getManagedPrefixList:getManagedPrefixList", { name: "cloudfront" }],
    ]);
    const ids = lookUps.map(({ result }) => result.id);
    expect(new Set(ids).size).to.equal(4);
    expect(ids.slice(0, 3).join(" ")).to.match(/^ami-[0-9a-f]{17} ami-[0-9a-f]{17} ami-[0-9a-f]{17}$/);
    expect(ids[3]).to.match(/^pl-[0-9a-f]{8}$/);
  });

  it("answers a look-up with the id of the recording, whatever the order of its arguments", async () => {
    const args = { owners: ["self"], nameRegex: "a" };
    const run = await recorded(() => ({
      first: aws.ec2.getAmiOutput(args).id,
      second: pulumi.runtime.invokeOutput<{ id: string }>("aws:ec2/getAmi:getAmi", { nameRegex: "a", owners: ["self"] })
        .id,
    }));
    const { id } = run.lookUp("aws:ec2/getAmi:getAmi").result;
    expect(run.outputs).to.deep.equal({ first: id, second: id });
  });

  /** What a program does with the answer of a look-up. */
  const uses: Record<string, (id: pulumi.Input<string>) => unknown> = {
    "in a resource that others wait for": (vpcId) => {
      new Box("net", (_, child) => {
        const subnet = new aws.ec2.Subnet("net-a", { vpcId, cidrBlock: "10.0.1.0/24" }, child);
        new aws.ec2.Eip("net-b", { instance: subnet.id }, { ...child, dependsOn: subnet });
      });
    },
    "in an output": (id) => ({ id }),
    nowhere: () => undefined,
  };
  for (const [where, use] of Object.entries(uses)) {
    it(`refuses a look-up without an answer, its result used ${where}`, async () => {
      for (const look of [
        () => aws.ec2.getVpcOutput({ default: true }).id,
        () => aws.ec2.getVpc({ default: true }).then(({ id }) => id),
      ]) {
        const run = await recorded(() => use(look()));
        expect(run.problems).to.deep.equal([
          "aws:ec2/getVpc:getVpc: planner/record has no answer for this look-up; add one to planner/record/look-ups.ts",
        ]);
      }
    });
  }

  /** A subnet in a component, and a resource that waits for it. */
  const inBox = (availabilityZone: pulumi.Input<string>) =>
    new Box("net", (_, child) => {
      const subnet = new aws.ec2.Subnet("net-a", { vpcId: "vpc-1", availabilityZone }, child);
      new aws.ec2.Eip("net-b", {}, { ...child, dependsOn: subnet });
    });

  it("ends where an unanswered look-up makes the program fail, though others wait for the resource", async () => {
    const run = await recorded(() => {
      const { names } = aws.getAvailabilityZonesOutput({});
      inBox(names.apply((zones) => zones.join()));
    });
    expect(run.problems.join()).to.match(
      /^aws:index\/getAvailabilityZones:getAvailabilityZones: planner\/record has no /,
    );
  });

  it("throws what the program throws inside apply, though others wait for the resource", async () => {
    let thrown: unknown;
    await recorded(() => {
      const fails = (): string => {
        throw new Error("inside");
      };
      inBox(pulumi.output("a").apply(fails));
    }).catch((error) => {
      thrown = error;
    });
    expect(String(thrown)).to.contain("inside");
  });

  it("throws what the program throws, also inside apply", async () => {
    let thrown: unknown;
    await recorded(() => {
      const password = new random.RandomPassword("password", { length: 20 });
      new random.RandomPassword("other", {
        length: password.result.apply(() => {
          throw new Error("inside");
        }),
      });
    }).catch((error) => {
      thrown = error;
    });
    expect(String(thrown)).to.contain("inside");
  });
});
