import { expect } from "chai";
import fc from "fast-check";
import {
  databases,
  defaults,
  forced,
  renderIni,
  renderUserlist,
  sizeSettings,
} from "../../../../components/postgres/pgbouncer/ini";
import { tiers } from "../../../../tiers";
import { connectionBudget, maxConnectionsOf } from "../../../../tiers/connections";

const { scale } = tiers;

function iniOf({ postgres, pgbouncer } = scale, readHosts = ["one.example", "two.example"]): string {
  const budget = connectionBudget(postgres, pgbouncer, maxConnectionsOf(postgres) ?? 0);
  const sizes = sizeSettings(pgbouncer, budget, readHosts.length);
  return renderIni({ databases: databases("primary.example", readHosts, budget), defaults, sizes, forced });
}

describe("pgbouncer.ini", () => {
  it("is this one at Scale", () => {
    expect(iniOf()).to.equal(`[databases]
app = host=primary.example port=5432 dbname=app max_db_connections=24
app_ro = host=one.example,two.example,one.example,two.example,one.example,two.example,primary.example port=5432 dbname=app max_db_connections=24 connect_query='SET default_transaction_read_only = on'
app_session = host=primary.example port=5432 dbname=app max_db_connections=5 pool_mode=session pool_size=5 reserve_pool=0

[pgbouncer]
auth_file = /etc/pgbouncer/userlist.txt
auth_type = scram-sha-256
client_login_timeout = 15
client_tls_cert_file = /etc/pgbouncer/tls.crt
client_tls_key_file = /etc/pgbouncer/tls.key
client_tls_sslmode = require
default_pool_size = 21
dns_max_ttl = 5
ignore_startup_parameters = extra_float_digits
listen_addr = 0.0.0.0
listen_backlog = 1024
listen_port = 5432
log_connections = 0
log_disconnections = 0
log_stats = 0
max_client_conn = 5000
max_prepared_statements = 50
pool_mode = transaction
query_wait_timeout = 30
reserve_pool_size = 3
reserve_pool_timeout = 3
server_check_delay = 10
server_connect_timeout = 3
server_idle_timeout = 300
server_lifetime = 1800
server_login_retry = 0.2
server_round_robin = 1
server_tls_ca_file = /etc/pgbouncer/server-ca.crt
server_tls_sslmode = verify-full
stats_users = pgbouncer_exporter
tcp_keepalive = 1
tcp_keepcnt = 3
tcp_keepidle = 30
tcp_keepintvl = 10
tcp_user_timeout = 60000
track_extra_parameters = IntervalStyle,default_transaction_read_only
unix_socket_dir = /tmp
`);
  });

  it("sends readers to the primary where there is no replica", () => {
    const text = iniOf(tiers.startup, []);
    expect(text).to.contain(
      "\napp_ro = host=primary.example port=5432 dbname=app max_db_connections=42 " +
        "connect_query='SET default_transaction_read_only = on'\n",
    );
    expect(text).to.contain("\nserver_round_robin = 0\n");
  });

  it("lets sizes win over defaults, and what is forced over both", () => {
    const text = renderIni({
      databases: {},
      defaults: { a: "default", b: "default", c: "default" },
      sizes: { b: "size", c: "size" },
      forced: { c: "forced" },
    });
    expect(text).to.equal("[databases]\n\n[pgbouncer]\na = default\nb = size\nc = forced\n");
  });

  it("never asks a server for more than it has, read back from the text", () => {
    const sizes = fc.record({
      place: fc.constantFrom("cluster" as const, "managed" as const),
      replicas: fc.nat(5),
      pods: fc.integer({ min: 1, max: 20 }),
      maxConnections: fc.integer({ min: 60, max: 5000 }),
      reserve: fc.nat(10),
      aimed: fc.integer({ min: 1, max: 500 }),
    });
    fc.assert(
      fc.property(sizes, ({ place, replicas, pods, maxConnections, reserve, aimed }) => {
        const postgres = { ...scale.postgres, place, managed: { ...scale.postgres.managed, replicas } };
        const pgbouncer = { ...scale.pgbouncer, replicas: pods, reservePoolSize: reserve, serverConnections: aimed };
        const budget = connectionBudget(postgres, pgbouncer, maxConnections);
        fc.pre(budget.poolSize > 0);
        const readHosts = place === "managed" ? Array.from({ length: replicas }, (_, at) => `r${at}`) : [];
        const text = renderIni({
          databases: databases("p", readHosts, budget),
          defaults,
          sizes: sizeSettings(pgbouncer, budget, readHosts.length),
          forced,
        });
        const value = (key: string) => Number(new RegExp(`^${key} = (\\d+)$`, "m").exec(text)?.[1]);
        // Every entry reaches the primary, and has a limit of its own.
        const entries = [...text.matchAll(/^app\S* = host=\S*\bp .*max_db_connections=(\d+)/gm)];
        expect(entries).to.have.length(3);
        const perPod = entries.reduce((sum, [, limit]) => sum + Number(limit), 0);
        expect(2 * pods * perPod).to.be.within(1, maxConnections - budget.headroom);
        const pool = value("default_pool_size") + value("reserve_pool_size");
        expect(perPod).to.equal(2 * pool + pgbouncer.sessionPoolSize);
      }),
    );
  });
});

describe("userlist.txt", () => {
  it("has a line a user, sorted", () => {
    expect(renderUserlist({ b: "SCRAM-SHA-256$2", a: "SCRAM-SHA-256$1" })).to.equal(
      '"a" "SCRAM-SHA-256$1"\n"b" "SCRAM-SHA-256$2"\n',
    );
  });
});
