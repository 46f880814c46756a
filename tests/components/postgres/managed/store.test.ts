import * as pulumi from "@pulumi/pulumi";
import { expect } from "chai";
import { hex } from "../../../../planner/record/outputs";
import { Secret } from "../../../support/record";
import { addressOf, identifierOf, postgresOf } from "../support";

/** What primary and replicas share at Scale. */
const shared = {
  instanceClass: "db.t4g.large",
  engineVersion: "17.11",
  autoMinorVersionUpgrade: false,
  caCertIdentifier: "rds-ca-rsa2048-g1",
  parameterGroupName: "postgres-parameters-postgres17",
  publiclyAccessible: false,
  port: 5432,
  storageType: "gp3",
  storageEncrypted: true,
  maxAllocatedStorage: 500,
  applyImmediately: true,
  maintenanceWindow: "sun:04:30-sun:05:30",
  deletionProtection: true,
  copyTagsToSnapshot: true,
  performanceInsightsEnabled: true,
  performanceInsightsRetentionPeriod: 7,
  enabledCloudwatchLogsExports: ["postgresql", "upgrade"],
};

describe("managed Postgres", () => {
  it("is an instance that nobody deletes by accident, in no zone of its own", async () => {
    const run = await postgresOf("scale");
    const { vpcSecurityGroupIds, ...inputs } = run.inputs("postgres/primary");
    expect(inputs).to.deep.equal({
      ...shared,
      identifier: identifierOf("primary"),
      engine: "postgres",
      dbSubnetGroupName: "postgres-subnets",
      username: "postgres",
      password: "password-of-postgres-superuser-password",
      allocatedStorage: 50,
      multiAz: true,
      backupRetentionPeriod: 14,
      backupWindow: "03:00-04:00",
      deleteAutomatedBackups: false,
      skipFinalSnapshot: false,
      finalSnapshotIdentifier: `tierstack-test-postgres-final-${hex("postgres/final-snapshot", 8)}`,
    });
    expect(vpcSecurityGroupIds).to.have.length(1);
    const primary = run.at("postgres/primary");
    expect(primary.name).to.equal("postgres-primary");
    expect(primary.inputs.password).to.be.instanceOf(Secret);
    expect(primary.options).to.deep.include({ protect: true, retainOnDelete: true, ignoreChanges: ["identifier"] });
  });

  it("has replicas in zones of their own, which a failover does not replace", async () => {
    const run = await postgresOf("scale");
    for (const [index, zone] of ["us-east-1b", "us-east-1c"].entries()) {
      const { vpcSecurityGroupIds, ...inputs } = run.inputs(`postgres/replica-${index}`);
      expect(inputs).to.deep.equal({
        ...shared,
        identifier: identifierOf(`replica-${index}`),
        replicateSourceDb: identifierOf("primary"),
        availabilityZone: zone,
        multiAz: false,
        backupRetentionPeriod: 0,
        skipFinalSnapshot: true,
      });
      expect(vpcSecurityGroupIds).to.deep.equal(run.inputs("postgres/primary").vpcSecurityGroupIds);
      const { options } = run.at(`postgres/replica-${index}`);
      expect(options).to.deep.include({
        retainOnDelete: true,
        protect: false,
        ignoreChanges: ["identifier", "availabilityZone"],
        deleteBeforeReplace: true,
      });
    }
  });

  it("gives PgBouncer the names of its replicas before they exist", async () => {
    const run = await postgresOf("scale");
    const { dependsOn } = run.at("postgres/pgbouncer/config");
    expect(dependsOn).to.include("postgres/primary");
    expect(dependsOn.filter((path) => /replica-\d$/.test(path))).to.deep.equal([]);
    const ini = run.inputs("postgres/pgbouncer/config").data["pgbouncer.ini"];
    expect(ini).to.contain(`app_ro = host=${addressOf("replica-0")},${addressOf("replica-1")},`);
  });

  it("waits for the names of replicas where the primary kept another identifier than the program's", async () => {
    const run = await postgresOf("scale", () => {
      // As of instances from before the program named them.
      pulumi.runtime.registerStackTransformation(({ type, name, props, opts }) =>
        type === "aws:rds/instance:Instance" ? { props: { ...props, identifier: `${name}-5c1e7a2` }, opts } : undefined,
      );
      return {};
    });
    const { dependsOn } = run.at("postgres/pgbouncer/config");
    expect(dependsOn).to.include.members(["postgres/primary", "postgres/replica-0", "postgres/replica-1"]);
    const domain = "c0example0000.us-east-1.rds.amazonaws.com";
    expect(run.inputs("postgres/pgbouncer/config").data["pgbouncer.ini"]).to.contain(
      `app_ro = host=postgres-replica-0-5c1e7a2.${domain},postgres-replica-1-5c1e7a2.${domain},`,
    );
  });

  it("has log groups with a retention before RDS would create them without", async () => {
    const run = await postgresOf("scale");
    for (const child of ["primary", "replica-0", "replica-1"])
      for (const log of ["postgresql", "upgrade"]) {
        const path = `postgres/${child}-logs-${log}`;
        const name = `/aws/rds/instance/${identifierOf(child)}/${log}`;
        expect(run.inputs(path)).to.deep.equal({ name, retentionInDays: 30 });
        expect(run.at(path).options).to.include({ protect: false, retainOnDelete: true });
        expect(run.at(`postgres/${child}`).dependsOn).to.include(path);
      }
    expect(run.ofType("aws:cloudwatch/logGroup:LogGroup")).to.have.length(6);
  });

  it("is deleted with its replicas, with a final snapshot, once its protection is lifted", async () => {
    const run = await postgresOf("scale", () => ({ removable: true }));
    for (const path of ["primary", "replica-0", "replica-1"].map((child) => `postgres/${child}`)) {
      expect(run.at(path).options).to.include({ protect: false, retainOnDelete: false });
      expect(run.inputs(path).deletionProtection).to.equal(false);
    }
    for (const { path, options } of run.ofType("aws:cloudwatch/logGroup:LogGroup"))
      expect(options.retainOnDelete, path).to.equal(false);
    // Without the key, the copied backups could not be read.
    expect(run.at("postgres/backup-key").options.retainOnDelete).to.equal(true);
  });

  it("keeps its sizes where it is only kept", async () => {
    const run = await postgresOf("mvp", () => ({ keep: { cluster: false, managed: true } }));
    expect(run.at("postgres/primary").options.ignoreChanges).to.have.members([
      "identifier",
      "instanceClass",
      "allocatedStorage",
      "maxAllocatedStorage",
      "multiAz",
      "backupRetentionPeriod",
    ]);
  });

  it("has what a smaller size asks for, and no more", async () => {
    const run = await postgresOf("startup");
    expect(run.inputs("postgres/primary")).to.deep.include({
      instanceClass: "db.t4g.small",
      allocatedStorage: 20,
      maxAllocatedStorage: 500,
      multiAz: false,
      backupRetentionPeriod: 7,
    });
    expect(run.ofType("aws:rds/instance:Instance")).to.have.length(1);
    expect(run.ofType("aws:kms/key:Key")).to.deep.equal([]);
    expect(run.ofType("aws:rds/instanceAutomatedBackupsReplication:InstanceAutomatedBackupsReplication")).to.deep.equal(
      [],
    );
  });

  it("refuses to copy backups without a second region", async () => {
    let message = "";
    await postgresOf("scale", () => ({ backupRegion: undefined })).catch((error) => {
      message = error.message;
    });
    expect(message).to.contain(
      "postgres.backupRegion: given nothing, with crossRegionBackups; allowed: a region to which RDS copies backups; " +
        "fix: pass backupRegion",
    );
  });

  it("copies backups to the second region, under a key that outlives the copying", async () => {
    const run = await postgresOf("scale");
    const key = run.at("postgres/backup-key");
    expect(key.inputs).to.deep.equal({
      region: "us-west-2",
      description: "Copies of Postgres backups",
      enableKeyRotation: true,
      deletionWindowInDays: 30,
    });
    expect(key.options).to.deep.include({ protect: false, retainOnDelete: true });
    const copies = run.at("postgres/backup-copies");
    expect(copies.inputs).to.deep.include({ region: "us-west-2", retentionPeriod: 14 });
    expect(copies.inputs.sourceDbInstanceArn).to.equal("arn:aws:rds:us-east-1:123456789012:db:postgres-primary");
    expect(copies.inputs.kmsKeyId).to.match(/^arn:aws:kms:/);
    expect(copies.options).to.deep.include({ deleteBeforeReplace: true, retainOnDelete: false });
  });

  it("opens to the cluster alone, on one port", async () => {
    const run = await postgresOf("growth");
    const group = run.inputs("postgres/primary").vpcSecurityGroupIds[0];
    expect(run.inputs("postgres/access")).to.deep.equal({
      vpcId: "vpc-0123456789abcdef0",
      description: "Postgres, from the cluster",
      tags: { Name: "postgres-access" },
    });
    expect(
      run.ofType("aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule").map(({ inputs }) => inputs),
    ).to.deep.equal([
      {
        securityGroupId: group,
        referencedSecurityGroupId: "sg-0123456789abcdef0",
        ipProtocol: "tcp",
        fromPort: 5432,
        toPort: 5432,
        description: "Postgres, from the cluster",
      },
    ]);
    expect(run.ofType("aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule")).to.deep.equal([]);
  });

  it("names the parameter group by its family, for the next one to stand beside it", async () => {
    const group = (await postgresOf("growth")).at("postgres/parameters-postgres17");
    expect(group.name).to.equal("postgres-parameters-postgres17");
    expect(group.inputs.family).to.equal("postgres17");
  });
});
