import { expect } from "chai";
import { bootstrapSql, extensions, superuserSql } from "../../../../components/postgres/bootstrap/sql";

describe("bootstrapSql", () => {
  const sql = bootstrapSql({ connectionLimit: 178, extensions });

  it("is the script, whole", () => {
    expect(sql).to.equal(`\\set ON_ERROR_STOP on
\\getenv verifier VERIFIER_APP
SELECT 'CREATE ROLE app' WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'app') \\gexec
ALTER ROLE app WITH LOGIN CONNECTION LIMIT 178 PASSWORD :'verifier';
GRANT app TO CURRENT_USER;
\\getenv verifier VERIFIER_APP_B
SELECT 'CREATE ROLE app_b' WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'app_b') \\gexec
ALTER ROLE app_b WITH LOGIN CONNECTION LIMIT 178 PASSWORD :'verifier';
GRANT app TO app_b;
ALTER ROLE app_b SET role = 'app';
SELECT 'CREATE DATABASE app OWNER app'
  WHERE NOT EXISTS (SELECT FROM pg_database WHERE datname = 'app') \\gexec
ALTER DATABASE app OWNER TO app;
REVOKE ALL ON DATABASE app FROM PUBLIC;
\\connect app
ALTER SCHEMA public OWNER TO app;
CREATE EXTENSION IF NOT EXISTS vector;
CREATE EXTENSION IF NOT EXISTS pg_stat_statements;
`);
  });
});

describe("bootstrapSql, with an exporter", () => {
  it("makes a role that reads statistics, once its database is there, and nothing else", () => {
    const lines = (monitoring: boolean) => bootstrapSql({ connectionLimit: 178, extensions, monitoring }).split("\n");
    const [without, script] = [lines(false), lines(true)];
    const at = without.indexOf("REVOKE ALL ON DATABASE app FROM PUBLIC;") + 1;
    expect(script.slice(at, at + 5)).to.deep.equal([
      "\\getenv verifier VERIFIER_MONITOR",
      "SELECT 'CREATE ROLE monitor' WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'monitor') \\gexec",
      "ALTER ROLE monitor WITH LOGIN CONNECTION LIMIT 4 PASSWORD :'verifier';",
      "GRANT pg_monitor TO monitor;",
      "GRANT CONNECT ON DATABASE app TO monitor;",
    ]);
    expect([...script.slice(0, at), ...script.slice(at + 5)]).to.deep.equal(without);
  });
});

describe("bootstrapSql, where there can be a handover", () => {
  const given = (handover?: "source" | "target" | "possible" | "over") =>
    bootstrapSql({ connectionLimit: 178, extensions, handover });
  /** Lines that one script has and the other has not. */
  const more = (script: string, than: string) => script.split("\n").filter((line) => !than.split("\n").includes(line));

  it("lets no client come to an empty instance after a handover, beside what it refuses where there could have been one", () => {
    const added = more(given("over"), given("possible"));
    expect(more(given("possible"), given("over"))).to.deep.equal([]);
    expect(added[0]).to.equal(
      "DO $$ BEGIN IF NOT EXISTS (SELECT FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace",
    );
    expect(added.at(-1)).to.equal(
      "  RAISE EXCEPTION 'app: given a database without tables, on the instance of postgres.generation; allowed: the one that " +
        "a handover has led to, or that it has left and gone back to; fix: set handover, or postgres.generation to the instance " +
        "in use (docs/handover.md#a-server-is-refused)';",
    );
  });

  it("refuses a server whose roles a handover has shut out, first of all, and ends the engine's role", () => {
    const [first, ...lines] = given("possible").split("\n");
    expect(first).to.equal("\\set ON_ERROR_STOP on");
    expect(lines.slice(0, 4)).to.deep.equal([
      "DO $$ BEGIN IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'app' AND NOT rolcanlogin) THEN",
      "  RAISE EXCEPTION 'app: given a role without LOGIN, because a handover has left this server to the other one; " +
        "allowed: the server in use; fix: switch, or set the tier of the other server " +
        "(docs/handover.md#a-server-is-refused)';",
      "END IF; END $$;",
      "SELECT 'ALTER ROLE handover NOLOGIN' WHERE EXISTS (SELECT FROM pg_roles WHERE rolname = 'handover') \\gexec",
    ]);
    expect([first, ...lines.slice(4)].join("\n")).to.equal(given());
  });

  it("leaves LOGIN to a handover that is on: only a new role has it", () => {
    expect(given("source")).to.not.match(/ALTER ROLE app\w* WITH LOGIN/);
    expect(more(given("source"), given()).slice(0, 4)).to.deep.equal([
      "SELECT 'CREATE ROLE app LOGIN' WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'app') \\gexec",
      "ALTER ROLE app WITH CONNECTION LIMIT 178 PASSWORD :'verifier';",
      "SELECT 'CREATE ROLE app_b LOGIN' WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'app_b') \\gexec",
      "ALTER ROLE app_b WITH CONNECTION LIMIT 178 PASSWORD :'verifier';",
    ]);
  });

  it("refuses to lead to a database with tables that no handover in progress has copied", () => {
    const added = more(given("target"), given("source"));
    expect(added).to.deep.equal([
      "DO $$ DECLARE in_progress boolean := false; BEGIN",
      "  IF to_regclass('handover.ledger') IS NOT NULL THEN",
      "    EXECUTE 'SELECT EXISTS (SELECT FROM handover.ledger WHERE phase NOT IN (''new'', ''aborted'', ''finished''))' " +
        "INTO in_progress;",
      "  END IF;",
      "  IF NOT in_progress AND EXISTS (SELECT FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace",
      "    WHERE c.relkind IN ('r', 'p') AND n.nspname !~ '^(pg_.*|information_schema|handover)$'",
      "      AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.objid = c.oid AND d.deptype = 'e')) THEN",
      "    RAISE EXCEPTION 'app: given a database with tables, which no handover in progress has copied; allowed: an empty " +
        "database on the server that a handover leads to; fix: remove handover if this server is in use; if its " +
        "data is old, empty it or take another instance (docs/handover.md#a-server-is-refused)';",
      "  END IF;",
      "END $$;",
    ]);
    expect(
      given("target")
        .split("\n")
        .indexOf(added[0] as string),
    ).to.equal(given("target").split("\n").indexOf("\\connect app") + 1);
  });

  it("gives the engine's role what it needs, on either server, and not the superuser's rights", () => {
    expect(more(given("source"), given()).slice(4)).to.deep.equal([
      "\\getenv verifier VERIFIER_HANDOVER",
      "SELECT 'CREATE ROLE handover' WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'handover') \\gexec",
      "ALTER ROLE handover WITH LOGIN CREATEROLE PASSWORD :'verifier';",
      "SELECT 'ALTER ROLE handover REPLICATION'",
      "  WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'rds_replication') \\gexec",
      "SELECT 'GRANT rds_replication TO handover' WHERE EXISTS (SELECT FROM pg_roles WHERE rolname = 'rds_replication') \\gexec",
      "SELECT 'GRANT pg_create_subscription TO handover' WHERE EXISTS (SELECT FROM pg_roles WHERE rolname = " +
        "'pg_create_subscription') \\gexec",
      "GRANT pg_monitor TO handover;",
      "GRANT handover TO CURRENT_USER;",
      "GRANT app, app_b TO handover WITH ADMIN OPTION;",
      "ALTER ROLE handover SET statement_timeout = 0;",
      "ALTER ROLE handover SET idle_in_transaction_session_timeout = 0;",
    ]);
  });
});

describe("superuserSql", () => {
  it("sets a verifier, so that no log has the password", () => {
    expect(superuserSql()).to.equal(`\\set ON_ERROR_STOP on
\\getenv verifier VERIFIER_POSTGRES
ALTER ROLE postgres PASSWORD :'verifier';
`);
  });
});
