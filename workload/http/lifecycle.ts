import { setTimeout as sleep } from "node:timers/promises";
import type { App } from "./server";

/** Milliseconds that the stores have to close, after the last request. */
const closeMs = 1000;

/** Serves until SIGTERM or SIGINT. */
export async function serve(app: App): Promise<void> {
  const { server, context } = app;
  const { config, log, switches } = context;
  await switches.follow();
  // Every interface: the gateway and the kubelet are outside of the container.
  await server.listen({ port: config.PORT, host: "::" });
  const stop = (signal: NodeJS.Signals) => {
    if (context.stopping) return;
    log.info({ signal }, "stopping");
    void drain(app).finally(() => process.exit());
  };
  process.on("SIGTERM", stop).on("SIGINT", stop);
}

/**
 * Stops without losing a request: first the health check fails while requests are still served, then no connection is accepted
 * any more, and those in flight finish within their time. Then the stores are closed.
 */
async function drain({ server, context }: App): Promise<void> {
  const { chat, config, database, log, redis, switches } = context;
  context.stopping = true;
  await sleep(config.DRAIN_NOTICE_MS);
  const closed = server.close().then(() => "closed");
  const end = await Promise.race([closed, sleep(config.DRAIN_MS, "late", { ref: false })]);
  if (end === "late") {
    log.warn("requests were still running at the end of DRAIN_MS");
    server.server.closeAllConnections();
    await closed;
  }
  switches.stop();
  chat.close();
  redis.disconnect();
  // A transaction that nobody waits for any more ends with its connection.
  await Promise.race([database.close(), sleep(closeMs)]);
  log.info("stopped");
}
