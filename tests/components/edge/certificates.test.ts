import { expect } from "chai";
import { Certificates, type CertificatesArgs } from "../../../components/edge/certificates";
import { recorded } from "../../support/record";

const args: CertificatesArgs = {
  domain: "app.example.com",
  hostedZoneId: "Z0123456789ABCDEFGHIJ",
};

/** @param region  of the load balancer, if any */
const run = (region: string | undefined = "eu-west-1", preview = false) =>
  recorded(
    () => {
      const certificates = new Certificates("certificates", args);
      const { viewerArn } = certificates;
      return { viewerArn, ...(region && { regionalArn: certificates.inRegion(region) }) };
    },
    { preview, region: "eu-west-1" },
  );

const arnIn = (region: string) => new RegExp(`^arn:aws:acm:${region}:123456789012:certificate/`);

describe("Certificates", () => {
  it("creates one for CloudFront and one for the load balancer, validated by one record", async () => {
    const made = await run();
    expect(made.problems).to.deep.equal([]);
    expect(made.paths).to.deep.equal([
      "certificates",
      "certificates/regional",
      "certificates/regional-validation",
      "certificates/validation-record",
      "certificates/viewer",
      "certificates/viewer-validation",
    ]);
    expect(made.at("certificates").type).to.equal("tierstack:edge:Certificates");
    for (const path of made.paths.slice(1)) expect(made.at(path).parent).to.equal("certificates");
    const certificate = { domainName: "app.example.com", validationMethod: "DNS" };
    expect(made.inputs("certificates/viewer")).to.deep.equal({ ...certificate, region: "us-east-1" });
    expect(made.inputs("certificates/regional")).to.deep.equal({ ...certificate, region: "eu-west-1" });
    expect(made.inputs("certificates/validation-record")).to.deep.equal({
      zoneId: "Z0123456789ABCDEFGHIJ",
      name: "_validation.app.example.com",
      type: "CNAME",
      records: ["_value.acm-validations.aws"],
      ttl: 300,
      allowOverwrite: true,
    });
  });

  it("waits for both to be issued, each in its region", async () => {
    const made = await run();
    for (const [name, region] of [
      ["viewer", "us-east-1"],
      ["regional", "eu-west-1"],
    ] as const) {
      const validation = made.at(`certificates/${name}-validation`);
      expect(validation.inputs.region).to.equal(region);
      expect(validation.inputs.certificateArn).to.match(arnIn(region));
      expect(validation.inputs.validationRecordFqdns).to.have.length(1);
      expect(validation.dependsOn).to.deep.equal([`certificates/${name}`, "certificates/validation-record"].sort());
    }
    expect(made.outputs.viewerArn).to.match(arnIn("us-east-1"));
    expect(made.outputs.regionalArn).to.match(arnIn("eu-west-1"));
  });

  it("creates none for a load balancer that does not exist", async () => {
    const made = await run("");
    expect(made.ofType("aws:acm/certificate:Certificate").map(({ path }) => path)).to.deep.equal([
      "certificates/viewer",
    ]);
    expect(made.ofType("aws:acm/certificateValidation:CertificateValidation")).to.have.length(1);
    expect(made.outputs.regionalArn).to.equal(undefined);
  });

  it("uses one certificate for both in us-east-1", async () => {
    const made = await run("us-east-1");
    expect(made.ofType("aws:acm/certificate:Certificate")).to.have.length(1);
    expect(made.ofType("aws:acm/certificateValidation:CertificateValidation")).to.have.length(1);
    expect(made.outputs.regionalArn).to.equal(made.outputs.viewerArn);
  });

  it("keeps CloudFront's certificate when a load balancer is added", async () => {
    const before = await run("");
    const after = await run();
    for (const resource of before.resources) expect(after.at(resource.path)).to.deep.equal(resource);
  });

  it("creates the same resources in a preview", async () => {
    const preview = await run(undefined, true);
    expect(preview.problems).to.deep.equal([]);
    expect(preview.paths).to.deep.equal((await run()).paths);
  });
});
