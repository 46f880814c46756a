import { expect } from "chai";
import { PostgresDumps } from "../../../../components/postgres/dumps/bucket";
import { recorded } from "../../../support/record";

describe("PostgresDumps", () => {
  const run = (removable = false) =>
    recorded(() => {
      const { name, arn } = new PostgresDumps("postgres-dumps", { removable });
      return { name, arn };
    });

  it("is a bucket with its rules, and nothing else", async () => {
    const { paths, problems, outputs } = await run();
    expect(problems).to.deep.equal([]);
    const children = ["bucket", "encryption", "lifecycle", "ownership", "policy", "privacy", "versioning"];
    expect(paths).to.deep.equal(["postgres-dumps", ...children.map((child) => `postgres-dumps/${child}`)]);
    expect(outputs.name).to.equal("postgres-dumps-bucket");
    expect(outputs.arn).to.equal("arn:aws:s3:::postgres-dumps-bucket");
  });

  it("protects the bucket, and leaves it with its settings when the stack goes", async () => {
    for (const removable of [false, true]) {
      const { resources } = await run(removable);
      const custom = resources.filter((resource) => resource.custom);
      expect(custom.filter(({ options }) => !options.retainOnDelete)).to.deep.equal([]);
      const isProtected = custom.filter(({ options }) => options.protect).map(({ path }) => path);
      expect(isProtected).to.deep.equal(removable ? [] : ["postgres-dumps/bucket"]);
    }
  });

  it("is private, encrypted, versioned and tidied up", async () => {
    const { inputs } = await run().then((result) => ({
      inputs: (path: string) => result.inputs(`postgres-dumps/${path}`),
    }));
    const bucket = "postgres-dumps-bucket";
    expect(inputs("bucket")).to.deep.equal({});
    expect(inputs("privacy")).to.deep.equal({
      bucket,
      blockPublicAcls: true,
      blockPublicPolicy: true,
      ignorePublicAcls: true,
      restrictPublicBuckets: true,
    });
    expect(inputs("ownership")).to.deep.equal({ bucket, rule: { objectOwnership: "BucketOwnerEnforced" } });
    expect(inputs("encryption").rules).to.deep.equal([
      { applyServerSideEncryptionByDefault: { sseAlgorithm: "AES256" } },
    ]);
    expect(inputs("versioning").versioningConfiguration).to.deep.equal({ status: "Enabled" });
    expect(inputs("lifecycle").rules).to.deep.equal([
      {
        id: "expire",
        status: "Enabled",
        filter: { prefix: "" },
        expiration: { days: 30 },
        noncurrentVersionExpiration: { noncurrentDays: 7 },
        abortIncompleteMultipartUpload: { daysAfterInitiation: 1 },
      },
      { id: "expire-base", status: "Enabled", filter: { prefix: "postgres/base/" }, expiration: { days: 8 } },
      { id: "expire-wal", status: "Enabled", filter: { prefix: "postgres/wal/" }, expiration: { days: 9 } },
    ]);
  });

  it("answers nobody without TLS", async () => {
    const result = await run();
    expect(JSON.parse(result.inputs("postgres-dumps/policy").policy).Statement).to.deep.equal([
      {
        Sid: "TlsOnly",
        Effect: "Deny",
        Principal: "*",
        Action: "s3:*",
        Resource: ["arn:aws:s3:::postgres-dumps-bucket", "arn:aws:s3:::postgres-dumps-bucket/*"],
        Condition: { Bool: { "aws:SecureTransport": "false" } },
      },
    ]);
    expect(result.at("postgres-dumps/policy").dependsOn).to.include("postgres-dumps/privacy");
    expect(result.at("postgres-dumps/lifecycle").dependsOn).to.include("postgres-dumps/versioning");
  });

  it("stands in a first preview", async () => {
    const { problems } = await recorded(() => void new PostgresDumps("postgres-dumps", {}), { preview: true });
    expect(problems).to.deep.equal([]);
  });
});
