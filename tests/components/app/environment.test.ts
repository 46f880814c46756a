import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { expect } from "chai";
import { AppEnvironment, type AppEnvironmentArgs } from "../../../components/app/environment";
import { providedVariables, variables } from "../../../components/app/variables";
import { existingNamespace } from "../../../components/namespaces/namespace";
import { outputsOf } from "../../../planner/record/outputs";
import { recorded, Secret } from "../../support/record";

const platform = [
  { name: "REDIS_CLUSTER", value: "true" },
  { name: "PGSSLROOTCERT", value: "/etc/tierstack/ca/ca.crt" },
  { name: "NODE_EXTRA_CA_CERTS", value: "/etc/tierstack/ca/ca.crt" },
];

async function run(given: Partial<AppEnvironmentArgs> = {}, preview = false) {
  let made: AppEnvironment | undefined;
  const record = await recorded(
    () => {
      const provider = new k8s.Provider("kubernetes", {});
      made = new AppEnvironment("environment", {
        cluster: { provider },
        namespace: existingNamespace("app"),
        environment: { LOG_LEVEL: "info" },
        secrets: { API_KEY: pulumi.secret("user-secret") },
        stores: {
          databaseUrl: pulumi.secret("postgres://app"),
          databaseReadUrl: pulumi.secret("postgres://app_ro"),
          databaseDirectUrl: pulumi.secret("postgres://app_session"),
          redisUrl: pulumi.secret("rediss://:password@redis"),
        },
        authorityCertificate: "PEM",
        ...given,
      });
      return { checksum: made.checksum };
    },
    { preview },
  );
  return { record, made: made as AppEnvironment };
}

describe("AppEnvironment", () => {
  it("puts secrets into one Secret, every value a Pulumi secret", async () => {
    const { record } = await run();
    expect(record.problems).to.deep.equal([]);
    expect(record.paths).to.deep.equal([
      "environment",
      "environment/secret",
      "environment/secret-suffix",
      "kubernetes",
    ]);
    const { metadata, stringData } = record.at("environment/secret").inputs as Record<string, Record<string, unknown>>;
    const { hex } = outputsOf({ ...record.at("environment/secret-suffix"), region: "us-east-1" });
    expect(metadata).to.deep.include({ name: `app-env-${hex}`, namespace: "app" });
    expect(stringData).to.be.instanceOf(Secret);
    expect(record.inputs("environment/secret").stringData).to.deep.equal({
      API_KEY: "user-secret",
      DATABASE_URL: "postgres://app",
      DATABASE_READ_URL: "postgres://app_ro",
      DATABASE_DIRECT_URL: "postgres://app_session",
      REDIS_URL: "rediss://:password@redis",
    });
    expect(record.at("environment/secret").provider).to.equal("kubernetes");
  });

  it("passes the rest as plain variables and the authority as a file", async () => {
    const { made } = await run();
    expect(made.env).to.deep.equal([{ name: "LOG_LEVEL", value: "info" }, ...platform]);
    expect(JSON.stringify(made.env)).not.to.contain("user-secret");
    expect(made.volumes).to.deep.equal([
      { name: "authority", configMap: { name: "tierstack-ca", items: [{ key: "ca.crt", path: "ca.crt" }] } },
    ]);
    expect(made.mounts).to.deep.equal([{ name: "authority", mountPath: "/etc/tierstack/ca", readOnly: true }]);
    const { made: writable } = await run({ writable: [{ path: "/app/.next/cache", sizeMiB: 512 }] });
    expect(writable.volumes.slice(1)).to.deep.equal([{ name: "writable-0", emptyDir: { sizeLimit: "512Mi" } }]);
    expect(writable.mounts.slice(1)).to.deep.equal([{ name: "writable-0", mountPath: "/app/.next/cache" }]);
    expect(made.envFrom).to.have.length(1);
  });

  it("changes the checksum with any secret and with the authority, and does not hide it", async () => {
    const sum = async (given: Partial<AppEnvironmentArgs> = {}) => (await run(given)).record.outputs.checksum;
    const first = await sum();
    expect(first).to.match(/^[0-9a-f]{64}$/);
    expect(await sum()).to.equal(first);
    expect(await sum({ secrets: { API_KEY: pulumi.secret("other") } })).not.to.equal(first);
    expect(await sum({ authorityCertificate: "other" })).not.to.equal(first);
  });

  it("draws another name for the Secret with other content, and keeps it with the same", async () => {
    const first = await run();
    const named = async (given: Partial<AppEnvironmentArgs> = {}) => {
      const { record, made } = await run(given);
      const { name } = record.inputs("environment/secret").metadata;
      expect(name).to.match(/^app-env-[0-9a-f]{8}$/);
      // The keeper is no secret, as the checksum of the pods: a plan shows that the name changes.
      const { inputs } = record.at("environment/secret-suffix");
      expect(inputs).to.deep.equal({ byteLength: 4, keepers: { checksum: record.outputs.checksum } });
      const [source] = made.envFrom as { secretRef: { name: pulumi.Output<string> } }[];
      const read = await new Promise((resolve) => source?.secretRef.name.apply(resolve));
      expect(read, "what the containers read").to.equal(name);
      return name;
    };
    const name = await named();
    expect(name).to.equal(first.record.inputs("environment/secret").metadata.name);
    const others = [
      await named({ secrets: { API_KEY: pulumi.secret("other") } }),
      await named({ secrets: { API_KEY_2: pulumi.secret("user-secret") } }),
    ];
    expect(new Set([name, ...others]).size).to.equal(3);
  });

  it("changes the checksum with the AWS credentials of the pods", async () => {
    const sum = async (given: Partial<AppEnvironmentArgs>) => (await run(given)).record.outputs.checksum;
    const none = await sum({});
    const first = await sum({ identityVersion: "a-1,a-2" });
    expect(first).not.to.equal(none);
    expect(await sum({ identityVersion: pulumi.output("a-1,a-2") })).to.equal(first);
    expect(await sum({ identityVersion: "a-1,a-3" })).not.to.equal(first);
  });

  it("does not let users override the platform's variables", async () => {
    const user = Object.fromEntries(providedVariables.map((name) => [name, "mine"]));
    expect(variables({ ...user, TWICE: "plain", OWN: "1" }, ["TWICE"])).to.deep.equal([
      { name: "OWN", value: "1" },
      ...platform,
    ]);
    const { record } = await run({ secrets: { REDIS_URL: pulumi.secret("mine") } });
    expect(record.inputs("environment/secret").stringData.REDIS_URL).to.equal("rediss://:password@redis");
  });

  it("runs in a preview", async () => {
    const { record } = await run({}, true);
    expect(record.problems).to.deep.equal([]);
  });
});
