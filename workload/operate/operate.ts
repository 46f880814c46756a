import type { Cluster } from "ioredis";
import { type OperateAnswers, type OperateRequest, operateRequest } from "../../contract/operate";
import { type Config, ConfigError } from "../config";
import { change, heldSwitches } from "../patterns/switches";
import { connectWorker } from "../queue/connection";
import { withSession } from "../stores/direct";
import { Database } from "../stores/postgres";
import { connected } from "../stores/redis";
import { keysWith } from "./cache";
import { connections, endSession } from "./connections";
import { changeQueue, queueStates } from "./queues";

/** Milliseconds to wait for Redis. */
const connectMs = 5000;

/**
 * Reads a request.
 * @throws ConfigError  for anything else
 */
export function readRequest(words: readonly string[]): OperateRequest {
  const refuse = (given: string) =>
    new ConfigError([
      `operate: given ${given}; allowed: one request as JSON (contract/operate.ts); fix: use npm run ops`,
    ]);
  let content: unknown;
  try {
    content = JSON.parse(words.length === 1 ? (words[0] as string) : "");
  } catch {
    throw refuse(words.length === 1 ? "text that is not JSON" : `${words.length} words`);
  }
  const read = operateRequest.safeParse(content);
  if (read.success) return read.data;
  const fields = read.error.issues.map(({ path }) => path.join(".") || "the whole");
  throw refuse(`JSON in which ${fields.join(", ")} is not as allowed`);
}

/** Does work on a connection to Redis. */
async function withRedis<T>(config: Config, work: (redis: Cluster) => Promise<T>): Promise<T> {
  const redis = connectWorker(config);
  try {
    await connected(redis, connectMs);
    if (redis.status !== "ready") throw new Error("Redis did not answer");
    return await work(redis);
  } finally {
    redis.disconnect();
  }
}

async function withDatabase<T>(config: Config, work: (database: Database) => Promise<T>): Promise<T> {
  const database = new Database(config);
  try {
    return await work(database);
  } finally {
    await database.close();
  }
}

/** Does what a request asks for. */
export async function operate(config: Config, request: OperateRequest): Promise<OperateAnswers[OperateRequest["do"]]> {
  switch (request.do) {
    case "connections":
      return withSession(config, connections);
    case "end":
      return withSession(config, (client) => endSession(client, request.pid, request.started));
    default:
      return withRedis(config, (redis) => onRedis(redis, config, request));
  }
}

async function onRedis(
  redis: Cluster,
  config: Config,
  request: Exclude<OperateRequest, { do: "connections" | "end" }>,
): Promise<OperateAnswers[typeof request.do]> {
  switch (request.do) {
    case "switches":
      return heldSwitches(redis, config, Date.now());
    case "mode":
    case "limits": {
      const { do: name, value, seconds } = request;
      const untilMs = value !== null && seconds !== undefined ? { untilMs: Date.now() + seconds * 1000 } : {};
      await change(redis, { name, value: value === null ? undefined : String(value), ...untilMs });
      return heldSwitches(redis, config, Date.now());
    }
    case "queues":
      return queueStates(redis, request.queues);
    case "queue":
      return withDatabase(config, async (database) => ({
        jobs: await changeQueue({ redis, database }, request.act, request.queue),
      }));
    case "cache":
      return { keys: await keysWith(redis, request.prefix, request.remove) };
  }
}
