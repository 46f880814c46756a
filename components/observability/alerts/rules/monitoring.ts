import { jobs } from "../../jobs";
import { type AlertRule, cause, label, value } from "../rule";

/** The rules about what watches the rest. */
export const monitoringRules: AlertRule[] = [
  {
    name: "Watchdog",
    service: "monitoring",
    severity: "none",
    expr: "vector(1)",
    summary: "Alerts are evaluated and sent: this one always fires",
    source: "no threshold: the dead man's switch. Its absence is the alert, raised outside",
    act: [
      "Where its absence was reported: look at Prometheus and Alertmanager, their pods, logs and the node they run on.",
      "If both run, their mails fail (MailsFail): then the heartbeat stops on purpose.",
    ],
    // A mail that cannot be sent cannot say so. The absence of the heartbeat does, by another way.
    inhibitedBy: [cause("MailsFail")],
  },
  {
    name: "TargetDown",
    service: "monitoring",
    severity: "warning",
    expr: "min by (job, instance, namespace, pod) (up) == 0",
    for: "5m",
    summary: `${label("job")} ${label("pod")} (${label("instance")}) cannot be scraped`,
    source: "no threshold; 5 minutes, assumed",
    act: [
      "Check whether it runs. If it does, its metrics page, its certificate or the network policy has changed.",
      "While it lasts, no alert about it fires.",
    ],
    inhibitedBy: [cause("NodeNotReady")],
  },
  ...jobs.map(
    (job): AlertRule => ({
      name: `No${pascal(job)}Scraped`,
      service: "monitoring",
      severity: "critical",
      expr: `absent(up{job="${job}"})`,
      for: "10m",
      summary: `Prometheus finds nothing to scrape of ${job}`,
      source: "no threshold; 10 minutes for a deployment, assumed",
      act: ["Check whether its pods exist with their labels and ports, and whether Prometheus may list them."],
    }),
  ),
  {
    name: "RulesFail",
    service: "monitoring",
    severity: "critical",
    expr: 'sum(increase(prometheus_rule_evaluation_failures_total{job="prometheus"}[5m])) > 0',
    for: "5m",
    summary: `${value} evaluations of rules failed within 5 minutes`,
    source: "no threshold: a rule that fails never fires",
    act: ["Read Prometheus' log: it names the rule. Too little memory, or series that a rule does not expect."],
  },
  {
    name: "AlertsDropped",
    service: "monitoring",
    severity: "critical",
    expr: 'sum(increase(prometheus_notifications_dropped_total{job="prometheus"}[5m])) > 0',
    for: "5m",
    summary: `Prometheus could not hand over ${value} alerts within 5 minutes`,
    source: "no threshold: nobody hears of a dropped alert",
    act: ["Check whether Alertmanager runs and answers."],
  },
  {
    name: "MailsFail",
    service: "monitoring",
    severity: "critical",
    expr: 'sum by (integration) (increase(alertmanager_notifications_failed_total{job="alertmanager",integration="email"}[15m])) > 0',
    for: "5m",
    summary: `${value} notifications by ${label("integration")} failed within 15 minutes`,
    source: "no threshold: nobody hears of what is not delivered",
    act: ["Read Alertmanager's log: the server's answer. The password, the sender's address, or the quota of mails."],
  },
  {
    name: "HeartbeatFails",
    service: "monitoring",
    severity: "warning",
    // What is not mailed is the heartbeat. More than one and less than two: `increase` extrapolates.
    expr: 'sum by (integration) (increase(alertmanager_notifications_failed_total{job="alertmanager",integration!="email"}[15m])) > 1.5',
    for: "5m",
    summary: `${value} heartbeats by ${label("integration")} failed within 15 minutes`,
    source:
      "no threshold; two of the three within 15 minutes, after which what waits for them takes the stack for dead",
    act: [
      "Read Alertmanager's log: the answer of the service, or of SNS.",
      "For webhook: whether the check still exists, `observability.heartbeatUrl`, and that the service takes POST. Not every service refuses the heartbeat of an unknown check: docs/observability.md#heartbeat.",
    ],
  },
  {
    name: "ConfigurationRefused",
    service: "monitoring",
    severity: "critical",
    expr: 'min(prometheus_config_last_reload_successful{job="prometheus"}) == 0 or min(alertmanager_config_last_reload_successful{job="alertmanager"}) == 0',
    for: "5m",
    summary: "Prometheus or Alertmanager runs on an old configuration: the new one was refused",
    source: "no threshold: it was loaded or not",
    act: ["Read the log: it names the line."],
  },
];

function pascal(words: string): string {
  return words
    .split("-")
    .map((word) => `${word.charAt(0).toUpperCase()}${word.slice(1)}`)
    .join("");
}
