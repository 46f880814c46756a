import { expect } from "chai";
import { scramVerifier } from "../../../components/postgres/common/scram";
import { reveal } from "../../../planner/record/values";
import { tierNames } from "../../../tiers";
import { type Recorded, Secret } from "../../support/record";
import { addressOf, postgresOf } from "./support";

const protectedPaths = ({ resources }: Recorded) =>
  resources.filter(({ options }) => options.protect).map(({ path }) => path);
const retainedPaths = ({ resources }: Recorded) =>
  resources.filter(({ options }) => options.retainOnDelete).map(({ path }) => path);
const children = ({ resources }: Recorded, parent: string) =>
  resources.filter((resource) => resource.parent === parent).map(({ path }) => path.slice(parent.length + 1));

/** Texts of every input, and the secrets among them apart. */
function texts(value: unknown): { plain: string[]; secret: string[] } {
  if (value instanceof Secret) return { plain: [], secret: [JSON.stringify(reveal(value))] };
  if (typeof value === "object" && value !== null) {
    const parts = Object.values(value).map(texts);
    return { plain: parts.flatMap(({ plain }) => plain), secret: parts.flatMap(({ secret }) => secret) };
  }
  return { plain: [String(value)], secret: [] };
}

/** The passwords and salts, of roles and passwords that alternate. */
const generated = ["app", "app-b", "superuser", "superuser-b"].flatMap((name) => [`${name}-password`, `${name}-salt`]);

/** What the in-cluster server may connect to while both stores are there. */
const toManaged = [{ to: [{ ipBlock: { cidr: "10.20.0.0/16" } }], ports: [{ protocol: "TCP", port: 5432 }] }];

describe("Postgres", () => {
  it("has the same URLs at every tier, and they are secrets", async () => {
    for (const tier of tierNames) {
      const { outputs, problems } = await postgresOf(tier);
      expect(problems, tier).to.deep.equal([]);
      expect(outputs.databaseUrl).to.be.instanceOf(Secret);
      expect(outputs.databaseReadUrl).to.be.instanceOf(Secret);
      expect(outputs.databaseDirectUrl).to.be.instanceOf(Secret);
      const base = "postgres://app:password-of-postgres-app-password@pgbouncer.data.svc.cluster.local:5432";
      expect(reveal(outputs.databaseUrl)).to.equal(`${base}/app?sslmode=verify-full`);
      expect(reveal(outputs.databaseReadUrl)).to.equal(`${base}/app_ro?sslmode=verify-full`);
      expect(reveal(outputs.databaseDirectUrl)).to.equal(`${base}/app_session?sslmode=verify-full`);
    }
  });

  it("is the in-cluster store at MVP, and no AWS resource", async () => {
    const run = await postgresOf("mvp");
    expect(children(run, "postgres")).to.have.members([
      ...generated,
      "bootstrap",
      "cluster",
      "credentials",
      "pgbouncer",
    ]);
    expect(run.resources.filter(({ type }) => type.startsWith("aws:"))).to.deep.equal([]);
    expect(protectedPaths(run)).to.deep.equal(["postgres/cluster/data", "postgres/cluster/server"]);
    expect(run.outputs.endpoint).to.equal("postgres.data.svc.cluster.local:5432");
    expect(run.outputs.budget).to.deep.include({ maxConnections: 60, headroom: 10, rolloutPods: 2, poolSize: 8 });
  });

  it("keeps the in-cluster store beside the managed one, retained and unprotected", async () => {
    const run = await postgresOf("startup");
    expect(children(run, "postgres")).to.include.members(["cluster", "primary"]);
    expect(protectedPaths(run)).to.deep.equal(["postgres/primary"]);
    expect(retainedPaths(run)).to.deep.equal([
      "postgres/cluster/data",
      "postgres/cluster/server",
      "postgres/primary",
      "postgres/primary-logs-postgresql",
      "postgres/primary-logs-upgrade",
    ]);
    expect(run.outputs.endpoint).to.equal(`${addressOf("primary")}:5432`);
    // The size in use may name a smaller volume, and none is ever shrunk.
    expect(run.at("postgres/cluster/data").options.ignoreChanges).to.deep.equal(["spec"]);
    expect((await postgresOf("mvp")).at("postgres/cluster/data").options.ignoreChanges).to.deep.equal([]);
    expect(run.inputs("postgres/cluster/policy").spec).to.have.deep.property("egress", toManaged);
  });

  it("keeps the managed store, protected, beside the in-cluster one that is in use", async () => {
    const run = await postgresOf("mvp", () => ({ keep: { cluster: false, managed: true } }));
    expect(protectedPaths(run)).to.deep.equal(["postgres/cluster/data", "postgres/cluster/server", "postgres/primary"]);
    expect(run.outputs.endpoint).to.equal("postgres.data.svc.cluster.local:5432");
    expect(run.inputs("postgres/cluster/policy").spec).to.have.deep.property("egress", toManaged);
  });

  it("is managed alone from Growth on", async () => {
    const run = await postgresOf("scale");
    expect(run.problems).to.deep.equal([]);
    expect(children(run, "postgres")).to.have.members([
      "access",
      "access-from-eks",
      ...generated,
      "backup-copies",
      "backup-key",
      "bootstrap",
      "credentials",
      "final-snapshot",
      "parameters-postgres17",
      "pgbouncer",
      ...["primary", "replica-0", "replica-1"].flatMap((child) => [
        child,
        `${child}-identifier`,
        `${child}-logs-postgresql`,
        `${child}-logs-upgrade`,
      ]),
      "subnets",
    ]);
  });

  it("keeps passwords and salts from tier to tier, so that they fit the volumes", async () => {
    const generated = async (tier: "mvp" | "scale") =>
      (await postgresOf(tier)).resources
        // The suffixes of identifiers and of the final snapshot belong to the managed store alone.
        .filter(({ path, type }) => type.startsWith("random:") && !/(\/final-snapshot|-identifier)$/.test(path))
        .map(({ path, inputs }) => ({ path, inputs }));
    expect(await generated("mvp")).to.deep.equal(await generated("scale"));
  });

  it("hands server and pooler one verifier, and the application's password to neither", async () => {
    const run = await postgresOf("startup");
    const password = "password-of-postgres-app-password";
    const { stringData } = run.inputs("postgres/credentials");
    expect(stringData).to.have.all.keys(
      "superuser-password",
      "previous-superuser-password",
      "postgres-verifier",
      "app-verifier",
      "app_b-verifier",
    );
    expect(stringData["superuser-password"]).to.equal("password-of-postgres-superuser-password");
    const verifier: string = stringData["app-verifier"];
    const salt = /:([^$]+)\$/.exec(verifier)?.[1] as string;
    expect(salt).to.have.length.above(8);
    expect(verifier).to.equal(scramVerifier(password, salt));
    expect(run.inputs("postgres/pgbouncer/users").stringData["userlist.txt"]).to.contain(`"app" "${verifier}"\n`);
    const holders = run.resources.filter(({ inputs }) => JSON.stringify(reveal(inputs)).includes(password));
    expect(holders).to.deep.equal([]);
  });

  it("rotates by turns: the other role is the clients', and the server gets the new verifiers", async () => {
    const at = (passwordRotation: number) => postgresOf("startup", () => ({ passwordRotation }));
    const runs = [await at(0), await at(1), await at(2)] as const;
    const users = runs.map(({ outputs }) => new URL(String(reveal(outputs.databaseUrl))).username);
    expect(users).to.deep.equal(["app", "app_b", "app"]);
    const keepers = (child: string) => runs.map((run) => run.inputs(`postgres/${child}`).keepers?.rotation);
    for (const kind of ["password", "salt"]) {
      for (const name of ["app", "superuser"]) {
        expect(keepers(`${name}-${kind}`), `${name}-${kind}`).to.deep.equal([undefined, undefined, "2"]);
        expect(keepers(`${name}-b-${kind}`), `${name}-b-${kind}`).to.deep.equal([undefined, "1", "1"]);
      }
      expect(keepers(`pgbouncer/stats-${kind}`)).to.deep.equal([undefined, "1", "2"]);
    }
    const superusers = runs.map((run) => {
      const { stringData } = run.inputs("postgres/credentials");
      return [stringData["superuser-password"], stringData["previous-superuser-password"]];
    });
    const [first, second] = ["password-of-postgres-superuser-password", "password-of-postgres-superuser-b-password"];
    expect(superusers).to.deep.equal([
      [first, second],
      [second, first],
      [first, second],
    ]);
    expect(runs.map((run) => run.inputs("postgres/primary").password)).to.deep.equal([first, second, first]);
    for (const run of runs) {
      const { stringData } = run.inputs("postgres/credentials");
      const userlist: string = run.inputs("postgres/pgbouncer/users").stringData["userlist.txt"];
      for (const role of ["app", "app_b"])
        expect(userlist).to.contain(`"${role}" "${stringData[`${role}-verifier`]}"\n`);
      expect(userlist).to.not.contain('"postgres"');
    }
  });

  it("shows no secret in any input that is not marked as one", async () => {
    for (const tier of ["startup", "scale"] as const) {
      const run = await postgresOf(tier);
      const found = run.resources.map(({ inputs }) => texts(inputs));
      const plain = found.flatMap((part) => part.plain).join("\n");
      expect(plain).to.not.match(/password-of-|SCRAM-SHA-256\$|privateKeyPem\b.*value/);
      expect(found.flatMap((part) => part.secret).join("\n")).to.contain("password-of-postgres-superuser-password");
    }
  });

  it("gives Kubernetes objects the cluster's provider", async () => {
    const run = await postgresOf("startup");
    const objects = run.resources.filter(({ type }) => type.startsWith("kubernetes:"));
    expect(objects).to.have.length.above(15);
    expect(new Set(objects.map(({ provider }) => provider))).to.deep.equal(new Set(["kubernetes"]));
    const managed = run.resources.filter(({ type }) => type.startsWith("aws:"));
    expect(new Set(managed.map(({ provider }) => provider))).to.deep.equal(new Set(["aws"]));
  });

  it("says what is missing", async () => {
    const failure = async (overrides: Parameters<typeof postgresOf>[1]) =>
      postgresOf("growth", overrides).then(
        () => "no failure",
        (error: Error) => error.message,
      );
    expect(await failure(() => ({ network: undefined }))).to.equal(
      "postgres.network: given nothing; allowed: a VPC and the security group of the cluster: the managed store is " +
        "created there; fix: pass network, or use the in-cluster store",
    );
    expect(
      await failure(({ size }) => ({ size: { ...size, managed: { ...size.managed, instanceClass: "db.x9z.nano" } } })),
    ).to.match(/^postgres\.instanceClass: given "db\.x9z\.nano"; allowed: db\./);
    expect(await failure(({ pgbouncer }) => ({ pgbouncer: { ...pgbouncer, poolSize: 1000 } }))).to.equal(
      "pgbouncer.poolSize: given 1000; allowed: 1 to 40: 4 pods in a rollout x (2 pools x (pool + 3) + 5 sessions) must fit " +
        "413 - 42; " +
        "fix: lower pgbouncer.poolSize or pgbouncer.replicas, or choose a larger postgres.instanceClass",
    );
  });

  it("stands in a first preview", async () => {
    for (const tier of ["mvp", "startup", "scale"] as const) {
      const { problems, paths } = await postgresOf(tier, undefined, { preview: true });
      expect(problems, tier).to.deep.equal([]);
      expect(paths).to.deep.equal((await postgresOf(tier)).paths);
    }
  });
});
