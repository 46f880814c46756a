import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import * as random from "@pulumi/random";
import { expect } from "chai";
import { Component } from "../../../components/support/component";
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

  it("reports two resources of one path", async () => {
    const run = await recorded(() => {
      new Box("net", (_, child) => {
        new random.RandomPassword("net-a", { length: 20 }, child);
        new random.RandomPet("net-a", {}, child);
      });
    });
    expect(run.problems.length).to.equal(1);
    expect(run.problems[0]).to.match(
      /^net-a \(random:.*\): the path net\/a is another resource's too; rename one of them$/,
    );
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
