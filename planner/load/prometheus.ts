/** Metrics in the text format of Prometheus, and what they say of a resource. */

/** Values of a metric, each with its labels as they stand. */
export type Scrape = Map<string, { labels: string; value: number }[]>;

/** Reads metrics. Lines of another form are none. */
export function parseMetrics(text: string): Scrape {
  const found: Scrape = new Map();
  for (const line of text.split("\n")) {
    const [, name, labels = "", value] = /^([a-zA-Z_:][\w:]*)(?:\{(.*)\})?\s+(\S+)/.exec(line) ?? [];
    if (name === undefined || value === undefined || !Number.isFinite(Number(value))) continue;
    found.set(name, [...(found.get(name) ?? []), { labels, value: Number(value) }]);
  }
  return found;
}

const sumOf = (scrape: Scrape, name: string, label = ""): number | undefined => {
  const own = (scrape.get(name) ?? []).filter(({ labels }) => labels.includes(label));
  return own.length === 0 ? undefined : own.reduce((sum, { value }) => sum + value, 0);
};

/** What a scrape says: counters of CPU, and connections in use. */
export interface Reading {
  /** Seconds of CPU so far: of the process, or of the machine. */
  cpuSeconds?: number;
  /** CPUs that there are. One thread runs a process of Node, PgBouncer and Redis. */
  cpus?: number;
  /** Connections of the pools in use at the moment. */
  busy?: number;
  /** Seconds that transactions took so far, together. */
  heldSeconds?: number;
  /** Connections that the pools may open; where they do not say, those that are open. */
  pool?: number;
}

/** The pools of the reference workload by state. */
const pools = "database_pool_connections";

/**
 * Its transactions. The seconds that they took tell how many there were at a time, on average. The gauge tells less: a
 * process answers for its metrics between transactions, so it sees fewer than there are.
 */
const transactions = "database_transaction_duration_seconds_sum";

/** Reads what is known of a scrape: node_exporter's CPUs, or those of the process; the pools of the reference workload. */
export function readingOf(scrape: Scrape): Reading {
  const machine = (scrape.get("node_cpu_seconds_total") ?? []).filter(
    ({ labels }) => !/mode="(idle|iowait)"/.test(labels),
  );
  const ids = new Set(machine.map(({ labels }) => /cpu="([^"]*)"/.exec(labels)?.[1]));
  const own = sumOf(scrape, "process_cpu_seconds_total");
  const cpuSeconds = machine.length > 0 ? machine.reduce((sum, { value }) => sum + value, 0) : own;
  const busy = sumOf(scrape, pools, 'state="busy"');
  const heldSeconds = sumOf(scrape, transactions);
  const idle = sumOf(scrape, pools, 'state="idle"') ?? 0;
  return {
    ...(cpuSeconds !== undefined && { cpuSeconds, cpus: machine.length > 0 ? ids.size : 1 }),
    ...(busy !== undefined && { busy, pool: sumOf(scrape, pools, 'state="maximum"') ?? busy + idle }),
    ...(busy !== undefined && heldSeconds !== undefined && { heldSeconds }),
  };
}
