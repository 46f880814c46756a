import { expect } from "chai";
import { bootstrapSql, extensions } from "../../../../components/postgres/bootstrap/sql";

describe("bootstrapSql", () => {
  const sql = bootstrapSql({ connectionLimit: 178, extensions });

  it("is the script, whole", () => {
    expect(sql).to.equal(`\\set ON_ERROR_STOP on
\\getenv verifier APP_PASSWORD_VERIFIER
SELECT 'CREATE ROLE app' WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'app') \\gexec
ALTER ROLE app WITH LOGIN CONNECTION LIMIT 178 PASSWORD :'verifier';
GRANT app TO CURRENT_USER;
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
