/** How busy the resources of a stack are while it is under load, from metrics that they serve. */
import type { Measurable } from "../capacity/load-test";
import { parseMetrics, type Reading, readingOf } from "./prometheus";

/** Where a resource serves metrics. */
export interface Source {
  resource: Exclude<Measurable, "connections">;
  url: string;
}

/** Shares from 0 to 1, and what they are shares of: CPUs, or connections. */
export interface Sample {
  atMs: number;
  utilisation: Partial<Record<Measurable, number>>;
  sizes: Partial<Record<Measurable, number>>;
}

type Readings = { atMs: number; readings: (Reading | undefined)[] };

/** A metrics endpoint that takes longer has no reading, in milliseconds. */
const timeoutMs = 2000;

async function read({ url }: Source): Promise<Reading | undefined> {
  try {
    const answer = await fetch(url, { signal: AbortSignal.timeout(timeoutMs) });
    return answer.ok ? readingOf(parseMetrics(await answer.text())) : undefined;
  } catch {
    return undefined;
  }
}

const sum = (values: number[]) => values.reduce((all, one) => all + one, 0);
const share = (part: number, whole: number) => Math.min(1, Math.max(0, part / whole));

/** What two readings of the same sources say of the time between them. A source without both says nothing. */
export function sampleOf(sources: readonly Source[], before: Readings, after: Readings): Sample {
  const seconds = (after.atMs - before.atMs) / 1000;
  const sample: Sample = { atMs: after.atMs, utilisation: {}, sizes: {} };
  for (const resource of new Set(sources.map((source) => source.resource))) {
    const busy = sources.flatMap((source, at) => {
      const [first, last] = [before.readings[at], after.readings[at]];
      if (source.resource !== resource || first?.cpuSeconds === undefined || last?.cpuSeconds === undefined) return [];
      // A counter that falls is that of another process.
      if (last.cpuSeconds < first.cpuSeconds) return [];
      return [{ used: (last.cpuSeconds - first.cpuSeconds) / seconds, cpus: last.cpus ?? 1 }];
    });
    const cpus = sum(busy.map((one) => one.cpus));
    if (cpus === 0) continue;
    sample.sizes[resource] = cpus;
    sample.utilisation[resource] = share(sum(busy.map(({ used }) => used)), cpus);
  }
  const pools = after.readings.flatMap((reading, at) => {
    if (reading?.busy === undefined) return [];
    const { busy, pool = 0, heldSeconds } = reading;
    const heldBefore = before.readings[at]?.heldSeconds;
    if (heldSeconds === undefined || heldBefore === undefined || heldSeconds < heldBefore) return [{ busy, pool }];
    // Transactions that wait for a connection are among them, so there may be more than connections.
    return [{ busy: Math.min(pool, (heldSeconds - heldBefore) / seconds), pool }];
  });
  const size = sum(pools.map(({ pool }) => pool));
  if (size > 0) {
    sample.sizes.connections = size;
    sample.utilisation.connections = share(sum(pools.map(({ busy }) => busy)), size);
  }
  return sample;
}

/** Reads the sources again and again until it is stopped. */
export class Sampler {
  readonly samples: Sample[] = [];
  private before: Readings | undefined;
  private timer: NodeJS.Timeout | undefined;
  private stopped = false;

  constructor(
    private readonly sources: readonly Source[],
    private readonly everyMs = 500,
    private readonly now = () => performance.now(),
  ) {}

  /** Reads once. Answers the URLs that gave nothing that is known. */
  async start(): Promise<string[]> {
    if (this.sources.length === 0) return [];
    const first = await this.take();
    this.before = first;
    this.next();
    return this.sources.flatMap(({ url }, at) => (Object.keys(first.readings[at] ?? {}).length === 0 ? [url] : []));
  }

  stop(): void {
    this.stopped = true;
    clearTimeout(this.timer);
  }

  private next(): void {
    if (this.stopped) return;
    // The load has a rhythm of a second: readings with another meet it everywhere.
    const wait = this.everyMs * (0.5 + Math.random());
    this.timer = setTimeout(() => {
      void this.take().then((after) => {
        if (this.before) this.samples.push(sampleOf(this.sources, this.before, after));
        this.before = after;
        this.next();
      });
    }, wait);
  }

  private async take(): Promise<Readings> {
    const readings = await Promise.all(this.sources.map(read));
    return { atMs: this.now(), readings };
  }
}

/** The largest size of each resource in some samples: pools open connections as they need them. */
export function sizesOf(samples: readonly Sample[]): Sample["sizes"] {
  const names = [...new Set(samples.flatMap(({ sizes }) => Object.keys(sizes) as Measurable[]))];
  return Object.fromEntries(names.map((name) => [name, Math.max(...samples.map(({ sizes }) => sizes[name] ?? 0))]));
}

/** The middle of some values: a pause of a second does not move it. */
export function medianOf(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const at = (sorted.length - 1) / 2;
  return ((sorted[Math.floor(at)] ?? 0) + (sorted[Math.ceil(at)] ?? 0)) / 2;
}

/** The median share of each size that was busy. */
export function utilisationOf(samples: readonly Sample[], sizes: Sample["sizes"]): Sample["utilisation"] {
  const found: Sample["utilisation"] = {};
  for (const [name, size] of Object.entries(sizes) as [Measurable, number][]) {
    const busy = samples.flatMap(({ utilisation, sizes: own }) =>
      utilisation[name] === undefined ? [] : [utilisation[name] * (own[name] ?? 0)],
    );
    if (busy.length > 0) found[name] = Number(share(medianOf(busy), size).toPrecision(4));
  }
  return found;
}
