/** Entry point of the application: `node workload/app.ts`. */
import { loadConfig, start } from "./config";
import { serve } from "./http/lifecycle";
import { buildApp } from "./http/server";
import { Database } from "./stores/postgres";
import { connectRedis } from "./stores/redis";
import { createLogger } from "./telemetry/logger";
import { Metrics } from "./telemetry/metrics";

void start(async () => {
  const config = loadConfig(process.env);
  const metrics = new Metrics();
  const options = {
    config,
    metrics,
    database: new Database(config, metrics),
    redis: connectRedis(config),
    log: createLogger(config),
  };
  await serve(buildApp(options));
});
