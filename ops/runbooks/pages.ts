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

export const runbooks: readonly Runbook[] = [
  {
    name: "connections-exhausted",
    title: "Database connections are exhausted",
    symptom: [
      "Requests fail with 503 or wait for seconds. PgBouncer says `query_wait_timeout`, Postgres `too many clients`.",
      "`status` names the connections, or `pools` shows clients that wait.",
    ],
    look: [
      { text: "Do clients wait for a server connection, and in which pool?", run: "npm run ops -- pools" },
      {
        text: "Who holds the server connections, and does one session hold up the others?",
        run: "npm run ops -- connections",
      },
      {
        text: "Did it begin with a rollout? A release that keeps transactions open while it calls others holds a connection for as long as they take.",
        run: "npm run ops -- status",
      },
    ],
    act: [
      {
        text: "End the session that blocks others, or that waits in a transaction. Its transaction is rolled back.",
        run: "npm run ops -- connections --end 4711",
      },
      { text: "If a release is the cause, go back to the one before.", run: "npm run ops -- rollback app" },
      {
        text: "If it is the load, let fewer requests in until it falls.",
        run: "npm run ops -- limits --factor 0.5 --for 30m",
      },
      {
        text: "If jobs hold them, let workers begin none of that queue.",
        run: "npm run ops -- queues pause default",
      },
      {
        text: "Do not raise `max_connections` or a pool by hand: pods times pools must fit the server at every autoscaler's maximum. Ask which size carries it (docs/advise.md).",
      },
    ],
    verify: [
      { text: "No client waits.", run: "npm run ops -- pools" },
      {
        text: "No session holds others up, and less than 80 % of the connections are in use.",
        run: "npm run ops -- connections",
      },
      { text: "Put back what you changed.", run: "npm run ops -- limits off" },
    ],
  },
  {
    name: "cost-spike",
    title: "The bill rises",
    symptom: ["AWS Budgets or the cost anomaly detection writes a mail, or the bill is above what the plan expects."],
    look: [
      { text: "What does the plan expect, and what at most? Each item has its price.", run: "npm run plan -- growth" },
      {
        text: "Do autoscalers run at their maximum, or has somebody left a minimum raised?",
        run: "npm run ops -- status",
      },
      { text: "Is it jobs? A backlog keeps workers running.", run: "npm run ops -- queues" },
      {
        text: "Which service costs more than a week ago? Cost Explorer, by service and usage type: traffic, NAT, snapshots and logs grow without a pod.",
      },
    ],
    act: [
      { text: "Put a raised minimum back.", run: "npm run ops -- scale app off" },
      { text: "If callers abuse the product, lower its limits.", run: "npm run ops -- limits --factor 0.5 --for 1d" },
      { text: "If a queue runs work that can wait, pause it.", run: "npm run ops -- queues pause default" },
      {
        text: "If the load has fallen for good, ask whether a smaller tier carries it, and what that saves.",
        run: "npm run advise -- metrics.json growth",
      },
    ],
    verify: [
      { text: "Pods fall to what the load needs.", run: "npm run ops -- status" },
      { text: "Cost Explorer falls the day after: its figures are hours behind." },
    ],
  },
  {
    name: "overload",
    title: "The product is overloaded",
    symptom: ["p95 above 1 s, more than 1 % of errors, CPU above 80 % for minutes, or a queue that grows."],
    look: [
      { text: "What is not well, and since when?", run: "npm run ops -- status" },
      { text: "Is it the database? Clients that wait are its sign.", run: "npm run ops -- pools" },
      { text: "Is it the work? Depth, and the age of the oldest job.", run: "npm run ops -- queues" },
    ],
    act: [
      {
        text: "Let fewer requests in first: it helps within a second.",
        run: "npm run ops -- limits --factor 0.5 --for 30m",
      },
      {
        text: "Add pods, where CPU of the application is what is short. If the database is, more pods make it worse.",
        run: "npm run ops -- scale app PODS --for 2h",
      },
      { text: "Keep the database for visitors: workers begin no job.", run: "npm run ops -- queues pause default" },
      {
        text: "If writes break the database, refuse them and answer reads.",
        run: "npm run ops -- maintenance on --read-only --for 30m",
      },
      { text: "If a release began it, go back.", run: "npm run ops -- rollback app" },
      {
        text: "If nothing else helps, turn visitors away with a time to come back.",
        run: "npm run ops -- maintenance on --for 30m",
      },
    ],
    verify: [
      { text: "Nothing is left that is not well.", run: "npm run ops -- status" },
      { text: "Let requests in again, step by step.", run: "npm run ops -- limits off" },
      { text: "Jobs run again, and the oldest becomes younger.", run: "npm run ops -- queues resume default" },
      { text: "Ask which size or tier carries what was measured.", run: "npm run advise -- metrics.json growth" },
    ],
  },
  {
    name: "going-viral",
    title: "A crowd comes",
    symptom: ["A launch, a campaign or a post brings many times the visitors, and it is known before, or just begins."],
    look: [
      { text: "What does the stack carry, and what limits it first?", run: "npm run plan -- growth" },
      { text: "Is all well before they come?", run: "npm run ops -- status" },
    ],
    act: [
      {
        text: "Have pods there before the visitors are: a new node takes minutes.",
        run: "npm run ops -- scale app PODS --for 1d",
      },
      {
        text: "If they share addresses, as from one company, raise the limits. The edge's are settings of the stack.",
        run: "npm run ops -- limits --factor 2 --for 4h",
      },
      { text: "Keep work that can wait away from the database.", run: "npm run ops -- queues pause default" },
      { text: "Do not flush the cache, and deploy nothing: both bring the whole load to the database." },
      {
        text: "If it stays, move up a tier: that keeps the data where it is, but takes its time (docs/moving.md).",
        run: "npm run diff -- startup growth",
      },
    ],
    verify: [
      { text: "No client waits for a connection.", run: "npm run ops -- pools" },
      { text: "Queues are worked off once they run again.", run: "npm run ops -- queues resume default" },
      { text: "Afterwards the minimum and the limits are the stack's again.", run: "npm run ops -- scale app off" },
    ],
  },
];
