/**
 * A server whose knee is known by construction, in a process of its own: a pool of places, each for one request at a
 * time; what finds none waits. Arguments: places, milliseconds in one, and what makes it longer: `sigma` for those who
 * wait for each other, `kappa` for those who agree with each other (the universal scalability law), or `cpu`, where the
 * time is spent computing.
 */
import { createServer } from "node:http";

const [places = 1, serviceMs = 10, sigma = 0, kappa = 0] = process.argv.slice(2).map(Number);
const computes = process.argv.includes("cpu");
const waiting: (() => void)[] = [];
let busy = 0;

/** By the law a request takes this long while n are served: then n of them have the throughput of the law. */
const lengthOf = (n: number) => serviceMs * (1 + sigma * (n - 1) + kappa * n * (n - 1));

function compute(ms: number): void {
  const end = performance.now() + ms;
  while (performance.now() < end);
}

async function serve(): Promise<void> {
  if (busy >= places) await new Promise<void>((resolve) => waiting.push(resolve));
  else busy++;
  if (computes) compute(serviceMs);
  else await new Promise((resolve) => setTimeout(resolve, lengthOf(busy)));
  const next = waiting.shift();
  if (next) next();
  else busy--;
}

const metrics = () =>
  [
    `process_cpu_seconds_total ${process.cpuUsage().user / 1e6 + process.cpuUsage().system / 1e6}`,
    ...(computes
      ? []
      : [
          `database_pool_connections{pool="primary",state="busy"} ${busy}`,
          `database_pool_connections{pool="primary",state="idle"} ${places - busy}`,
          `database_pool_connections{pool="primary",state="waiting"} ${waiting.length}`,
        ]),
  ].join("\n");

const server = createServer(async ({ url }, answer) => {
  if (url === "/metrics") answer.end(`${metrics()}\n`);
  else {
    await serve();
    answer.end("{}");
  }
});
server.listen(0, "127.0.0.1", () => process.stdout.write(`${(server.address() as { port: number }).port}\n`));
