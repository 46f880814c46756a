/**
 * Real faults on real servers, through the exporters, Prometheus and Alertmanager of a stack to a mail, and what ends them.
 * Only the windows of the rules and the waits of Alertmanager are shorter than in a stack (support/hastened.ts).
 */
import { execFileSync } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, readFileSync, rmdirSync } from "node:fs";
import { connect as connectTcp } from "node:net";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { expect } from "chai";
import { Client } from "pg";
import { runbookOf } from "../../../components/observability/alerts/render";
import { jobsOf, metricsOf } from "../../../components/observability/alerts/rule";
import { rulesOf } from "../../../components/observability/alerts/rules";
import { versionOf } from "../../long/alerts/promtool";
import { until } from "../../long/support/instance";
import type { Process } from "../../long/support/pooler";
import { replicaHost, stopped } from "../../long/support/postgres";
import { goIsThere } from "../../support/exporters";
import type { WorkloadProcess } from "../support/workload";
import { Product } from "../workload/support/product";
import { login, recipient, Watch, watchedJobs } from "./support/watch";

/** Exported by a replica of Redis only. */
const ofReplicas = ["redis_master_link_up"];

describe("alerts of real faults reach a mail", function () {
  this.timeout(180_000);
  let product: Product;
  let app: WorkloadProcess;
  let pooler: Process;
  let watch: Watch;
  let clients: Client[] = [];

  before(async function () {
    this.timeout(600_000);
    if (!versionOf("prometheus") || !versionOf("prometheus-alertmanager")) {
      console.log(
        "    skipped: Prometheus or Alertmanager is not installed (Debian: prometheus prometheus-alertmanager)",
      );
      return this.skip();
    }
    if (!goIsThere()) {
      console.log("    skipped: Go is not installed, which builds the exporters");
      return this.skip();
    }
    product = await Product.start(this);
    pooler = product.pooler;
    product.sql(
      "INSERT INTO items (title, category, price_cents) SELECT 'item ' || n, 'a', n FROM generate_series(1, 500) n",
    );
    // What the rule about slots reads exists with a slot only.
    product.sql("SELECT pg_create_physical_replication_slot('watched', true)");
    app = await product.startApp();
    watch = await Watch.start(product, app.port);
    await until(
      async () => (await watch.ask("sum(up)")) === 7,
      () => "not every target is scraped",
      60,
    );
  });

  after(async () => {
    await watch?.close();
    await product?.close();
  });

  afterEach(async () => {
    await Promise.all(clients.map((client) => client.end().catch(() => {})));
    clients = [];
  });

  /** Opens a connection past PgBouncer or through it. */
  async function connect(port: number, user: "postgres" | "app" = "postgres"): Promise<Client> {
    const { passwords, tls } = product.server;
    const ssl = { ca: readFileSync(tls.ca), servername: "localhost" };
    const client = new Client({ host: "127.0.0.1", port, user, password: passwords[user], database: "app", ssl });
    client.on("error", () => {});
    await client.connect();
    clients.push(client);
    return client;
  }

  const direct = () => connect(product.server.ports.server);
  const pooled = () => connect(product.server.ports.pooler, "app");

  /** The state of an alert goes to a mail with its runbook. */
  async function told(alert: string, state: "firing" | "resolved", after: number, summary?: RegExp): Promise<void> {
    const { to, subject, text } = await watch.mailOf(alert, state, after, summary);
    expect(to).to.equal(recipient);
    expect(subject).to.match(state === "firing" ? /^(critical|warning): / : /./);
    expect(text).to.include(`runbook: ${runbookOf({ name: alert })}`);
  }

  /** A fault is told, and so is its end. */
  async function proves(alerts: Record<string, RegExp>, fault: () => unknown, cure: () => unknown): Promise<void> {
    const before = watch.mail.mails.length;
    await fault();
    for (const [alert, summary] of Object.entries(alerts)) await told(alert, "firing", before, summary);
    const then = watch.mail.mails.length;
    await cure();
    for (const alert of Object.keys(alerts)) await told(alert, "resolved", then);
  }

  /** Asks for items that no cache has, each from an address of its own. */
  let item = 0;
  const visit = (count: number) =>
    Promise.all(
      Array.from({ length: count }, () => {
        item += 1;
        return app.ask(`/items/${item}`, { headers: { "x-real-ip": `192.0.2.${item % 250}` } });
      }),
    );

  it("read metrics that the exporters have, each of them", async () => {
    await visit(20);
    const live = new Map<string, Set<string>>();
    const rules = rulesOf({ jobs: watchedJobs }).filter((rule) => jobsOf(rule).every((job) => job !== "prometheus"));
    const missing = async () => {
      for (const job of watchedJobs) live.set(job, new Set(await watch.names(job)));
      const all = new Set([...live.values()].flatMap((names) => [...names]));
      return rules
        .flatMap(({ expr }) => metricsOf(expr))
        .filter((metric) => !all.has(metric) && !ofReplicas.includes(metric));
    };
    await until(
      async () => (await missing()).length === 0,
      () => "metrics of rules are missing",
      30,
    ).catch(() => {});
    expect(await missing()).to.deep.equal([]);
  });

  it("the trial of the documentation, as it shows it, after a login at the mail server", async () => {
    const page = readFileSync(join(__dirname, "../../../docs/observability.md"), "utf8");
    const [, command = "", options = ""] = /kubectl .* -- (amtool .*)\\\n(.*)\n/.exec(page) ?? [];
    const [, subject, text = ""] = /\nSubject: (.*)\n\n([\s\S]*?)\n```/.exec(page) ?? [];
    execFileSync("sh", ["-c", `${command} ${options}`.replace("http://127.0.0.1:9093", watch.url("alertmanager"))]);
    const mail = await watch.mailOf("Trial", "firing");
    expect(mail.subject).to.equal(subject);
    const lines = (shown: string) =>
      shown
        .trim()
        .replace(/\r/g, "")
        .replace(/since .* UTC/, "since TIME UTC");
    expect(lines(mail.text)).to.contain(lines(text));
    expect([...watch.mail.logins]).to.deep.equal([`${login.user}:${login.password}`]);
  });

  it("a certificate that is about to expire", () =>
    proves(
      { CertificateAlmostExpired: /expires in 5\.0 days/ },
      () => watch.certificatesExpireIn(5),
      () => watch.certificatesExpireIn(365),
    ));

  it("a configuration that Prometheus refuses", () =>
    proves(
      { ConfigurationRefused: /the new one was refused/ },
      async () => expect(await watch.reload({ scrape_configs: "none" })).to.equal(false),
      async () => expect(await watch.reload()).to.equal(true),
    ));

  it("maintenance that nobody ended", () => {
    const switched = async (...words: string[]) => (await product.startCommand("switch.ts", ...words)).succeeded();
    return proves(
      { MaintenanceForgotten: /has been in maintenance or read-only/ },
      () => switched("mode", "maintenance"),
      () => switched("off"),
    );
  });

  it("a mail server that refuses mails, once it takes them again", () =>
    proves(
      { MailsFail: /notifications by email failed/ },
      async () => {
        watch.mail.refuses = true;
        await watch.certificatesExpireIn(5);
        await until(
          async () => (await watch.ask('sum(ALERTS{alertname="MailsFail",alertstate="firing"})')) === 1,
          () => "MailsFail does not fire",
          90,
        );
        watch.mail.refuses = false;
      },
      () => watch.certificatesExpireIn(365),
    ));

  it("an Alertmanager that was away", () =>
    proves(
      { AlertsDropped: /could not hand over/ },
      async () => {
        await watch.stopAlertmanager();
        await until(
          async () => (await watch.ask('sum(ALERTS{alertname="AlertsDropped",alertstate="firing"})')) === 1,
          () => "AlertsDropped does not fire",
          90,
        );
        watch.startAlertmanager();
      },
      () => {},
    ));

  it("requests that fail", () =>
    proves(
      { ErrorsHigh: /% of the requests in app fail \(limit 5 %\)/ },
      async () => {
        product.sql("ALTER TABLE items RENAME TO items_away");
        for (let round = 0; round < 12; round++) {
          const answers = await visit(3);
          expect(answers.map(({ status }) => status)).to.deep.equal([500, 500, 500]);
          await sleep(1000);
        }
      },
      () => product.sql("ALTER TABLE items_away RENAME TO items"),
    ));

  it("clients that wait for a pool whose connections are all held", async () => {
    const size = await watch.ask('max(pgbouncer_databases_pool_size{name="app"})');
    const held: Client[] = [];
    let waiting: Promise<unknown> = Promise.resolve();
    await proves(
      {
        PgBouncerClientsWait: /Clients wait \d+ s for a connection to app of pgbouncer-1/,
        PgBouncerPoolExhausted: /% of the pool app of pgbouncer-1 are in use/,
      },
      async () => {
        // The reserve is opened too.
        for (let n = 0; n < (size as number) + 3; n++) held.push(await pooled());
        await Promise.all(held.map((client) => client.query("BEGIN").catch(() => {})));
        waiting = (await pooled()).query("SELECT 1").catch(() => {});
      },
      async () => {
        await Promise.all(held.map((client) => client.query("ROLLBACK").catch(() => {})));
        await waiting;
      },
    );
  });

  it("a transaction that nobody ends", async () => {
    const client = await direct();
    const { rows } = await client.query("SELECT pg_backend_pid() AS pid");
    await proves(
      { PostgresTransactionLong: /A transaction of postgres in app on localhost:\d+\/app has run for \d+ s/ },
      () => client.query("BEGIN"),
      () => product.sql(`SELECT pg_terminate_backend(${rows[0].pid})`),
    );
  });

  it("deadlocks", async () => {
    const [one, other] = [await direct(), await direct()];
    const update = (client: Client, id: number) => client.query(`UPDATE items SET title = title WHERE id = ${id}`);
    await proves(
      { PostgresDeadlocks: /deadlocks in app on localhost/ },
      async () => {
        for (let n = 0; n < 4; n++) {
          await one.query("BEGIN");
          await other.query("BEGIN");
          await update(one, 1);
          await update(other, 2);
          const results = await Promise.allSettled([update(one, 2), update(other, 1)]);
          expect(results.filter(({ status }) => status === "rejected")).to.have.length(1);
          await one.query("ROLLBACK");
          await other.query("ROLLBACK");
        }
      },
      () => {},
    );
  });

  it("a replica that falls behind", () => {
    const replica = (sql: string) => product.sql(sql, product.replica);
    return proves(
      { PostgresReplicaLags: /Replica 127\.0\.0\.2:\d+\/app is \d+ s behind its primary/ },
      () => {
        replica("SELECT pg_wal_replay_pause()");
        product.sql("UPDATE items SET title = title WHERE id < 10");
      },
      () => replica("SELECT pg_wal_replay_resume()"),
    );
  });

  it("connections that are almost used up", async () => {
    const most = Number(product.sql("SHOW max_connections"));
    await proves(
      { PostgresConnectionsExhausted: /% of the connections of Postgres localhost:\d+\/app are in use \(limit 90 %\)/ },
      async () => {
        const used = Number(product.sql("SELECT sum(numbackends) FROM pg_stat_database"));
        for (let n = used; n < Math.ceil(most * 0.92); n++) await direct();
      },
      () =>
        product.sql(
          "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE usename = 'postgres' AND state = 'idle'",
        ),
    );
  });

  it("a Redis whose memory is almost full", () => {
    const port = product.redis.masterOf("fill:{a}");
    const most = Number(/maxmemory:(\d+)/.exec(product.redis.ask(port, "info", "memory"))?.[1]);
    const megabytes = Math.floor((most * 0.93) / 2 ** 20);
    const fill = `for i = 1, ${megabytes} do redis.call('set', KEYS[1] .. i, string.rep('x', 1048000)) end`;
    const empty = `for i = 1, ${megabytes} do redis.call('del', KEYS[1] .. i) end`;
    return proves(
      { RedisMemoryFull: /% of the memory of Redis rediss:\/\/localhost:\d+ is in use \(limit 90 %\)/ },
      () => product.redis.ask(port, "eval", fill, "1", "fill:{a}"),
      () => product.redis.ask(port, "eval", empty, "1", "fill:{a}"),
    );
  });

  it("a Redis whose connections are almost used up", async () => {
    const port = product.redis.masterOf("any");
    const idle = Array.from({ length: 10 }, () => connectTcp(port, "127.0.0.1").on("error", () => {}));
    await Promise.all(idle.map((socket) => once(socket, "connect")));
    await proves(
      { RedisConnectionsHigh: /% of the connections of Redis rediss:\/\/localhost:\d+ are in use/ },
      () => {
        const used = Number(/connected_clients:(\d+)/.exec(product.redis.ask(port, "info", "clients"))?.[1]);
        product.redis.ask(port, "config", "set", "maxclients", String(used + 1));
      },
      () => {
        for (const socket of idle) socket.destroy();
        product.redis.ask(port, "config", "set", "maxclients", "10000");
      },
    );
  });

  it("a Redis that cannot write to its disk", () => {
    const port = product.redis.masterOf("any");
    // A folder stands where the file should be.
    const blocked = join(product.redis.folder, "node-0", "dump.rdb");
    return proves(
      { RedisNotPersisted: /cannot write its data to disk/ },
      () => {
        mkdirSync(blocked);
        product.redis.ask(port, "bgsave");
      },
      () => {
        rmdirSync(blocked);
        product.redis.ask(port, "bgsave");
      },
    );
  });

  it("a slot of the Redis cluster without a master", () => {
    const port = product.redis.masterOf("any");
    return proves(
      { RedisClusterBroken: /refuses commands/ },
      () => product.redis.ask(port, "cluster", "delslots", "0"),
      () => product.redis.ask(port, "cluster", "addslots", "0"),
    );
  });

  it("a Redis that is gone", () => {
    const port = product.redis.masterOf("any");
    return proves(
      { RedisDown: /Redis rediss:\/\/localhost:\d+ does not answer/ },
      () => product.redis.kill(port),
      () => product.redis.restart(port),
    );
  });

  it("a PgBouncer that is gone", () =>
    proves(
      { PgBouncerDown: /No PgBouncer answers/ },
      () => stopped(pooler, "SIGKILL"),
      async () => {
        pooler = await product.server.startPooler(undefined, undefined, [replicaHost]);
      },
    ));

  it("a Postgres that is gone, which hides what follows from it", async () => {
    const before = watch.mail.mails.length;
    // For the next fault: takes effect with the restart.
    product.sql("ALTER SYSTEM SET archive_mode = 'on'");
    product.sql("ALTER SYSTEM SET archive_command = 'true'");
    await proves(
      { PostgresDown: /Postgres localhost:\d+\/app does not answer/ },
      async () => {
        await product.server.stopServer();
        for (let round = 0; round < 10; round++) {
          await visit(3);
          await sleep(500);
        }
      },
      () => product.server.primary.start(),
    );
    const others = watch.mail.mails.slice(before).filter(({ text }) => /ErrorsHigh, firing/.test(text));
    expect(others).to.deep.equal([]);
  });

  it("WAL that cannot be archived", () => {
    const command = (text: string) => {
      product.sql(`ALTER SYSTEM SET archive_command = '${text}'`);
      product.sql("SELECT pg_reload_conf()");
    };
    return proves(
      { PostgresArchiveFails: /could not archive WAL \d+ times/ },
      () => {
        command("false");
        product.sql("SELECT pg_switch_wal()");
      },
      () => command("true"),
    );
  });

  it("an application that cannot be scraped", () =>
    proves(
      { TargetDown: /app app-1 \(127\.0\.0\.1:\d+\) cannot be scraped/ },
      () => app.kill(),
      async () => {
        app = await product.startApp();
        await watch.scrapeApp(app.port);
      },
    ));
});
