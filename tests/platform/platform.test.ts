import { expect } from "chai";
import fc from "fast-check";
import { SettingsError } from "../../config/problems";
import type { SettingsInput } from "../../config/schema";
import { unknownProperties } from "../../planner/record/properties";
import { redact } from "../../planner/record/values";
import { tierNames, tiers } from "../../tiers";
import { headroomOf, rolloutPods } from "../../tiers/connections";
import { recordedPlatform } from "../support/platform";
import { recorded, Secret } from "../support/record";
import { asConfig, onAws, onExisting, problemsOf } from "../support/settings";

const queues = [{ name: "images", priority: "high" as const }, { name: "mail" }];
const stacks: Record<string, SettingsInput> = {
  existing: { ...onExisting, queues },
  // Two pools fit the node of MVP with a worker each.
  ...Object.fromEntries(tierNames.map((tier) => [tier, { ...onAws, tier, queues, workers: { maxReplicas: 1 } }])),
};

const secrets = {
  app: { secrets: { STRIPE_KEY: "sk-live-4242" } },
  registry: { server: "ghcr.io", username: "acme", password: "registry-token-17" },
};

/** Every text in a value that is not inside a Secret. */
function openTexts(value: unknown): string[] {
  if (value instanceof Secret) return [];
  if (typeof value === "string") return [value];
  if (typeof value !== "object" || value === null) return [];
  return Object.values(value).flatMap(openTexts);
}

/** Every text inside the Secrets of a value. */
function secretTexts(value: unknown, inside = false): string[] {
  if (value instanceof Secret) return secretTexts(value.value, true);
  if (typeof value === "string") return inside ? [value] : [];
  if (typeof value !== "object" || value === null) return [];
  return Object.values(value).flatMap((item) => secretTexts(item, inside));
}

describe("platform", () => {
  for (const [name, settings] of Object.entries(stacks)) {
    it(`${name}: the engine would accept the graph, and every property is known`, async () => {
      const run = await recordedPlatform(settings);
      expect(run.problems).to.deep.equal([]);
      expect(run.resources.flatMap(unknownProperties)).to.deep.equal([]);
    });

    it(`${name}: runs with every computed output unknown`, async () => {
      const known = await recordedPlatform(settings);
      const run = await recordedPlatform(settings, { preview: true });
      expect(run.problems).to.deep.equal([]);
      // The shape of the graph depends on no output.
      expect(run.paths).to.deep.equal(known.paths);
    });

    it(`${name}: passwords are in secret inputs only`, async () => {
      const run = await recordedPlatform({ ...settings, ...secrets });
      const passwords = [
        "registry-token-17",
        "sk-live-4242",
        ...run.resources
          .filter(({ type }) => type === "random:index/randomPassword:RandomPassword")
          .map(({ path }) => `password-of-${path.replaceAll("/", "-")}`),
      ];
      expect(passwords.length).to.be.at.least(3);
      const open = run.resources.flatMap(({ path, inputs }) => openTexts(inputs).map((text) => ({ path, text })));
      const leaks = open.filter(({ text }) => passwords.some((password) => text.includes(password)));
      expect(leaks).to.deep.equal([]);
      // They do arrive where they are meant to.
      const arrived = run.resources.flatMap(({ inputs }) => secretTexts(inputs)).join("\n");
      expect(arrived).to.contain("sk-live-4242");
      expect(JSON.stringify(redact(run.outputs))).to.not.match(/password-of|BEGIN .*PRIVATE KEY|sk-live/);
    });

    it(`${name}: private keys are in secret inputs only`, async () => {
      const run = await recordedPlatform(settings);
      const keys = run.resources
        .filter(({ type }) => type === "tls:index/privateKey:PrivateKey")
        .map(({ path }) => `${path}.privateKeyPem`);
      const open = run.resources.flatMap(({ path, inputs }) => openTexts(inputs).map((text) => ({ path, text })));
      expect(open.filter(({ text }) => keys.some((key) => text.includes(key)))).to.deep.equal([]);
      // Every key is used somewhere, so the search would have found it.
      const secret = run.resources.flatMap(({ inputs }) => secretTexts(inputs)).join("\n");
      expect(keys).to.include.members(
        ["key", "app-key", "pgbouncer-key"].map((key) => `tierstack/authority/${key}.privateKeyPem`),
      );
      expect(keys.filter((key) => !secret.includes(key))).to.deep.equal([]);
    });
  }

  it("gives pods the credentials of a private registry", async () => {
    const registry = { server: "ghcr.io", username: "acme", password: "token" };
    const run = await recordedPlatform({ ...onAws, tier: "startup", queues, registry });
    expect(run.at("tierstack/app-registry/secret").inputs.stringData).to.be.instanceOf(Secret);
    for (const path of ["tierstack/app/deployment", "tierstack/workers/pool-mail"])
      expect(run.inputs(path).spec.template.spec.imagePullSecrets, path).to.deep.equal([{ name: "app-registry" }]);
    expect((await recordedPlatform(onAws)).paths.filter((path) => path.includes("registry"))).to.deep.equal([]);
  });

  it("gives a handover's pod the credentials, where its image is in the registry, and a place beside the stores", async () => {
    const registry = { server: "ghcr.io", username: "acme", password: "token" };
    const at = (image: string) => recordedPlatform({ ...onAws, tier: "startup", registry, handover: { image } });
    const run = await at("ghcr.io/acme/handover:0.1.0");
    expect(run.problems).to.deep.equal([]);
    expect(run.resources.flatMap(unknownProperties)).to.deep.equal([]);
    expect(run.inputs("tierstack/handover-registry/secret").metadata.namespace).to.equal("data");
    const { spec } = run.inputs("tierstack/postgres/handover/job").spec.template;
    expect(spec).to.deep.include({
      imagePullSecrets: [{ name: "app-registry" }],
      priorityClassName: "tierstack-stores",
    });
    const elsewhere = await at("docker.io/acme/handover:0.1.0");
    expect(elsewhere.paths.filter((path) => path.includes("handover-registry"))).to.deep.equal([]);
    const pod = elsewhere.inputs("tierstack/postgres/handover/job").spec.template.spec;
    expect(pod).to.not.have.property("imagePullSecrets");
  });

  it("gives every workload the writable directories, and runs schedules", async () => {
    const schedules = [{ name: "report", schedule: "15 3 * * *", command: ["report"] }];
    const app = { writable: [{ path: "/app/cache" }], schedules };
    const run = await recordedPlatform({ ...onAws, tier: "startup", queues, app });
    expect(run.problems).to.deep.equal([]);
    expect(run.resources.flatMap(unknownProperties)).to.deep.equal([]);
    const specs = ["app/deployment", "workers/pool-mail"].map((path) => run.inputs(`tierstack/${path}`).spec);
    const job = run.inputs("tierstack/schedules/job-report").spec.jobTemplate.spec;
    for (const { template } of [...specs, job])
      expect(template.spec.containers[0].volumeMounts).to.deep.include({ name: "writable-0", mountPath: "/app/cache" });
  });

  for (const tier of tierNames)
    it(`migrates the database before any pod of the image changes: ${tier}`, async () => {
      const schedules = [{ name: "report", schedule: "15 3 * * *", command: ["report"] }];
      const app = { migrate: { command: ["migrate"] }, schedules, memoryMiB: 64 };
      const stack = { ...onAws, tier, queues, workers: { maxReplicas: 1 } };
      const run = await recordedPlatform({ ...stack, app });
      expect(run.problems).to.deep.equal([]);
      expect(run.resources.flatMap(unknownProperties)).to.deep.equal([]);
      const job = "tierstack/migration/job";
      for (const path of ["app/deployment", "workers/pool-mail", "schedules/job-report"])
        expect(run.at(`tierstack/${path}`).dependsOn, path).to.include(job);
      expect(run.at(job).dependsOn).to.include("tierstack/app-environment/secret");
      const [container] = run.inputs(job).spec.template.spec.containers;
      const [own] = run.inputs("tierstack/app/deployment").spec.template.spec.containers;
      expect(container.envFrom).to.deep.equal(own.envFrom);
      expect(own.env).to.deep.include.members(container.env);
      expect(container.image).to.equal(own.image);
      const without = await recordedPlatform(stack);
      expect(without.paths.filter((path) => path.includes("migration"))).to.deep.equal([]);
    });

  it("creates nothing for bad settings", async () => {
    let error: unknown;
    const run = await recorded(
      () => {
        try {
          (require("../../index") as () => unknown)();
        } catch (thrown) {
          error = thrown;
        }
      },
      { config: asConfig({ ...onAws, tier: "growth", hostedZoneId: undefined, pgbouncer: { poolSize: 900 } }) },
    );
    expect(error).to.be.instanceOf(SettingsError);
    expect((error as SettingsError).problems.map(({ where }) => where)).to.deep.equal([
      "tierstack:hostedZoneId",
      "tierstack:pgbouncer.poolSize",
    ]);
    expect(run.paths).to.deep.equal([]);
  });

  it("returns the stack outputs", async () => {
    const { outputs } = await recordedPlatform({ ...onAws, tier: "growth", queues });
    expect(Object.keys(outputs).sort()).to.deep.equal([
      "certificatesExpire",
      "clusterName",
      "databaseDirectUrl",
      "databaseEndpoint",
      "databaseReadUrl",
      "databaseUrl",
      "kubeconfig",
      "nextSteps",
      "redisEndpoint",
      "redisUrl",
      "url",
    ]);
    expect(outputs.url).to.equal("https://app.example.com");
    // Three years after 2026 began, before the authority itself: the certificates of the servers.
    expect(outputs.certificatesExpire).to.equal("2028-12-31T00:00:00.000Z");
    for (const secret of ["databaseDirectUrl", "databaseReadUrl", "databaseUrl", "kubeconfig", "redisUrl"])
      expect(outputs[secret], secret).to.be.instanceOf(Secret);
  });

  it("every tier gives the application the same variables and the same form of URLs", async () => {
    const shapes = [];
    for (const settings of Object.values(stacks)) {
      const run = await recordedPlatform(settings);
      const { spec } = run.inputs("tierstack/app/deployment");
      const names = spec.template.spec.containers
        .find(({ name }: { name: string }) => name === "app")
        .env.map(({ name }: { name: string }) => name);
      const secret = run.inputs("tierstack/app-environment/secret").stringData as Record<string, string>;
      const keys = Object.keys(secret).sort();
      const urls = keys.map((key) => secret[key]?.replace(/:[^:@/]*@[^:]+:/, ":PASSWORD@HOST:"));
      shapes.push({ names, keys, urls });
    }
    for (const shape of shapes) expect(shape).to.deep.equal(shapes[0]);
    expect(shapes[0]?.urls).to.deep.equal([
      "postgres://app:PASSWORD@HOST:5432/app_session?sslmode=verify-full",
      "postgres://app:PASSWORD@HOST:5432/app_ro?sslmode=verify-full",
      "postgres://app:PASSWORD@HOST:5432/app?sslmode=verify-full",
      "rediss://:PASSWORD@HOST:6379",
    ]);
  });

  it("accepts random valid settings: no error, no duplicate URN, connections within the limit", async function () {
    this.timeout(110_000);
    const settings = fc.record(
      {
        tier: fc.constantFrom(...tierNames),
        maintenance: fc.boolean(),
        region: fc.constantFrom("us-east-1" as const, "eu-west-1" as const, "ap-northeast-1" as const),
        backupRegion: fc.constant("eu-central-1" as const),
        queues: fc
          .uniqueArray(fc.stringMatching(/^[a-z][a-z0-9]{0,10}$/), { maxLength: 4 })
          .map((names) => names.map((name) => ({ name }))),
        pgbouncer: fc.record({
          replicas: fc.integer({ min: 1, max: 6 }),
          reservePoolSize: fc.integer({ min: 0, max: 5 }),
        }),
        app: fc.record({ port: fc.integer({ min: 1024, max: 65535 }), minReplicas: fc.integer({ min: 1, max: 2 }) }),
        network: fc.record({ egress: fc.constantFrom("public" as const, "nat" as const, "nat-per-zone" as const) }),
        edge: fc.record({ waf: fc.boolean() }),
        existing: fc.boolean(),
      },
      { requiredKeys: ["tier"] },
    );
    await fc.assert(
      fc.asyncProperty(settings, async ({ existing, backupRegion = "eu-central-1", ...given }) => {
        // Neither has an effect on an existing cluster.
        const { network, edge, ...rest } = given;
        const stack = existing ? onExisting : { ...onAws, ...(network && { network }), ...(edge && { edge }) };
        const input = { ...stack, backupRegion, ...rest } as SettingsInput;
        if (problemsOf(input).length > 0) return;
        const run = await recordedPlatform(input);
        expect(run.problems).to.deep.equal([]);
        expect(run.resources.flatMap(unknownProperties)).to.deep.equal([]);
        expect(new Set(run.paths).size).to.equal(run.paths.length);
        const ini = run.inputs("tierstack/postgres/pgbouncer/config").data["pgbouncer.ini"] as string;
        const pods = rolloutPods(given.pgbouncer?.replicas ?? tiers[given.tier].pgbouncer.replicas);
        // Each database has a limit of its own, and all of them may connect to one host.
        const limits = [...ini.matchAll(/^\w+ = host=.* max_db_connections=(\d+)/gm)].map(([, limit]) => Number(limit));
        expect(limits).to.have.length(3);
        const perPod = limits.reduce((sum, limit) => sum + limit, 0);
        const connections =
          existing || given.tier === "mvp" ? 60 : { startup: 198, growth: 413, scale: 856 }[given.tier];
        expect(pods * perPod).to.be.at.most(connections - headroomOf(connections));
      }),
      { numRuns: 40 },
    );
  });
});
