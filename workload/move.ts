/**
 * Moves queues and keys from one Redis to another: `node workload/move.ts keys|jobs`. `keys` before the rollout to the new
 * Redis and after it, `jobs` after it. Both may be killed and run again.
 */
import { ConfigError, moveSchema, readVariables, start } from "./config";
import { connectWorker } from "./queue/connection";
import { MoveRefused, moveJobs } from "./queue/move/jobs";
import { copyKeys } from "./queue/move/keys";
import { LeaseLost } from "./queue/move/lease";
import { createLogger } from "./telemetry/logger";

const parts = ["keys", "jobs"];

void start(async () => {
  const config = readVariables(moveSchema, process.env);
  const [part = ""] = process.argv.slice(2);
  if (!parts.includes(part))
    throw new ConfigError([`move: given ${part || "nothing"}; allowed: ${parts.join(", ")}; fix: name one`]);
  const log = createLogger(config);
  const from = connectWorker({ REDIS_URL: config.OLD_REDIS_URL });
  const to = connectWorker(config);
  try {
    if (part === "keys") return log.info(await copyKeys(from, to), "keys");
    const queues = await moveJobs(from, to, { waitMs: config.MOVE_WAIT_SECONDS * 1000 });
    log.info({ queues }, "jobs");
    const left = Object.values(queues).reduce((sum, queue) => sum + queue.left, 0);
    if (left > 0) {
      process.stderr.write(`move: ${left} jobs still run on old workers; run it again once they are gone\n`);
      process.exitCode = 1;
    }
  } catch (error) {
    if (!(error instanceof MoveRefused || error instanceof LeaseLost)) throw error;
    process.stderr.write(`${error.message}\n`);
    process.exitCode = 1;
  } finally {
    for (const redis of [from, to]) redis.disconnect();
  }
});
