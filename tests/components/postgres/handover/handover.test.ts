import * as pulumi from "@pulumi/pulumi";
import { expect } from "chai";
import type { PostgresArgs } from "../../../../components/postgres/postgres";
import { handoverVariables } from "../../../../handover/environment";
import { type Recorded, Secret } from "../../../support/record";
import { addressOf, postgresOf } from "../support";

const handover = { image: "ghcr.io/acme/handover:0.1.0", switch: "manual", maxPauseMs: 1000, switched: false } as const;
const at = "postgres/handover";
const cluster = "postgres.data.svc.cluster.local";
const up = (overrides: Partial<PostgresArgs> = {}) => postgresOf("startup", () => ({ handover, ...overrides }));
const down = () => postgresOf("mvp", () => ({ handover, keep: { cluster: false, managed: true } }));

const pods = (name: string) => ({
  podSelector: { matchLabels: { "app.kubernetes.io/name": name, "app.kubernetes.io/part-of": "tierstack" } },
});
const network = { ipBlock: { cidr: "10.20.0.0/16" } };
const ports = [{ protocol: "TCP", port: 5432 }];

/** The value of a variable, or what it comes from. */
const variables = (run: Recorded): Record<string, unknown> =>
  Object.fromEntries(
    run
      .inputs(`${at}/job`)
      .spec.template.spec.containers[0].env.map(({ name, value, valueFrom }: Record<string, unknown>) => [
        name as string,
        value ?? valueFrom,
      ]),
  );
const configs = (run: Recorded): Record<string, string> => run.inputs("postgres/pgbouncer/config").data;

describe("Handover", () => {
  it("adds objects of its own to a stack, and takes none away", async () => {
    const [without, on] = [await postgresOf("startup"), await up()];
    expect(on.problems).to.deep.equal([]);
    expect(on.paths).to.include.members(without.paths);
    const added = on.paths.filter((path) => !without.paths.includes(path));
    expect(added).to.have.members([
      "postgres/handover-password",
      "postgres/handover-salt",
      "postgres/source-bootstrap",
      ...["script", "policy", "job"].map((child) => `postgres/source-bootstrap/${child}`),
      "postgres/pgbouncer/admin-password",
      "postgres/pgbouncer/admin-salt",
      "postgres/pgbouncer/pods",
      at,
      ...["account", "passwords", "authorities", "policy", "node-port", "node-ingress", "database-egress", "job"].map(
        (child) => `${at}/${child}`,
      ),
    ]);
  });

  it("changes neither what holds data nor a URL", async () => {
    const [without, on] = [await postgresOf("startup"), await up()];
    for (const path of ["postgres/primary", "postgres/cluster/data", "postgres/cluster/server"])
      expect(on.at(path), path).to.deep.equal(without.at(path));
    expect(on.outputs).to.deep.equal(without.outputs);
  });

  it("keeps PgBouncer on the server that the tier leaves, with the other one's configuration beside it", async () => {
    const [mvp, startup] = [configs(await postgresOf("mvp")), configs(await postgresOf("startup"))];
    const [leaving, returning] = [configs(await up()), configs(await down())];
    const admin = "admin_users = handover_admin\n";
    const withAdmin = (ini: string | undefined) => ini?.replace("auth_file", `${admin}auth_file`);
    expect(leaving["next.ini"]).to.equal(withAdmin(startup["pgbouncer.ini"]));
    expect(returning["next.ini"]).to.equal(withAdmin(mvp["pgbouncer.ini"]));
    expect(leaving["pgbouncer.ini"]).to.contain(`app = host=${cluster} port=5432 dbname=app max_db_connections=10\n`);
    expect(returning["pgbouncer.ini"]).to.contain(`app = host=${addressOf("primary")} port=5432`);
    for (const { "server-ca.crt": authorities = "" } of [leaving, returning]) {
      expect(authorities).to.contain("authority/certificate.certPem");
      expect(authorities.match(/BEGIN CERTIFICATE/g)).to.have.length(3);
    }
    for (const other of [mvp, startup]) {
      expect(other).to.have.all.keys("pgbouncer.ini", "server-ca.crt", "drain.sh");
      expect(other["pgbouncer.ini"]).to.not.contain("admin_users");
    }
  });

  it("lets PgBouncer start with the new database once the clients are there, and changes no file for that", async () => {
    const commandOf = (run: Recorded): string =>
      run.inputs("postgres/pgbouncer/deployment").spec.template.spec.containers[0].command[2];
    const [before, after] = [await up(), await up({ handover: { ...handover, switched: true } })];
    expect(commandOf(before)).to.match(/exec pgbouncer \/etc\/pgbouncer\/pgbouncer\.ini$/);
    expect(commandOf(after)).to.match(/exec pgbouncer \/etc\/pgbouncer\/next\.ini$/);
    expect(configs(after)).to.deep.equal(configs(before));
    expect(after.inputs(`${at}/job`)).to.deep.equal(before.inputs(`${at}/job`));
  });

  it("gives PgBouncer an administrator while it is on, and a name for every pod", async () => {
    const users = (run: Recorded): string => run.inputs("postgres/pgbouncer/users").stringData["userlist.txt"];
    expect(users(await up())).to.match(/^"handover_admin" "SCRAM-SHA-256\$/m);
    expect(users(await postgresOf("startup"))).to.not.contain("handover_admin");
    expect((await up()).inputs("postgres/pgbouncer/pods")).to.deep.include({
      spec: {
        type: "ClusterIP",
        clusterIP: "None",
        publishNotReadyAddresses: true,
        selector: pods("pgbouncer").podSelector.matchLabels,
        ports: [{ name: "postgres", port: 5432, targetPort: "postgres" }],
      },
    });
  });

  it("runs the engine in a restricted pod without rights, until a person ends it", async () => {
    const run = await up();
    const { dependsOn, options } = run.at(`${at}/job`);
    const { metadata, spec } = run.inputs(`${at}/job`);
    expect(metadata).to.deep.include({
      name: "handover",
      namespace: "data",
      annotations: { "pulumi.com/skipAwait": "true" },
    });
    expect(spec).to.have.all.keys("backoffLimit", "template");
    expect(options.deleteBeforeReplace).to.equal(true);
    const pod = spec.template.spec;
    expect(pod).to.deep.include({
      restartPolicy: "OnFailure",
      serviceAccountName: "handover",
      automountServiceAccountToken: false,
      enableServiceLinks: false,
    });
    expect(pod.securityContext).to.deep.include({ runAsNonRoot: true, runAsUser: 1000 });
    const [engine] = pod.containers;
    expect(engine).to.deep.include({
      image: "ghcr.io/acme/handover:0.1.0",
      args: ["run"],
      terminationMessagePolicy: "FallbackToLogsOnError",
      resources: { requests: { cpu: "50m", memory: "128Mi" }, limits: { memory: "256Mi" } },
    });
    expect(engine.securityContext).to.deep.include({ readOnlyRootFilesystem: true, capabilities: { drop: ["ALL"] } });
    expect(dependsOn).to.include.members([
      "postgres/bootstrap/job",
      "postgres/source-bootstrap/job",
      "postgres/pgbouncer/deployment",
      `${at}/policy`,
      `${at}/node-port`,
      `${at}/node-ingress`,
      `${at}/database-egress`,
    ]);
  });

  it("tells the engine both servers, from MVP to Startup and back", async () => {
    const url = (address: string, parameters: string) =>
      `postgres://handover:$(HANDOVER_PASSWORD)@${address}/app?sslmode=${parameters}`;
    const inCluster = {
      url: url(`${cluster}:5432`, "verify-full&sslrootcert=/etc/handover/cluster-ca.crt"),
      fromOther: url("$(NODE_IP):30432", "require"),
    };
    const managed = {
      url: url(`${addressOf("primary")}:5432`, "verify-full&sslrootcert=/etc/handover/managed-ca.crt"),
      fromOther: url(`${addressOf("primary")}:5432`, "verify-full&sslrootcert=/etc/postgresql/managed-ca.crt"),
    };
    for (const [run, source, target] of [
      [await up(), inCluster, managed],
      [await down(), managed, inCluster],
    ] as const)
      expect(variables(run)).to.deep.include({
        SOURCE_URL: source.url,
        TARGET_URL: target.url,
        SOURCE_REPLICATION_URL: source.fromOther,
        TARGET_REPLICATION_URL: target.fromOther,
        POOLERS: "pgbouncer-pods.data.svc.cluster.local:5432",
        POOLER_SERVERNAME: "pgbouncer.data.svc.cluster.local",
        POOLER_CA: "/etc/handover/cluster-ca.crt",
        POOLER_USER: "handover_admin",
        SOURCE_CONFIG: "/etc/pgbouncer/pgbouncer.ini",
        TARGET_CONFIG: "/etc/pgbouncer/next.ini",
        FENCED_ROLES: "app,app_b",
        POOLED_DATABASES: "app,app_ro",
        SESSION_DATABASE: "app_session",
        MAX_PAUSE_MS: "1000",
        SWITCH: "manual",
        NODE_IP: { fieldRef: { fieldPath: "status.hostIP" } },
      });
    // Kubernetes puts in only what comes before.
    const names = Object.keys(variables(await up()));
    expect(names.slice(0, 3)).to.deep.equal(["HANDOVER_PASSWORD", "POOLER_PASSWORD", "NODE_IP"]);
  });

  describe("between two instances of RDS", () => {
    const size = ({ size: { managed, ...rest } }: PostgresArgs) => ({
      ...rest,
      managed: { ...managed, generation: 2, majorVersion: 18, kmsKeyArn: "arn:aws:kms:us-east-1:123456789012:key/new" },
      previous: managed,
    });
    const between = (overrides: Partial<PostgresArgs> = {}) =>
      postgresOf("growth", (args) => ({ size: size(args), handover, ...overrides }));

    it("tells the engine both instances, of which neither verifies the other", async () => {
      const url = (child: string, parameters: string) =>
        `postgres://handover:$(HANDOVER_PASSWORD)@${addressOf(child)}:5432/app?sslmode=${parameters}`;
      const verified = "verify-full&sslrootcert=/etc/handover/managed-ca.crt";
      const run = await between();
      expect(run.problems).to.deep.equal([]);
      expect(variables(run)).to.deep.include({
        SOURCE_URL: url("primary", verified),
        TARGET_URL: url("primary-g2", verified),
        SOURCE_REPLICATION_URL: url("primary", "require"),
        TARGET_REPLICATION_URL: url("primary-g2", "require"),
      });
      expect(Object.keys(run.inputs(`${at}/authorities`).data)).to.deep.equal(["managed-ca.crt"]);
    });

    it("opens the database's group to itself and nothing else, for as long as it is on", async () => {
      const run = await between();
      const group = run.inputs("postgres/primary").vpcSecurityGroupIds[0];
      expect(run.inputs("postgres/primary-g2").vpcSecurityGroupIds).to.deep.equal([group]);
      for (const rule of ["database-ingress", "database-egress"])
        expect(run.inputs(`${at}/${rule}`), rule).to.deep.equal({
          description: "Handover: RDS reads from RDS",
          ipProtocol: "tcp",
          fromPort: 5432,
          toPort: 5432,
          securityGroupId: group,
          referencedSecurityGroupId: group,
        });
      const after = await between({ handover: undefined });
      const gone = run.paths.filter((path) => !after.paths.includes(path));
      expect(gone.filter((path) => path.startsWith(`${at}/`))).to.have.members(
        ["account", "passwords", "authorities", "policy", "database-ingress", "database-egress", "job"].map(
          (child) => `${at}/${child}`,
        ),
      );
      expect(gone.filter((path) => path.includes("node-"))).to.deep.equal([]);
      for (const [path, rules] of [
        [`${at}/policy`, 2],
        ["postgres/pgbouncer/policy", 1],
      ] as const) {
        const { egress } = run.inputs(path).spec;
        expect(egress, path).to.have.length(rules);
        expect(egress.at(-1), path).to.deep.equal({ to: [network], ports });
      }
    });

    it("keeps PgBouncer on the old one and its replica, with the new one's and its own pools in the second file", async () => {
      const [one, files] = [configs(await postgresOf("growth")), configs(await between())];
      const withAdmin = one["pgbouncer.ini"]?.replace("auth_file", "admin_users = handover_admin\nauth_file");
      expect(files["pgbouncer.ini"]).to.equal(withAdmin);
      expect(files["next.ini"]).to.contain(`app = host=${addressOf("primary-g2")} port=5432`);
      expect(files["next.ini"]).to.contain(`app_ro = host=${addressOf("replica-0-g2")},`);
      expect(files["server-ca.crt"]).to.equal(one["server-ca.crt"]);
      const after = configs(await between({ handover: undefined }));
      expect(after["pgbouncer.ini"]).to.equal(files["next.ini"]?.replace("admin_users = handover_admin\n", ""));
    });

    it("counts the pools of each by its own class", async () => {
      const small = (args: PostgresArgs) => ({
        ...size(args),
        previous: { ...args.size.managed, instanceClass: "db.t4g.small" },
      });
      const run = await postgresOf("growth", (args) => ({ size: small(args), handover }));
      const limitOf = (child: string) =>
        / CONNECTION LIMIT (\d+) /.exec(run.inputs(`postgres/${child}/script`).data["bootstrap.sql"])?.[1];
      expect([limitOf("source-bootstrap"), limitOf("bootstrap")]).to.deep.equal(["178", "371"]);
    });

    it("leaves the old one as it is, frozen and protected, and lets no client come to an empty one", async () => {
      const [one, run] = [await postgresOf("growth"), await between()];
      const frozen = [
        "instanceClass",
        "allocatedStorage",
        "maxAllocatedStorage",
        "multiAz",
        "backupRetentionPeriod",
        "engineVersion",
        "parameterGroupName",
        "kmsKeyId",
        "performanceInsightsKmsKeyId",
      ];
      for (const [path, own] of [
        ["postgres/primary", ["identifier"]],
        ["postgres/replica-0", ["identifier", "availabilityZone"]],
      ] as const) {
        expect(run.inputs(path), path).to.deep.equal(one.inputs(path));
        const { ignoreChanges: _, ...options } = one.at(path).options;
        expect(run.at(path).options, path).to.deep.equal({ ...options, ignoreChanges: [...own, ...frozen] });
      }
      expect(run.at("postgres/primary-g2").options).to.deep.include({
        protect: true,
        retainOnDelete: true,
        ignoreChanges: ["identifier"],
      });
      expect(run.inputs("postgres/primary-g2")).to.deep.include({
        engineVersion: "18.6",
        parameterGroupName: "postgres-parameters-postgres18",
        dbSubnetGroupName: one.inputs("postgres/primary").dbSubnetGroupName,
        kmsKeyId: "arn:aws:kms:us-east-1:123456789012:key/new",
        performanceInsightsKmsKeyId: "arn:aws:kms:us-east-1:123456789012:key/new",
      });
      expect(run.inputs("postgres/parameters-postgres18").parameters).to.deep.equal(
        one.inputs("postgres/parameters-postgres17").parameters,
      );
      expect(run.inputs("postgres/replica-0-g2")).to.deep.include({ engineVersion: "18.6" });
      const sql = (await between({ handover: undefined })).inputs("postgres/bootstrap/script").data["bootstrap.sql"];
      expect(sql).to.contain("given a database without tables");
    });
  });

  it("sets what the engine reads, every variable of it", async () => {
    for (const run of [await up(), await down()]) {
      const { HANDOVER_PASSWORD: _, NODE_IP: __, ...own } = variables(run);
      const given = { ...own, POOLER_PASSWORD: "secret" };
      expect(given).to.have.all.keys(Object.keys(handoverVariables.shape));
      expect(handoverVariables.safeParse(given).error).to.equal(undefined);
    }
  });

  it("keeps its passwords in a Secret, and the server's as a verifier", async () => {
    const run = await up();
    const { stringData } = run.inputs(`${at}/passwords`);
    expect(stringData).to.deep.equal({
      "server-password": "password-of-postgres-handover-password",
      "pooler-password": "password-of-postgres-pgbouncer-admin-password",
    });
    const { HANDOVER_PASSWORD, POOLER_PASSWORD } = variables(run);
    expect([HANDOVER_PASSWORD, POOLER_PASSWORD]).to.deep.equal(
      ["server-password", "pooler-password"].map((key) => ({ secretKeyRef: { name: "handover", key } })),
    );
    expect(run.inputs("postgres/credentials").stringData["handover-verifier"]).to.match(/^SCRAM-SHA-256\$/);
    expect((await postgresOf("startup")).inputs("postgres/credentials").stringData).to.not.have.property(
      "handover-verifier",
    );
    const plain = run.resources.map(({ inputs }) => JSON.stringify(withoutSecrets(inputs))).join("\n");
    expect(plain).to.not.match(/password-of-|SCRAM-SHA-256\$/);
  });

  it("makes the roles on both servers, with the limit of each", async () => {
    const run = await up();
    const scriptOf = (child: string) => run.inputs(`postgres/${child}/script`);
    expect(scriptOf("bootstrap").metadata.name).to.equal("postgres-bootstrap");
    expect(scriptOf("source-bootstrap").metadata.name).to.equal("postgres-bootstrap-source");
    const sqlOf = (child: string): string => scriptOf(child).data["bootstrap.sql"];
    expect(sqlOf("bootstrap")).to.contain(" CONNECTION LIMIT 178 ");
    expect(sqlOf("source-bootstrap")).to.contain(" CONNECTION LIMIT 50 ");
    for (const child of ["bootstrap", "source-bootstrap"]) {
      expect(sqlOf(child)).to.contain("ALTER ROLE handover WITH LOGIN CREATEROLE ");
    }
    // Only the server that it leads to must be empty.
    expect(sqlOf("bootstrap")).to.contain("RAISE EXCEPTION 'app: given a database with tables");
    expect(sqlOf("source-bootstrap")).to.not.contain("RAISE EXCEPTION");
    // PgBouncer names neither before both have been accepted.
    for (const path of ["postgres/pgbouncer/config", "postgres/pgbouncer/deployment"])
      expect(run.at(path).dependsOn, path).to.include.members([
        "postgres/bootstrap/job",
        "postgres/source-bootstrap/job",
      ]);
    const hostOf = (child: string) => run.inputs(`postgres/${child}/job`).spec.template.spec.containers[0].env[0].value;
    expect(hostOf("bootstrap")).to.equal(addressOf("primary"));
    expect(hostOf("source-bootstrap")).to.equal(cluster);
  });

  it("has the bootstrap refuse a server that a handover has left, where there are two, and only there", async () => {
    const sqlOf = async (run: Promise<Recorded>): Promise<string> =>
      (await run).inputs("postgres/bootstrap/script").data["bootstrap.sql"];
    expect(await sqlOf(postgresOf("startup"))).to.contain("RAISE EXCEPTION");
    expect(await sqlOf(postgresOf("mvp", () => ({ keep: { cluster: false, managed: true } })))).to.contain("RAISE");
    for (const tier of ["mvp", "growth", "scale"] as const)
      expect(await sqlOf(postgresOf(tier)), tier).to.not.contain("RAISE EXCEPTION");
  });

  it("opens what the engine and the servers need of each other, and nothing else", async () => {
    const [without, run] = [await postgresOf("startup"), await up()];
    const policyOf = (of: Recorded, path: string) => of.inputs(`postgres/${path}/policy`).spec;
    expect(policyOf(run, "handover")).to.deep.equal({
      ...pods("handover"),
      policyTypes: ["Ingress", "Egress"],
      egress: [
        { to: [pods("pgbouncer")], ports },
        { to: [pods("postgres"), network], ports },
      ],
    });
    expect(policyOf(run, "source-bootstrap")).to.deep.equal({
      ...pods("postgres-bootstrap-source"),
      policyTypes: ["Ingress", "Egress"],
      egress: [{ to: [pods("postgres")], ports }],
    });
    const [before, during] = [policyOf(without, "pgbouncer"), policyOf(run, "pgbouncer")];
    expect(during.ingress).to.deep.equal([
      { ...before.ingress[0], from: [...before.ingress[0].from, pods("handover")] },
    ]);
    expect(during.egress).to.deep.equal([{ to: [pods("postgres"), network], ports }]);
    expect(before.egress).to.deep.equal([{ to: [network], ports }]);
    const [alone, both] = [policyOf(without, "cluster"), policyOf(run, "cluster")];
    const callers = ["pgbouncer", "postgres-bootstrap"].map(pods);
    expect(alone.ingress).to.deep.equal([{ from: callers, ports }]);
    expect(both.ingress).to.deep.equal([
      { from: [...callers, pods("postgres-bootstrap-source"), pods("handover"), network], ports },
    ]);
    expect(both.egress).to.deep.equal(alone.egress);
  });

  it("lets RDS through one port of the node, whose group admits RDS alone", async () => {
    const run = await up();
    expect(run.inputs(`${at}/node-port`).spec).to.deep.equal({
      type: "NodePort",
      externalTrafficPolicy: "Local",
      selector: pods("postgres").podSelector.matchLabels,
      ports: [{ name: "postgres", port: 5432, targetPort: "postgres", nodePort: 30432 }],
    });
    const rule = {
      description: "Handover: RDS reads from the in-cluster Postgres",
      ipProtocol: "tcp",
      fromPort: 30432,
      toPort: 30432,
    };
    const [node, database] = ["sg-0123456789abcdef0", run.inputs("postgres/primary").vpcSecurityGroupIds[0]];
    expect(run.inputs(`${at}/node-ingress`)).to.deep.equal({
      ...rule,
      securityGroupId: node,
      referencedSecurityGroupId: database,
    });
    expect(run.inputs(`${at}/database-egress`)).to.deep.equal({
      ...rule,
      securityGroupId: database,
      referencedSecurityGroupId: node,
    });
  });

  it("lets the in-cluster server verify RDS, without a restart", async () => {
    const config = (run: Recorded) => run.inputs("postgres/cluster/config").data;
    expect(config(await up())["managed-ca.crt"].match(/BEGIN CERTIFICATE/g)).to.have.length(3);
    expect(config(await postgresOf("startup"))).to.not.have.property("managed-ca.crt");
  });

  it("says which store is missing", async () => {
    const failure = await up({ keep: { cluster: false, managed: false } }).catch((error) => error);
    expect(pulumi.ResourceError.isInstance(failure)).to.equal(true);
    expect(failure.message).to.equal(
      "postgres.handover: given a handover, with the managed store alone; allowed: both stores: a handover leads from one " +
        "to the other; fix: set keep.cluster, or remove handover",
    );
  });

  it("stands in a first preview", async () => {
    const preview = await postgresOf("startup", () => ({ handover }), { preview: true });
    expect(preview.problems).to.deep.equal([]);
    expect(preview.paths).to.deep.equal((await up()).paths);
  });
});

/** A copy without what is marked as a secret. */
function withoutSecrets(value: unknown): unknown {
  if (value instanceof Secret) return "[secret]";
  if (Array.isArray(value)) return value.map(withoutSecrets);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, withoutSecrets(inner)]));
}
