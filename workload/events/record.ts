import type { Client } from "../stores/postgres";

/** What is noted in `events`, for later questions about jobs and money. */
export type EventKind = "job.submitted" | "credits.bought" | "payment.received";

const insert = "INSERT INTO events (kind, user_id, data) VALUES ($1, $2, $3)";

/** Adds an event in the transaction of what it tells, so that there is neither without the other. */
export async function record(client: Client, kind: EventKind, userId: string | number, data: object): Promise<void> {
  await client.query(insert, [kind, userId, JSON.stringify(data)]);
}
