/**
 * Changes what every process follows: `node workload/switch.ts mode read-only`, `limits 2` (every limit twice as high), or
 * `off` (the environment's mode, limits as they are).
 */
import { readVariables, start, switchSchema } from "./config";
import { change, changeOf } from "./patterns/switches";
import { connected, connectRedis } from "./stores/redis";

/** Milliseconds to wait for a connection. */
const connectMs = 5000;

void start(async () => {
  const config = readVariables(switchSchema, process.env);
  const wanted = changeOf(process.argv.slice(2));
  const redis = connectRedis(config);
  try {
    await connected(redis, connectMs);
    const held = Object.entries(await change(redis, wanted)).map(([name, value]) => `${name} ${value}`);
    process.stdout.write(`${held.join(", ") || "off"}\n`);
  } catch (error) {
    process.stderr.write(
      `switch: Redis did not answer (${(error as Error).message}); fix: run it again once it does\n`,
    );
    process.exitCode = 1;
  } finally {
    redis.disconnect();
  }
});
