import { expect } from "chai";
import { archiveSeconds } from "../../../components/postgres/archive/settings";
import { until } from "../../long/support/instance";
import { Archived } from "./support/archived";
import { metricsNamespace } from "./support/node";
import { recordDrill } from "./support/record";
import { Drills } from "./support/world";
import { Writers } from "./support/writers";

const tenths = (milliseconds: number) => (milliseconds / 1000).toFixed(1);

describe("restore of Postgres from its archive", function () {
  this.timeout(600_000);
  let archived: Archived;
  let writers: Writers;

  before(async function () {
    archived = await Archived.start(this);
    writers = archived.also(await Writers.start(archived.server, 3));
  });
  after(() => archived?.stop());

  it("has a base backup from the first file of the log on, without a timer", () => {
    const [base, ...others] = archived.bases();
    expect(base).to.match(/^postgres\/base\/\d{4}-\d\d-\d\dT\d{6}Z\.tar\.gz$/);
    expect(others).to.deep.equal([]);
    const system = archived.ask("SELECT system_identifier FROM pg_control_system()");
    const [first, ...log] = archived.bucket.keys("postgres/wal/");
    expect(first).to.equal(`postgres/wal/${system}/000000010000000000000001.gap.gz`);
    expect(log[0]).to.equal(`postgres/wal/${system}/000000010000000000000001.gz`);
  });

  it("tells CloudWatch how old its backups are, with the AWS CLI", async () => {
    const { bucket, logs } = archived;
    const names = () => {
      const { Metrics } = JSON.parse(bucket.aws("cloudwatch", "list-metrics", "--namespace", metricsNamespace));
      return (Metrics as { MetricName: string; Dimensions: unknown[] }[])
        .map(({ MetricName, Dimensions }) => [MetricName, ...Dimensions])
        .sort();
    };
    await until(
      () => names().length > 0,
      () => `no metrics\n${logs.call(archived)}`,
      60,
    );
    expect(names()).to.deep.equal([["base"], ["dump"], ["log"]]);
  });

  it("goes back to a chosen second under writes: every row of before, none of after, what was dropped since is there", async () => {
    await writers.write(300);
    const to = new Date();
    await writers.write(300);
    archived.ask("DROP TABLE ballast");
    await archived.archive();

    const begin = performance.now();
    const restored = archived.fetched("chosen");
    const fetched = performance.now();
    expect(restored.run(to)).to.deep.equal({
      status: 0,
      stdout: `restored to ${to.toISOString().replace("Z", "+00")}\n`,
      stderr: "",
    });
    const [fetch, restore] = [fetched - begin, performance.now() - fetched].map(tenths);
    console.log(`      RTO: fetched in ${fetch} s, checked and restored in ${restore} s`);

    expect(restored.answer("SELECT count(*) FROM ballast")).to.equal("60000");
    expect(restored.answer("SELECT sum(balance) FROM accounts")).to.equal("0");
    for (const writer of writers.all) {
      const rows = Number(restored.answer(writer.count));
      expect(rows, "what was answered before the second").to.be.at.least(writer.answered(to));
      expect(rows, "what was asked for after the second").to.be.at.most(writer.asked(to));
      expect(restored.answer(writer.checksum(rows))).to.match(/^[0-9a-f]{32}$/);
      expect(restored.answer(writer.checksum(rows))).to.equal(archived.ask(writer.checksum(rows)));
    }
    restored.stop();
  });

  it("has the extensions, the roles and their rights, and takes writes", () => {
    const restored = archived.fetched("roles");
    expect(restored.run()).to.deep.include({ status: 0, stderr: "" });
    const sql = `SELECT string_agg(extname || ' ' || extversion, ',' ORDER BY extname) FROM pg_extension
      UNION ALL SELECT string_agg(rolname || coalesce(rolpassword, ''), ',' ORDER BY rolname) FROM pg_authid`;
    expect(restored.answer(sql)).to.equal(archived.ask(sql));
    expect(restored.ask("SET ROLE app; CREATE TABLE later (id int)")).to.deep.equal({
      status: 0,
      stdout: "",
      stderr: "",
    });
    expect(archived.ask("SELECT to_regclass('later') IS NULL")).to.equal("t");
    restored.stop();
  });

  it("is practised by a drill, which compares it with the running database while that is written to", async () => {
    const drills = new Drills(archived);
    // So that the drill does not wait for a minute until the file ends.
    const ends = setInterval(() => archived.ask("SELECT pg_switch_wal()"), 5_000);
    const writing = writers.write(2000);
    const { stdout, stderr } = await drills.run("restore", "--yes");
    clearInterval(ends);
    await writing;
    console.log(stdout.replaceAll(/^(?=.)/gm, "      "));
    // A busy machine may be slower than predicted; what is restored has to be right.
    const wrong = stdout.split("\n").filter((line) => line.startsWith("- ") && !/^- R[TP]O was /.test(line));
    expect([stderr, wrong]).to.deep.equal(["", []]);
    expect(stdout).to.match(/^Restored: \d+ tables, \d+ rows; extensions .*plpgsql [\d.]+\.$/m);
    expect(stdout).to.match(/^Measured: RTO .+, RPO .+\.$/m);
    const pod = "/api/v1/namespaces/data/pods/postgres-restore";
    expect(drills.cluster.changes).to.deep.equal([`POST ${pod}`, `DELETE ${pod}`]);
    recordDrill(stdout);
  });

  it("a time after the last commit: says when that was, and that without a time all of it comes back", async () => {
    const before = new Date();
    archived.ask("INSERT INTO ledger VALUES (-1, 1, 'the last')");
    const after = new Date();
    await archived.archive();
    const restored = archived.fetched("quiet");
    const { status, stdout, stderr } = restored.run(new Date(after.getTime() + 3_600_000));
    expect([status, stdout]).to.deep.equal([1, ""]);
    const said =
      /^ERROR: not restored: the last commit in the log was at (\S+ \S+)\+00, and the log has no gap: give no time, and all of it is restored, or an earlier one\n$/;
    expect(stderr).to.match(said);
    const commit = new Date(`${said.exec(stderr)?.[1]?.replace(" ", "T")}Z`);
    expect(commit).to.be.within(before, after);

    expect(restored.run()).to.deep.equal({ status: 0, stdout: "restored to the end of the log\n", stderr: "" });
    expect(restored.answer("SELECT text FROM ledger WHERE writer = -1")).to.equal("the last");
    restored.stop();
  });

  it("loses with the host what was not archived yet, and nothing else", async () => {
    await writers.write(100);
    await archived.archive();
    const safe = new Date();
    await writers.write(100);
    await archived.server.primary.kill();
    archived.node.stopSending();
    const restored = archived.fetched("lost");
    expect(restored.run()).to.deep.equal({ status: 0, stdout: "restored to the end of the log\n", stderr: "" });
    const lost = writers.all.map((writer) => {
      const rows = Number(restored.answer(writer.count));
      expect(rows).to.be.at.least(writer.answered(safe));
      return writer.total - rows;
    });
    console.log(
      `      RPO: ${lost.join(", ")} of the writes after the last file; a file ends after ${archiveSeconds} s at the latest`,
    );
  });
});
