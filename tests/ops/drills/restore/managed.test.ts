import { setImmediate as nextTurn } from "node:timers/promises";
import { expect } from "chai";
import { AwsDatabases } from "../../../../ops/account/databases";
import { drills } from "../../../../ops/drills/drills";
import { drillNameOf } from "../../../../ops/drills/restore/instance";
import { hourPriceOf } from "../../../../ops/drills/restore/price";
import type { Ran, Reach, Workload } from "../../../../ops/reach/reach";
import { noAccount } from "../../../support/no-account";
import { Rds, refuse } from "../../../support/rds";
import { Cluster } from "../../cluster";
import { runOn } from "../../world";
import { fastClock } from "../clock";
import { send, withoutExit } from "../interrupted";

const name = "shop-primary";
const target = "shop-primary-drill";
const addressOf = (instance: string) => `${instance}.abc.us-east-1.rds.amazonaws.com`;
const pod = "/api/v1/namespaces/data/pods/rds-client";
const policy = "/apis/networking.k8s.io/v1/namespaces/data/networkpolicies/rds-client";
const poolerPolicy = "/apis/networking.k8s.io/v1/namespaces/data/networkpolicies/pgbouncer";
const [created, removed] = [
  [`POST ${pod}`, `APPLY ${policy}`],
  [`DELETE ${policy}`, `DELETE ${pod}`],
];
/** When the drill's message is committed, in milliseconds since 1970. */
const committedMs = 1_000_000_000_000;

/** Lines of a survey. */
const survey = (rows: number) =>
  [
    ["oldest", "700"],
    ["extensions", ["plpgsql 1.0"]],
    ["schema", "a"],
    ["table", "public.users", rows, rows, String(rows)],
  ]
    .map((line) => `${JSON.stringify(line)}\n`)
    .join("");

/** The pod that reaches RDS, as far as psql tells of what is there. */
class Psql implements Reach {
  readonly ran: string[] = [];
  restored = survey(10);
  /** Questions to the restored server to come that nobody answers. */
  silent = 1;
  onRun: (what: string) => void = () => undefined;

  async run({ namespace, name: own }: Workload, command: readonly string[]): Promise<Ran> {
    const answer = (stdout: string) => ({ code: 0, stdout, stderr: "" });
    expect(command.slice(-2, -1)).to.deep.equal(["-h"]);
    const [host, text] = [String(command.at(-1)).split(".")[0] as string, command.join(" ")];
    const does = /SELECT 1$/m.test(command[4] ?? "")
      ? "answers"
      : text.includes("emit_message")
        ? "writes"
        : "is surveyed";
    const what = `${host} ${does}${text.includes("nullif('700', '')") ? " against 700" : ""}`;
    this.onRun(what);
    if (host === target && does === "answers" && this.silent-- > 0)
      return { code: 2, stdout: "", stderr: "psql: error: could not translate host name" };
    this.ran.push(what);
    expect(`${namespace}/${own}`).to.equal("data/rds-client");
    if (does === "writes") return answer(`${committedMs}.5\n`);
    return answer(does === "answers" ? "1\n" : host === target ? this.restored : survey(10));
  }

  async read() {
    return [];
  }
}

describe("drill restore on RDS", () => {
  let rds: Rds;
  let reach: Psql;
  let cluster: Cluster;
  /** Seconds until a write can be restored, and until the restored instance is available. */
  let seconds: { restorable: number; available: number };
  let asked: string[];
  let onTick: () => void;

  beforeEach(() => {
    [rds, reach, cluster, asked] = [new Rds(), new Psql(), new Cluster(), []];
    seconds = { restorable: 200, available: 600 };
    onTick = () => undefined;
    cluster.put(poolerPolicy, { spec: { egress: [{ to: [{ ipBlock: { cidr: "10.30.0.0/16" } }], ports: [] }] } });
    rds.add(name, { LatestRestorableTime: new Date(Date.now() - 240_000) });
  });

  const clock = () =>
    fastClock((second) => {
      onTick();
      const [source, restored] = [name, target].map((one) => rds.instances.get(one));
      if (source?.LatestRestorableTime && second >= seconds.restorable)
        source.LatestRestorableTime = new Date(committedMs + 1_000);
      if (restored?.DBInstanceStatus === "creating" && second >= seconds.restorable + seconds.available)
        Object.assign(restored, { DBInstanceStatus: "available", Endpoint: { Address: addressOf(target) } });
    });

  const drill = (...flags: string[]) => {
    const source = rds.instances.get(name);
    // Until the message is written, the log of which it is a part cannot have been sent.
    reach.onRun = ((then) => (what) => {
      if (source && what === `${name} writes`) source.LatestRestorableTime = new Date(committedMs - 100_000);
      then(what);
    })(reach.onRun);
    const account = { ...noAccount, databases: new AwsDatabases("us-east-1", () => rds.client) };
    const output = async (one: string) => {
      asked.push(one);
      return `${addressOf(name)}:5432`;
    };
    return runOn({ reach, kube: cluster, account, program: drills, clock: clock(), output }, "restore", ...flags);
  };

  /** What a drill that is refused says. Nothing is changed. */
  const refused = async () => {
    const { code, stderr } = await drill("--yes");
    expect([code, rds.changes, cluster.changes]).to.deep.equal([1, [], []]);
    return stderr;
  };

  it("says what it would restore, with the price, and changes nothing in a dry run", async () => {
    const { code, stdout } = await drill("--dry-run");
    expect([code, stdout.split("\n")]).to.deep.equal([
      0,
      [
        "Backups: of RDS shop-primary, db.t4g.large with 100 GiB, kept for 7 d. They can be restored until",
        `${rds.instances.get(name)?.LatestRestorableTime?.toISOString().slice(0, 16).replace("T", " ")} UTC, 4 min ago.`,
        "Prediction: RTO at most 40 min, RPO at most 10 min.",
        "Callers: nothing but reads of every table, twice: the backup is restored beside the product, which",
        "is read to compare.",
        "From: the 40 min that Terraform's AWS provider waits for a restored instance (aws_db_instance,",
        "timeouts.create); Amazon RDS User Guide, Restoring a DB instance to a specified time: restorable",
        "until 5 minutes ago, typically; twice that as RPO. Assumed.",
        "would restore it into the instance shop-primary-drill, compare it with the running database, and",
        "delete it; nothing was changed",
        "",
      ],
    ]);
    expect([asked, rds.changes, cluster.changes, reach.ran]).to.deep.equal([["databaseEndpoint"], [], [], []]);
  });

  it("restores into an instance of its own, compares it with the one in use before and after, and deletes it", async () => {
    const { code, stdout, stderr } = await drill();
    expect([code, stderr]).to.deep.equal([0, ""]);
    expect(rds.changes).to.deep.equal([`restore ${target}`, `delete ${target} with its backups`]);
    expect(cluster.changes).to.deep.equal([...created, ...removed]);
    expect(cluster.kept.at(-1)).to.equal("APPLY /apis/coordination.k8s.io/v1/namespaces/data/leases/drill-restore-rds");
    expect(reach.ran).to.deep.equal([
      `${name} answers`,
      `${name} is surveyed`,
      `${name} writes`,
      `${target} answers`,
      `${target} is surveyed against 700`,
      `${name} is surveyed against 700`,
    ]);
    // Looked at every 15 s, told every minute; the server's name took another 15 s.
    const told = stdout.split("\n").filter((line) => /: creating|^Waits|deleted\.$|^Measured|^As/.test(line));
    expect(told).to.deep.equal([
      ...["1 min", "2 min", "3 min"].map((since) => `Waits until a write can be restored, for ${since}.`),
      ...Array.from({ length: 9 }, (_, at) => `${target}: creating, for ${at + 1} min.`),
      `${target} is being deleted.`,
      "Measured: RTO 10 min 15 s, RPO 3 min 30 s.",
      "As predicted.",
    ]);
  });

  it("may connect to what PgBouncer may connect to", async () => {
    cluster.onCreate = () => cluster.put(policy, {});
    let spec: unknown;
    reach.onRun = () => (spec ??= cluster.find<{ spec: unknown }>(policy));
    await drill();
    const { egress } = ((await spec) as { spec: { egress: unknown } }).spec;
    expect(egress).to.deep.equal([
      { to: [{ ipBlock: { cidr: "10.30.0.0/16" } }], ports: [{ protocol: "TCP", port: 5432 }] },
    ]);
  });

  it("asks first, with the price, and does nothing without a yes", async () => {
    const question =
      "restore shop-primary into the instance shop-primary-drill\\? It costs 0.14 USD an hour, at the prices of us-east-1";
    const output = async () => `${addressOf(name)}:5432`;
    const account = { ...noAccount, databases: new AwsDatabases("us-east-1", () => rds.client) };
    const { code, stdout, stderr } = await runOn(
      { reach, kube: cluster, account, program: drills, clock: clock(), output, agrees: false },
      "restore",
    );
    expect([code, stderr, rds.changes]).to.deep.equal([1, "not confirmed; nothing was changed\n", []]);
    expect(stdout).to.not.match(/creating/);
    expect(hourPriceOf({ instanceClass: "db.t4g.large", storageGiB: 100 })).to.match(
      new RegExp(question.slice(question.indexOf("0.14"))),
    );
    expect(hourPriceOf({ instanceClass: "db.x2g.large", storageGiB: 100 })).to.equal(
      "the price of db.x2g.large for each hour",
    );
  });

  it("ends with 1 where rows are missing, the restore takes too long or a write can be restored too late", async () => {
    reach.restored = survey(9);
    seconds = { restorable: 605, available: 2_400 };
    const { code, stdout } = await drill();
    expect(code).to.equal(1);
    expect(stdout.slice(stdout.indexOf("Not as"))).to.equal(
      "Not as predicted, in 3 points:\n" +
        "- table public.users has 9 of the rows from before: the product had 10, and has 10\n" +
        "- RTO was 40 min 15 s, predicted at most 40 min\n" +
        "- RPO was 10 min 15 s, predicted at most 10 min\n",
    );
    expect(rds.changes.at(-1)).to.equal(`delete ${target} with its backups`);
  });

  it("gives up a restore that fails, or that does not end, and deletes the instance", async () => {
    seconds.available = 100_000;
    const { code, stderr } = await drill();
    expect([code, stderr]).to.deep.equal([1, "RDS shop-primary-drill: not available after 2 h, but creating\n"]);
    rds.instances.delete(target);
    rds.onRestore = (instance) => {
      instance.DBInstanceStatus = "incompatible-restore";
    };
    expect((await drill()).stderr).to.equal("RDS shop-primary-drill: the restore ended as incompatible-restore\n");
    const once = [`restore ${target}`, `delete ${target} with its backups`];
    expect(rds.changes).to.deep.equal([...once, ...once]);
    expect(cluster.changes).to.deep.equal([...created, ...removed, ...created, ...removed]);
  });

  it("gives up where a write cannot be restored, before it restores", async () => {
    seconds.restorable = 100_000;
    const { code, stderr } = await drill();
    expect(code).to.equal(1);
    expect(stderr).to.match(/^RDS shop-primary: given a write that cannot be restored after 30 min; allowed: its log/);
    expect(rds.changes).to.deep.equal([]);
    expect(cluster.changes).to.deep.equal([...created, ...removed]);
  });

  it("tries a deletion again that RDS refuses, and names the command where it stays so", async () => {
    rds.refused.push("state", "state");
    const { code, stdout } = await drill();
    expect(code).to.equal(0);
    expect(stdout).to.contain(`${target} is not deleted yet, and it is tried again: The DB instance isn't in a valid`);
    expect(rds.changes.at(-1)).to.equal(`delete ${target} with its backups`);
    rds.instances.delete(target);
    rds.refused.push(...Array.from({ length: 16 }, () => "state" as const));
    const { stderr } = await drill();
    expect(stderr).to.equal(
      "RDS shop-primary-drill: given the instance of this drill, which is not deleted (The DB instance isn't in a valid state.); " +
        "allowed: none at the end of a drill: it costs as long as it is there; fix: aws rds delete-db-instance " +
        "--db-instance-identifier shop-primary-drill --skip-final-snapshot --delete-automated-backups\n",
    );
  });

  it("deletes no instance that another has made: neither one of that name, nor one in the place of its own", async () => {
    reach.onRun = (what) => {
      if (what === `${name} writes`) rds.add(target, { TagList: [{ Key: "tierstack-drill", Value: "another" }] });
    };
    const { code, stderr } = await drill();
    expect(code).to.equal(1);
    expect(stderr).to.contain("DBInstanceAlreadyExistsFault: DB instance already exists");
    expect(rds.changes).to.deep.equal([]);
    rds.instances.delete(target);
    reach.onRun = (what) => {
      if (what === `${target} answers`) rds.add(target, { TagList: [], Endpoint: { Address: addressOf(target) } });
    };
    expect((await drill()).stderr).to.match(/which is not deleted \(it lacks the tag tierstack-drill=[0-9a-f-]{36}\)/);
    expect(rds.changes).to.deep.equal([`restore ${target}`]);
  });

  it("deletes the instance where RDS has made it, and the answer was lost", async () => {
    rds.onRestore = () => refuse("taken");
    const { code } = await drill();
    expect([code, rds.changes]).to.deep.equal([1, [`restore ${target}`, `delete ${target} with its backups`]]);
  });

  it("asks for the right to delete before it makes anything, and names the role that has it", async () => {
    rds.mayDelete = false;
    expect(await refused()).to.equal(
      "RDS shop-primary-drill: given no right to delete it once the drill has made it (User: ci is not authorized to perform: " +
        "rds:DeleteDBInstance on resource: shop-primary-drill with an explicit deny); allowed: a role with rds:DeleteDBInstance, which " +
        "the guard of the role that deploys denies; fix: run the drill with a role of its own " +
        "(docs/deploy-role.md#role-that-practises-the-restore)\n",
    );
  });

  it("waits while the daily backup is made, and takes an instance whose storage is optimized", async () => {
    const source = rds.add(name, { DBInstanceStatus: "backing-up" });
    let ticks = 0;
    onTick = () => {
      ticks += 1;
      if (ticks === 5) source.DBInstanceStatus = "storage-optimization";
    };
    const { code, stdout } = await drill();
    expect(code).to.equal(0);
    expect(stdout).to.contain("Waits while RDS makes the daily backup of shop-primary, for 1 min.\nBackups: of RDS");
  });

  it("goes on where a request is lost for some minutes, and gives up where none is answered", async () => {
    const lost = (many: number) => {
      let left = many;
      rds.onDescribe = ({ DBInstanceStatus }) => {
        if (DBInstanceStatus === "creating" && left-- > 0)
          throw Object.assign(new Error("connect ETIMEDOUT"), { code: "ETIMEDOUT" });
      };
    };
    lost(19);
    const { code, stdout } = await drill();
    expect([code, rds.changes.length]).to.deep.equal([0, 2]);
    expect(stdout.replaceAll("\n", " ")).to.contain(
      "shop-primary-drill is looked at again: RDS in us-east-1: given a request that it refuses (ETIMEDOUT",
    );
    rds.instances.delete(target);
    lost(21);
    expect((await drill()).stderr).to.contain("ETIMEDOUT");
    expect(rds.changes.slice(2)).to.deep.equal([`restore ${target}`, `delete ${target} with its backups`]);
  });

  it("deletes an instance that RDS has accepted, and does not show yet", async () => {
    const describe = rds.describeDBInstances.bind(rds);
    let lost = 21;
    rds.describeDBInstances = async (asked) => {
      if (asked.DBInstanceIdentifier === target && rds.changes.length > 0 && lost-- > 0)
        throw Object.assign(new Error("connect ETIMEDOUT"), { code: "ETIMEDOUT" });
      return describe(asked);
    };
    rds.onRestore = () => {
      rds.hidden.add(target);
    };
    // The first look of the removal finds none.
    onTick = () => {
      if (lost < 0) rds.hidden.clear();
    };
    const { stdout } = await drill();
    expect(stdout).to.contain("RDS does not show it yet");
    expect(rds.changes).to.deep.equal([`restore ${target}`, `delete ${target} with its backups`]);
  });

  describe("that a signal ends", () => {
    /** Runs a drill that ends the process. Returns the exit codes, and what was changed until then. */
    const ended = async () => {
      let changes: string[][] = [];
      const remove = cluster.remove.bind(cluster);
      // An API server takes a while, in which the drill goes on.
      cluster.remove = async (path) => {
        await nextTurn();
        return remove(path);
      };
      const codes = await withoutExit(async (exited) => {
        const running = drill();
        await exited;
        changes = [[...rds.changes], [...cluster.changes]];
        await running;
      });
      return { codes, changes };
    };

    const all = [`restore ${target}`, `delete ${target} with its backups`];
    const phases: [string, string[]][] = [
      [`${name} answers`, []],
      [`${name} is surveyed`, []],
      [`${name} writes`, []],
      [`${target} answers`, all],
      [`${target} is surveyed against 700`, all],
      [`${name} is surveyed against 700`, all],
    ];
    for (const [phase, changes] of phases)
      it(`while ${phase}: leaves no instance, pod or policy`, async () => {
        let sent = false;
        reach.onRun = (what) => {
          if (what === phase && !sent) sent = send("SIGINT") && send("SIGTERM");
        };
        expect(await ended()).to.deep.equal({ codes: [130], changes: [changes, [...created, ...removed]] });
      });

    it("while RDS is asked for it: leaves no instance", async () => {
      rds.onRestore = async () => {
        await nextTurn();
        send("SIGHUP");
        await nextTurn();
      };
      expect(await ended()).to.deep.equal({ codes: [129], changes: [all, [...created, ...removed]] });
    });

    it("while it is created, however often RDS refuses its deletion: leaves no instance", async () => {
      rds.refused.push("state", "state");
      let sent = false;
      onTick = () => {
        if (rds.instances.has(target) && !sent) sent = send("SIGTERM") && send("SIGINT");
      };
      expect(await ended()).to.deep.equal({ codes: [143], changes: [all, [...created, ...removed]] });
    });
  });

  it("names what a drill that was killed has left, and how it is deleted; another's it does not", async () => {
    rds.add(target, { TagList: [{ Key: "tierstack-drill", Value: "1" }] });
    expect(await refused()).to.equal(
      "RDS shop-primary-drill: given one of a drill that goes on, or was killed (available); allowed: none; fix: aws rds " +
        "delete-db-instance --db-instance-identifier shop-primary-drill --skip-final-snapshot --delete-automated-backups, if no " +
        "drill goes on\n",
    );
    rds.add(target);
    expect(await refused()).to.equal(
      "RDS shop-primary-drill: given one that no drill has made (available); allowed: none; fix: give it another name, or delete it\n",
    );
    rds.add(target, { DBInstanceStatus: "deleting" });
    expect(await refused()).to.contain("given one that is being deleted; allowed: none; fix: wait until it is gone");
    rds.instances.delete(target);
    cluster.put(pod, {});
    expect(await refused()).to.contain("fix: kubectl -n data delete pod rds-client, if nobody needs it");
  });

  it("refuses an instance that has nothing to restore, is not well, or is one of two", async () => {
    rds.add(name, { BackupRetentionPeriod: 0 });
    expect(await refused()).to.equal(
      "RDS shop-primary: given an instance without automated backups; allowed: one with a backup that can be restored; fix: set " +
        "postgres.backupRetentionDays in the stack's file\n",
    );
    rds.add(name, { LatestRestorableTime: undefined });
    expect(await refused()).to.contain("given an instance whose first backup is not made yet");
    rds.add(name, { DBInstanceStatus: "backing-up" });
    expect(await refused()).to.equal("RDS shop-primary: its daily backup is not made after 1 h\n");
    rds.add(name, { DBInstanceStatus: "stopped" });
    expect(await refused()).to.contain("given status stopped; allowed: available");
    rds.instances.delete(name);
    expect(await refused()).to.contain("given no such instance; allowed: that of the stack's output databaseEndpoint");
    rds.add(name);
    cluster.put(poolerPolicy, { spec: { egress: [{ to: [{ podSelector: {} }] }] } });
    expect(await refused()).to.contain("network policy data/pgbouncer: given one that names no addresses of RDS");
    cluster.put("/apis/batch/v1/namespaces/data/jobs/handover", {});
    expect(await refused()).to.equal(
      "Job data/handover: given a handover that is on: two databases, of which one is in use; allowed: one database; fix: finish " +
        "the handover or abort it first (docs/handover.md)\n",
    );
  });

  it("refuses words with exit code 2, before it connects", async () => {
    const { code, stderr } = await drill("shop-primary");
    expect([code, stderr, asked]).to.deep.equal([
      2,
      "command line: given shop-primary; allowed: no word; fix: remove it; a stack is named with -s\n",
      [],
    ]);
  });

  it("gives its instance a name that RDS takes, whatever the length", () => {
    expect(drillNameOf("a".repeat(63))).to.equal(`${"a".repeat(57)}-drill`);
    expect(drillNameOf(`${"a".repeat(56)}-bcdefg`)).to.equal(`${"a".repeat(56)}-drill`);
  });
});
