import type { PooledServer } from "../../../long/support/pooler";

/**
 * Makes the user `postgres` of a server what RDS's master user is: it makes roles and databases, has the rights of RDS's own
 * roles, and is no superuser (RDS User Guide, "Understanding the rds_superuser role"). It cannot stand in for
 * `rds_replication`, which lets its members replicate by a patch of RDS: `letReplicate` gives a role the attribute instead.
 * On RDS the master may create the stack's extensions; here they are in the template before.
 */
export function actAsRds(server: PooledServer): { letReplicate(role: string): void } {
  const must = (user: string, database: string, sql: string) => {
    const { status, stderr } = server.primary.ask(user, database, sql);
    if (status !== 0) throw new Error(stderr);
  };
  const { passwords, verifiers } = server;
  must("postgres", "template1", "CREATE EXTENSION pg_stat_statements");
  // The superuser that a server begins with cannot be without the attribute, so the name goes to another role.
  must("postgres", "postgres", `CREATE ROLE app_b SUPERUSER LOGIN PASSWORD '${verifiers.app_b}'`);
  const master = [
    "ALTER ROLE postgres RENAME TO rdsadmin",
    `ALTER ROLE rdsadmin PASSWORD '${passwords.stats}'`,
    "CREATE ROLE rds_replication",
    `CREATE ROLE postgres LOGIN CREATEROLE CREATEDB PASSWORD '${passwords.postgres}'`,
    "GRANT rds_replication, pg_monitor, pg_create_subscription, pg_signal_backend, pg_checkpoint TO postgres WITH ADMIN OPTION",
  ];
  must("app_b", "postgres", master.join("; "));
  const asSuperuser = (sql: string) => {
    const env = { ...server.connection(server.ports.server, "stats"), PGUSER: "rdsadmin" };
    const { status, stderr } = server.sandbox.run(server.bin.psql, ["-XAtq", "-d", "postgres", "-c", sql], env);
    if (status !== 0) throw new Error(stderr);
  };
  asSuperuser("DROP ROLE app_b");
  return { letReplicate: (role) => asSuperuser(`ALTER ROLE ${role} REPLICATION`) };
}
