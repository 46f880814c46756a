import { spawn } from "node:child_process";
import { setTimeout as sleep } from "node:timers/promises";
import type { DBInstance } from "@aws-sdk/client-rds";
import { rdsClient, rdsClientName } from "../../../../components/postgres/restore/rds-client";
import { AwsDatabases } from "../../../../ops/account/databases";
import { drills } from "../../../../ops/drills/drills";
import type { Ran, Reach, Workload } from "../../../../ops/reach/reach";
import { runProgram } from "../../../../ops/run";
import { Instance, programsPath, until } from "../../../long/support/instance";
import { PooledServer } from "../../../long/support/pooler";
import { freePort, requireBinaries } from "../../../long/support/postgres";
import { Cluster } from "../../../ops/cluster";
import { captured, type Run } from "../../../support/captured";
import { noAccount } from "../../../support/no-account";
import { Rds } from "../../../support/rds";

const name = "shop-primary";
export const target = `${name}-drill`;
const addressOf = (instance: string) => `${instance}.abc.us-east-1.rds.amazonaws.com`;

/** Files of TLS in the sandbox, by the server that has them. */
const tlsFiles = (server: string) => ({ certificate: `${server}.crt`, key: `${server}.key` });

/**
 * RDS with real servers: the stack's, whose log is received all the time as RDS sends it to S3, a base backup of it, and what is restored
 * from both. A server has a certificate for its own endpoint, signed by the one authority.
 */
export class Managed {
  readonly rds = new Rds();
  readonly cluster = new Cluster();
  /** What happens in a restored server before it is available. */
  onRestored: (restored: Instance) => void = () => undefined;
  /** Host name in the certificate of the restored server. @default its own */
  certified = addressOf(target);
  private restored: Instance | undefined;
  private readonly ports: Record<string, number>;

  private constructor(
    readonly server: PooledServer,
    restoredPort: number,
  ) {
    this.ports = { [addressOf(name)]: server.ports.server, [addressOf(target)]: restoredPort };
    const policy = "/apis/networking.k8s.io/v1/namespaces/data/networkpolicies/pgbouncer";
    this.cluster.put(policy, { spec: { egress: [{ to: [{ ipBlock: { cidr: "10.30.0.0/16" } }] }] } });
    const instance = this.rds.add(name, { Endpoint: { Address: addressOf(name) } });
    this.rds.onDescribe = (shown) => (shown === instance ? this.showRestorable(instance) : undefined);
    this.rds.onRestore = (made) => void this.restore(made);
    this.rds.onDelete = () => this.stopRestored();
  }

  /** Starts the server with a table, takes its base backup and receives its log. Skips the suite where something is missing. */
  static async start(suite: Mocha.Context): Promise<Managed> {
    const server = await PooledServer.start(requireBinaries(suite));
    const managed = new Managed(server, await freePort());
    try {
      managed.certify("tls", addressOf(name));
      server.allowReplication();
      const { status, stderr } = server.bootstrap();
      if (status !== 0) throw new Error(stderr);
      managed.ask("CREATE TABLE ballast AS SELECT n, md5(n::text) AS text FROM generate_series(1, 20000) n");
      await managed.backUp();
    } catch (error) {
      await managed.stop();
      throw error;
    }
    return managed;
  }

  async stop(): Promise<void> {
    await this.stopRestored();
    await this.server.close();
  }

  ask(sql: string): string {
    const { status, stdout, stderr } = this.server.primary.ask("postgres", "app", sql);
    if (status !== 0) throw new Error(stderr);
    return stdout.trimEnd();
  }

  /** Whether a restored server runs. */
  get runs(): boolean {
    return this.restored !== undefined;
  }

  /** `npm run drill`. */
  run(...argv: string[]): Promise<Run> {
    const { cluster, rds } = this;
    // The drill's clock counts what it waits for, of which a hundredth passes here.
    let slept = 0;
    const world = {
      kube: cluster,
      reach: this.reach,
      account: { ...noAccount, databases: new AwsDatabases("us-east-1", () => rds.client) },
      cluster: "test",
      flags: " -s growth",
      namespaces: { app: "app", data: "data" },
      stack: undefined,
      output: async () => `${addressOf(name)}:5432`,
      clock: {
        now: () => slept,
        sleep: async (seconds: number) => {
          slept += seconds;
          await sleep(seconds * 10);
        },
      },
    };
    const outside = { connect: async () => world, confirm: async () => true };
    return captured(() => runProgram(drills, argv, process.cwd(), outside));
  }

  /** psql of the pod that reaches RDS, with the variables of that pod. Its names lead to the servers here. */
  private readonly reach: Reach = {
    run: ({ name: pod }: Workload, [program = "", ...words]: readonly string[]): Promise<Ran> => {
      if (pod !== rdsClientName) throw new Error(`${pod} does not reach RDS`);
      const { sandbox, bin, tls, passwords } = this.server;
      const [container] = rdsClient("data", "10.30.0.0/16").pod.spec.containers;
      const given = (container?.env ?? []).flatMap((one) => ("value" in one ? [[one.name, one.value]] : []));
      const env = {
        ...Object.fromEntries(given),
        PATH: programsPath(bin),
        PGSSLROOTCERT: tls.ca,
        PGPASSWORD: passwords.postgres,
        PGHOSTADDR: "127.0.0.1",
        PGPORT: String(this.ports[words.at(-1) ?? ""]),
      };
      const child = spawn(program, words, { ...sandbox.user, cwd: sandbox.folder, env });
      const ran: Ran = { code: 1, stdout: "", stderr: "" };
      child.stdout.on("data", (text) => (ran.stdout += text));
      child.stderr.on("data", (text) => (ran.stderr += text));
      return new Promise((resolve) => child.once("close", (code) => resolve({ ...ran, code: code ?? 1 })));
    },
    read: async () => [],
  };

  /** Writes a certificate for a host name, and for localhost, by which the test itself connects. */
  private certify(files: string, host: string): void {
    const { sandbox, bin, tls } = this.server;
    const { certificate, key } = tlsFiles(files);
    const extensions = sandbox.write(`${files}.cnf`, `subjectAltName=DNS:localhost,DNS:${host}\n`);
    const request = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-subj", "/CN=server"];
    sandbox.must(bin.openssl, ["req", ...request, "-keyout", sandbox.path(key), "-out", sandbox.path("request")]);
    const authority = ["-CA", tls.ca, "-CAkey", sandbox.path("ca.key"), "-CAcreateserial", "-days", "1"];
    const out = ["-in", sandbox.path("request"), "-out", sandbox.path(certificate), "-extfile", extensions];
    sandbox.must(bin.openssl, ["x509", "-req", ...out, ...authority]);
    this.server.primary.ask("postgres", "postgres", "SELECT pg_reload_conf()");
  }

  private async backUp(): Promise<void> {
    const { sandbox, bin, ports } = this.server;
    const source = this.server.connection(ports.server, "postgres");
    const log = sandbox.mkdir("received");
    const receive = ["-D", log, "--synchronous"];
    sandbox.start("pg_receivewal", receive, { ...source, PATH: programsPath(bin), PGAPPNAME: "received" });
    const receives = "SELECT count(*) FROM pg_stat_replication WHERE application_name = 'received'";
    await until(
      () => this.ask(receives) === "1",
      () => "the log is not received",
    );
    sandbox.must(bin.pg_basebackup, ["-D", sandbox.path("base"), "-X", "none", "-c", "fast"], source);
  }

  /** Shows the last moment of which the whole log is received. */
  private async showRestorable(instance: DBInstance): Promise<void> {
    const [ms, position] = this.ask(
      "SELECT floor(extract(epoch FROM clock_timestamp())) * 1000, pg_current_wal_flush_lsn()",
    ).split("|");
    const received = `SELECT flush_lsn >= '${position}' FROM pg_stat_replication WHERE application_name = 'received'`;
    await until(
      () => this.ask(received) === "t",
      () => `the log is not received until ${position}`,
    );
    instance.LatestRestorableTime = new Date(Number(ms));
  }

  /** Restores the base backup and the log since, and shows the instance as available. */
  private async restore(made: DBInstance): Promise<void> {
    const { sandbox } = this.server;
    const folder = sandbox.path("restored");
    sandbox.must("rm", ["-rf", folder]);
    sandbox.must("cp", ["-a", sandbox.path("base"), folder]);
    sandbox.write("restored/recovery.signal", "");
    this.certify("restored", this.certified);
    const { certificate, key } = tlsFiles("restored");
    const log = sandbox.path("received");
    const port = this.ports[addressOf(target)] as number;
    const restored = new Instance(this.server, "restored", "localhost", port, {
      data_directory: folder,
      listen_addresses: "localhost",
      port: String(port),
      unix_socket_directories: "",
      ssl_cert_file: sandbox.path(certificate),
      ssl_key_file: sandbox.path(key),
      restore_command: `cp ${log}/%f %p 2>/dev/null || cp ${log}/%f.partial %p`,
    });
    this.restored = restored;
    await restored.start();
    await until(
      () => restored.ask("postgres", "postgres", "SELECT pg_is_in_recovery()").stdout === "f\n",
      () => restored.log(),
      60,
    );
    this.onRestored(restored);
    Object.assign(made, { DBInstanceStatus: "available", Endpoint: { Address: addressOf(target) } });
  }

  private async stopRestored(): Promise<void> {
    await this.restored?.kill();
    this.restored = undefined;
  }
}
