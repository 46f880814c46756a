/**
 * A server whose knee is known by construction, in a process of its own. It has a pool of places, each for one request at a
 * time, which it opens as it needs them, as pg's pool does; a request that finds none free waits. Arguments: the number of
 * places, the milliseconds that a request takes, and sigma and kappa of the universal scalability law, by which requests take
 * longer the more there are.
 */
import { createServer } from "node:http";

const [places = 1, serviceMs = 10, sigma = 0, kappa = 0] = process.argv.slice(2).map(Number);
const waiting: (() => void)[] = [];
let busy = 0;
let open = 0;
let heldMs = 0;

/** How long a request takes while n are served: then n of them have the throughput of the law. */
const lengthOf = (n: number) => serviceMs * (1 + sigma * (n - 1) + kappa * n * (n - 1));

async function serve(): Promise<void> {
  const begin = performance.now();
  if (busy >= places) await new Promise<void>((resolve) => waiting.push(resolve));
  else open = Math.max(open, ++busy);
  await new Promise((resolve) => setTimeout(resolve, lengthOf(busy)));
  heldMs += performance.now() - begin;
  const next = waiting.shift();
  // The next that waits takes the place over.
  if (next) next();
  else busy--;
}

const metrics = () =>
  [
    `process_cpu_seconds_total ${process.cpuUsage().user / 1e6 + process.cpuUsage().system / 1e6}`,
    `database_pool_connections{pool="primary",state="busy"} ${busy}`,
    `database_pool_connections{pool="primary",state="idle"} ${open - busy}`,
    `database_pool_connections{pool="primary",state="maximum"} ${places}`,
    `database_pool_connections{pool="primary",state="waiting"} ${waiting.length}`,
    `database_transaction_duration_seconds_sum{pool="primary"} ${heldMs / 1000}`,
  ].join("\n");

const server = createServer(async ({ url }, answer) => {
  if (url === "/metrics") answer.end(`${metrics()}\n`);
  else {
    await serve();
    answer.end("{}");
  }
});
server.listen(0, "127.0.0.1", () => process.stdout.write(`${(server.address() as { port: number }).port}\n`));
