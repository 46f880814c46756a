import { jobs } from "../../../../components/observability/jobs";
import { type Case, grows, missing, type Series, stays } from "./case";

const name = (job: string) =>
  `No${job
    .split("-")
    .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
    .join("")}Scraped`;
const up = (job: string) => `up{job="${job}",instance="10.0.0.1:9000",namespace="app",pod="p-1"}`;

const refused = (prometheus: number, alertmanager: number): Series => ({
  'prometheus_config_last_reload_successful{job="prometheus"}': stays(prometheus),
  'alertmanager_config_last_reload_successful{job="alertmanager"}': stays(alertmanager),
});
const ruleFailures = 'prometheus_rule_evaluation_failures_total{job="prometheus",rule_group="database"}';
const dropped = 'prometheus_notifications_dropped_total{job="prometheus"}';
const mailFailures = 'alertmanager_notifications_failed_total{job="alertmanager",integration="email"}';
/** A counter that grows by one within the 15 minutes before the hour. */
const once = "0+0x50 1+0x350";
const beatFailures = 'alertmanager_notifications_failed_total{job="alertmanager",integration="webhook"}';

export const monitoringCases: Record<string, Case> = {
  TargetDown: {
    fires: { [up("app")]: stays(0) },
    labels: { job: "app", instance: "10.0.0.1:9000", namespace: "app", pod: "p-1" },
    summary: "app p-1 (10.0.0.1:9000) cannot be scraped",
    silent: [{ [up("app")]: stays(1) }, { [up("app")]: "1+0x55 0 0 0 1+0x90" }],
  },
  ...Object.fromEntries(
    jobs.map((job): [string, Case] => [
      name(job),
      {
        fires: { [up(job)]: missing },
        labels: { job },
        summary: `Prometheus finds nothing to scrape of ${job}`,
        // What does not answer is there.
        silent: [{ [up(job)]: stays(1) }, { [up(job)]: stays(0) }],
      },
    ]),
  ),
  RulesFail: {
    fires: { [ruleFailures]: grows(2) },
    labels: {},
    summary: "10 evaluations of rules failed within 5 minutes",
    silent: [{ [ruleFailures]: stays(7) }],
  },
  AlertsDropped: {
    fires: { [dropped]: grows(1) },
    labels: {},
    summary: "Prometheus could not hand over 5 alerts within 5 minutes",
    silent: [{ [dropped]: stays(7) }],
  },
  MailsFail: {
    fires: { [mailFailures]: grows(1) },
    labels: { integration: "email" },
    summary: "15 notifications by email failed within 15 minutes",
    // A heartbeat that is not taken must not stop the others, as failing mails do.
    silent: [{ [mailFailures]: stays(3) }, { [mailFailures]: stays(0), [beatFailures]: grows(1) }],
  },
  HeartbeatFails: {
    fires: { [beatFailures]: grows(1) },
    labels: { integration: "webhook" },
    summary: "15 heartbeats by webhook failed within 15 minutes",
    silent: [
      { [beatFailures]: stays(3) },
      // One of three, and all is well again.
      { [beatFailures]: once },
      { [beatFailures]: stays(0), [mailFailures]: grows(1) },
    ],
  },
  ConfigurationRefused: {
    fires: refused(1, 0),
    labels: {},
    summary: "Prometheus or Alertmanager runs on an old configuration: the new one was refused",
    silent: [refused(1, 1)],
  },
};

/** promtool's clock starts in 1970: the certificates expire seven and a half days later. */
export const expires = new Date(7.5 * 24 * 60 * 60 * 1000).toISOString();
