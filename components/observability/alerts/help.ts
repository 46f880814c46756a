/** What helps at once when an alert fires: a command of `npm run ops`, a drill, or a page of docs/runbooks. */
import type { AlertRule } from "./rule";

/** Words of a command, or the name of a page. */
export type Help = { ops: string } | { drill: string } | { page: string };

const status: Help = { ops: "status" };
const connections: Help = { page: "connections-exhausted" };
const overload: Help = { page: "overload" };
const pools: Help = { ops: "pools" };
const queues: Help = { ops: "queues" };

/** By the names of rules. The commands are in a layer above this one, so a test checks that each exists. */
export const helps: Readonly<Record<string, Help>> = {
  ErrorsHigh: status,
  ErrorsAboveHealthy: status,
  ErrorBudgetBurnsFast: status,
  ErrorBudgetBurnsSlowly: status,
  AnswersUnusable: overload,
  AnswersVerySlow: overload,
  AnswersSlow: status,
  AnswerTargetBurnsFast: status,
  AnswerTargetBurnsSlowly: status,
  MaintenanceForgotten: { ops: "maintenance off" },
  QueueStalled: queues,
  QueueBacklog: queues,
  JobsFail: queues,
  JobTargetBurnsFast: queues,
  JobTargetBurnsSlowly: queues,
  PostgresDown: status,
  PostgresConnectionsExhausted: connections,
  PostgresConnectionsHigh: connections,
  PostgresTransactionLong: { ops: "connections" },
  RestoreUnverified: { drill: "restore" },
  QueryTargetBurnsFast: { ops: "connections" },
  QueryTargetBurnsSlowly: { ops: "connections" },
  PgBouncerDown: status,
  PgBouncerClientsWait: connections,
  PgBouncerPoolExhausted: connections,
  PgBouncerPoolHigh: connections,
  PgBouncerClientsExhausted: pools,
  PgBouncerClientsHigh: pools,
  PoolOfTheProcessWaits: pools,
  NodeNotReady: status,
  NodeCpuHigh: overload,
  DeploymentDown: status,
  DeploymentShort: status,
  StatefulSetDown: status,
  PodCrashLoops: status,
  ContainerOutOfMemory: status,
  PodPending: status,
  AutoscalerAtMaximum: overload,
  JobFailed: status,
  CertificateAlmostExpired: { ops: "certificates" },
  CertificateExpires: { ops: "certificates" },
};

/** The command as a user types it. */
export const commandOf = (help: Exclude<Help, { page: string }>) =>
  `npm run ${"ops" in help ? `ops -- ${help.ops}` : `drill -- ${help.drill}`} -s STACK`;

/** What an alert says that helps: the command, or the page's address. Undefined for one that only its steps help. */
export function helpOf({ name }: Pick<AlertRule, "name">, runbooks: string): string | undefined {
  const help = helps[name];
  if (help === undefined) return undefined;
  return "page" in help ? `${runbooks}docs/runbooks/${help.page}.md` : commandOf(help);
}
