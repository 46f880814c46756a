/** Emergencies, each a page of docs/runbooks: what is seen, what to look at, what to do, how to know that it is over. */

export interface Runbook {
  /** Name of the page. */
  name: "connections-exhausted" | "cost-spike" | "overload" | "going-viral";
  title: string;
  symptom: string[];
  look: Step[];
  act: Step[];
  verify: Step[];
}

/** A sentence, and the command that it is about. */
export interface Step {
  text: string;
  run?: string;
}

/** A command with placeholders in capitals: the stack, and what differs between products. */
const ops = (words: string) => `npm run ops -- ${words} -s STACK`;

export const runbooks: readonly Runbook[] = [
  {
    name: "connections-exhausted",
    title: "Database connections are exhausted",
    symptom: [
      "Requests fail with 503 or wait for seconds. PgBouncer logs `query_wait_timeout`, Postgres `too many clients`.",
      "`status` reports the connections, or `pools` shows waiting clients.",
    ],
    look: [
      { text: "Are clients waiting for a server connection, and in which pool?", run: ops("pools") },
      {
        text: "Who holds the server connections, and does one session block the others?",
        run: ops("connections"),
      },
      {
        text: "Did it begin with a rollout? A release that calls other services inside a transaction holds a connection for as long as they take.",
        run: ops("status"),
      },
    ],
    act: [
      {
        text: "End the session that blocks others or sits idle in a transaction. Its transaction is rolled back.",
        run: ops("connections --end PID"),
      },
      { text: "If a release is the cause, roll it back.", run: ops("rollback app") },
      {
        text: "If the load is the cause, let fewer requests in until it falls.",
        run: ops("limits --factor 0.5 --for 30m"),
      },
      {
        text: "If jobs hold them, pause their queue.",
        run: ops("queues pause QUEUE"),
      },
      {
        text: "Do not raise `max_connections` or a pool by hand: the pools of all pods must fit the server when every autoscaler is at its maximum. Ask which size carries the load (docs/advise.md).",
      },
    ],
    verify: [
      { text: "No client is waiting.", run: ops("pools") },
      {
        text: "No session holds up others, and less than 80 % of the connections are in use.",
        run: ops("connections"),
      },
      { text: "Let all requests in again.", run: ops("limits off") },
      { text: "Resume the queues.", run: ops("queues resume QUEUE") },
    ],
  },
  {
    name: "cost-spike",
    title: "The bill rises",
    symptom: ["AWS Budgets or cost anomaly detection sends a mail, or the bill is above what the plan expects."],
    look: [
      { text: "What does the plan expect, and what at most? Each item has its price.", run: "npm run plan -- STACK" },
      {
        text: "Are autoscalers at their maximum, or has somebody left a minimum raised?",
        run: ops("status"),
      },
      { text: "Is it the jobs? A backlog keeps workers running.", run: ops("queues") },
      {
        text: "Which service costs more than a week ago? Cost Explorer, by service and usage type: traffic, NAT, snapshots and logs grow without any more pods.",
      },
    ],
    act: [
      { text: "Put a raised minimum back.", run: ops("scale app off") },
      { text: "If callers abuse the product, lower its rate limits.", run: ops("limits --factor 0.5 --for 1d") },
      { text: "If a queue holds work that can wait, pause it.", run: ops("queues pause QUEUE") },
      {
        text: "If the load has fallen for good, ask whether a smaller tier carries it, and what that saves.",
        run: "npm run advise -- metrics.json STACK",
      },
    ],
    verify: [
      { text: "The number of pods falls to what the load needs.", run: ops("status") },
      { text: "Cost Explorer shows it the day after: its figures are hours behind." },
    ],
  },
  {
    name: "overload",
    title: "The product is overloaded",
    symptom: ["p95 above 1 s, more than 1 % errors, CPU above 80 % for minutes, or a queue that keeps growing."],
    look: [
      { text: "What is not well, and since when?", run: ops("status") },
      { text: "Is it the database? Waiting clients are the sign.", run: ops("pools") },
      { text: "Is it the jobs? Look at the depth of the queues and the age of the oldest job.", run: ops("queues") },
    ],
    act: [
      {
        text: "First let fewer requests in: it takes effect within a second.",
        run: ops("limits --factor 0.5 --for 30m"),
      },
      {
        text: "Add pods if the application is short of CPU. If the database is the bottleneck, more pods make it worse.",
        run: ops("scale app PODS --for 2h"),
      },
      { text: "Keep the database for visitors: pause the queues.", run: ops("queues pause QUEUE") },
      {
        text: "If the database cannot take the writes, refuse them and serve reads.",
        run: ops("maintenance on --read-only --for 30m"),
      },
      { text: "If it began with a release, roll it back.", run: ops("rollback app") },
      {
        text: "If nothing else helps, turn visitors away and tell them when to come back.",
        run: ops("maintenance on --for 30m"),
      },
    ],
    verify: [
      { text: "No client is waiting for a connection.", run: ops("pools") },
      { text: "Let all requests in again.", run: ops("limits off") },
      { text: "Resume the queues; the age of the oldest job falls.", run: ops("queues resume QUEUE") },
      { text: "All is well: nothing that you changed is left either.", run: ops("status") },
      { text: "Ask which size or tier carries the measured load.", run: "npm run advise -- metrics.json STACK" },
    ],
  },
  {
    name: "going-viral",
    title: "A surge of visitors",
    symptom: [
      "A launch, a campaign or a post brings many times the usual visitors: it is announced, or it has just begun.",
    ],
    look: [
      { text: "What does the stack carry, and what limits it first?", run: "npm run plan -- STACK" },
      { text: "Is all well before they come?", run: ops("status") },
    ],
    act: [
      {
        text: "Add pods before the visitors come: a new node takes minutes.",
        run: ops("scale app PODS --for 1d"),
      },
      {
        text: "If many share an address, such as that of a company, raise the rate limits. Those of the edge are settings of the stack.",
        run: ops("limits --factor 2 --for 4h"),
      },
      { text: "Pause queues whose work can wait.", run: ops("queues pause QUEUE") },
      { text: "Do not flush the cache: the whole load would reach the database. Do not deploy." },
      {
        text: "If they stay, move up a tier, such as to Growth. The data is kept; plan the time that it takes (docs/moving.md).",
        run: "npm run diff -- STACK growth",
      },
    ],
    verify: [
      { text: "No client is waiting for a connection.", run: ops("pools") },
      { text: "Afterwards, resume the queues.", run: ops("queues resume QUEUE") },
      { text: "Put the minimum back, if its time is not over.", run: ops("scale app off") },
      { text: "All is well: nothing that you changed is left.", run: ops("status") },
    ],
  },
];
