/**
 * Sends streams of requests with autocannon. Left to itself, it sends the requests of each second in one burst, and its
 * correction of the times expects an answer a millisecond. So each stream starts at a time of its own in the second, with
 * a request a second for each connection, and connections are measured here.
 */
import autocannon from "autocannon";
import { Connection } from "./connection";
import type { Stream } from "./profile";
import type { Arrival } from "./recorder";
import { isExpected, type Sent, type Session } from "./session";

/** How long a request may take, in seconds. */
export const timeoutSeconds = 10;

/**
 * The last request of a stream has the rest of its second for its answer; then nothing more may be sent. So long before the
 * next one is due, because a busy machine looks late whether it is to stop.
 */
const spareMs = 300;

/** How often autocannon looks whether it is to stop, in milliseconds. */
const stopEveryMs = 50;

/** autocannon's own statistics, which take megabytes a stream. The recorder has those that are wanted. */
const nothing = () => {};
const unused = {
  __custom: true,
  recordValue: nothing,
  recordValueWithExpectedInterval: nothing,
  reset: nothing,
  destroy: nothing,
};
const histograms = { latencies: unused, requests: unused, throughput: unused };

/** An autocannon client: those of its events that its types leave out. */
type Client = Omit<autocannon.Client, "on"> & {
  on(event: "response", listener: (status: number) => void): void;
  on(event: "request" | "timeout", listener: () => void): void;
  on(event: "connError", listener: (error: NodeJS.ErrnoException) => void): void;
};

export interface Load {
  /** Protocol, host and port. */
  origin: string;
  streams: readonly Stream[];
  session: (user: number) => Session;
  record: (arrival: Arrival) => void;
}

/** Makes a client a user of its own: its requests by a session, what becomes of them by a connection. */
function watch(client: Client, session: Session, connection: Connection): void {
  let current: Sent | undefined;
  const request = {
    // The first request of a list is built at once, so building one is not sending it.
    setupRequest: (defaults: autocannon.Request) => {
      current = session.next();
      const { method, path, headers, body } = current;
      return { ...defaults, method, path, headers: { ...headers }, ...(body !== undefined && { body }) };
    },
    onResponse: (status: number, body: string) => {
      if (current) session.answered(current.step, status, body);
    },
  };
  client.setRequests([request] as autocannon.Request[]);
  client.on("request", () => connection.sent());
  client.on("response", (status) =>
    connection.answered(current && isExpected(current.step, Number(status)) ? "ok" : `${status}`),
  );
  client.on("timeout", () => connection.timedOut());
  client.on("connError", ({ code }) => connection.failed(code ?? "error"));
}

/** Runs one stream to its end. Answers a function that ends it earlier. */
function runStream(stream: Stream, load: Load, now: () => number, done: () => void): () => void {
  const connections: Connection[] = [];
  const instance = autocannon(
    {
      url: load.origin,
      connections: stream.users.length,
      overallRate: stream.users.length,
      duration: stream.seconds - spareMs / 1000,
      timeout: timeoutSeconds,
      sampleInt: stopEveryMs,
      skipAggregateResult: true,
      setupClient: (client: autocannon.Client) => {
        const user = stream.users[connections.length] ?? 0;
        const connection = new Connection(timeoutSeconds * 1000, now, load.record);
        connections.push(connection);
        watch(client as unknown as Client, load.session(user), connection);
      },
      histograms,
    } as autocannon.Options,
    () => {
      for (const connection of connections) connection.stopped();
      done();
    },
  );
  return () => (instance as unknown as { stop: () => void }).stop();
}

/**
 * Sends streams of requests, each at its time, and waits for their end.
 * @param signal  ends all at once
 */
export function send(load: Load, signal: AbortSignal): Promise<void> {
  const begin = performance.now();
  const now = () => performance.now() - begin;
  const running = new Set<() => void>();
  const timers = new Set<NodeJS.Timeout>();
  return new Promise((resolve) => {
    let left = load.streams.length;
    const ended = () => {
      if (--left > 0) return;
      signal.removeEventListener("abort", abort);
      resolve();
    };
    const abort = () => {
      for (const timer of timers) {
        clearTimeout(timer);
        ended();
      }
      timers.clear();
      for (const stop of [...running]) stop();
    };
    if (left === 0 || signal.aborted) return resolve();
    signal.addEventListener("abort", abort);
    for (const stream of load.streams) {
      const timer = setTimeout(
        () => {
          timers.delete(timer);
          const stop = runStream(stream, load, now, () => {
            running.delete(stop);
            ended();
          });
          running.add(stop);
        },
        stream.start * 1000 + stream.offsetMs,
      );
      timers.add(timer);
    }
  });
}
