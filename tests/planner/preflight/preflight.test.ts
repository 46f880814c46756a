import { expect } from "chai";
import { checks, preflight } from "../../../planner/preflight/preflight";
import { awsError, awsOf, dnsOf, needs, registriesOf } from "./support";

describe("preflight", () => {
  it("runs every check that applies, and claims nothing of those that could not run", async () => {
    const aws = awsOf({});
    aws.identity = async () => {
      throw awsError("CredentialsProviderError", "Could not load credentials from any providers");
    };
    const told: string[] = [];
    const scale = await needs("scale");
    const reports = await preflight(scale, { aws, dns: dnsOf(), registries: registriesOf() }, (name) =>
      told.push(name),
    );
    const applying = checks.filter((check) => check.applies(scale)).map(({ name }) => name);
    expect(told).to.deep.equal(applying);
    expect(reports.map(({ name }) => name)).to.deep.equal(applying);
    const open = reports.filter(({ findings }) => findings.some(({ status }) => status === "unchecked"));
    expect(open.map(({ name }) => name)).to.deep.equal(
      applying.filter((name) => !["certificate authorities (CAA)", "backup copies", "container images"].includes(name)),
    );
    expect(open[0]?.findings).to.deep.equal([
      { status: "unchecked", reason: "no AWS credentials; check with aws sts get-caller-identity" },
    ]);
  });

  it("runs none for a stack without resources on AWS", async () => {
    expect(
      await preflight(await needs("local"), { aws: awsOf({}), dns: dnsOf(), registries: registriesOf() }),
    ).to.deep.equal([]);
  });

  it("throws what is a defect", async () => {
    let message = "";
    await preflight(await needs("mvp"), { aws: awsOf({}), dns: dnsOf(), registries: registriesOf() }).catch(
      (error: Error) => {
        message = error.message;
      },
    );
    expect(message).to.equal("aws.quotas is not a function");
  });
});
