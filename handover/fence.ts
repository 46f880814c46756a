import { setTimeout as sleep } from "node:timers/promises";
import { quoted } from "./database";

/** What the fence asks its server: a `Database`, or a connection of a switch. */
export interface Asker {
  query<Row extends object>(sql: string, values?: unknown[]): Promise<Row[]>;
}

/** Roles of the list that exist, by whether they can log in. */
export async function doors(asker: Asker, roles: string[]): Promise<{ open: string[]; closed: string[] }> {
  const rows = await asker.query<{ name: string; open: boolean }>(
    "SELECT rolname AS name, rolcanlogin AS open FROM pg_roles WHERE rolname = ANY($1)",
    [roles],
  );
  const names = (open: boolean) => rows.filter((row) => row.open === open).map(({ name }) => name);
  return { open: names(true), closed: names(false) };
}

const alter = (roles: string[], change: string) =>
  roles.map((role) => `ALTER ROLE ${quoted(role)} ${change};`).join(" ");

/** Milliseconds for the sessions of a fenced role to end. */
const endLimitMs = 30_000;

/**
 * Closes a server to the clients' roles: no new login, and the end of every session. Returns once the last has ended, and so
 * with it the last commit.
 */
export async function fence(asker: Asker, roles: string[]): Promise<void> {
  const { open } = await doors(asker, roles);
  if (open.length > 0) await asker.query(alter(open, "NOLOGIN"));
  const end = performance.now() + endLimitMs;
  // A login that began before NOLOGIN may end after it: so again until none is there.
  while (performance.now() < end) {
    const sql = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = ANY($1)";
    if ((await asker.query(sql, [roles])).length === 0) return;
    await sleep(2);
  }
  throw new Error(`sessions of ${roles.join(", ")} did not end within ${endLimitMs} ms`);
}

/** Opens a server to the clients' roles. */
export async function unfence(asker: Asker, roles: string[]): Promise<void> {
  const { closed } = await doors(asker, roles);
  if (closed.length > 0) await asker.query(alter(closed, "LOGIN"));
}

/** Clients in a transaction or a statement. */
export async function busyClients(asker: Asker, roles: string[]): Promise<number> {
  const sql = "SELECT pid FROM pg_stat_activity WHERE usename = ANY($1) AND state <> 'idle'";
  return (await asker.query(sql, [roles])).length;
}
