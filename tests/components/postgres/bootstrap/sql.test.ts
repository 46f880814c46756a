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

describe("superuserSql", () => {
  it("sets a verifier, so that no log has the password", () => {
    expect(superuserSql()).to.equal(`\\set ON_ERROR_STOP on
\\getenv verifier VERIFIER_POSTGRES
ALTER ROLE postgres PASSWORD :'verifier';
`);
  });
});
