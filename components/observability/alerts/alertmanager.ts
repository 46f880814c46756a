import { thresholds } from "../../../tiers/thresholds";
import type { AlertRule, Inhibition } from "./rule";

export interface AlertmanagerArgs {
  mail: {
    /** Who is told. */
    to: string;
    from: string;
    /** Mail server as `host:port`. */
    smarthost: string;
    /** Its user. @default no login */
    user?: string | undefined;
    /** File with the user's password. */
    passwordFile?: string | undefined;
    /** @default true; false is for a server on the same machine */
    requireTls?: boolean | undefined;
  };
  /** The dead man's switch. @default none */
  heartbeat?: HeartbeatReceiver | undefined;
}

/**
 * Who gets a message every five minutes while alerts are evaluated and sent, and tells somebody when they stay away: an SNS
 * topic with an alarm of CloudWatch, or a service whose URL, a secret, is in a file.
 */
export type HeartbeatReceiver = { topicArn: string; region: string } | { urlFile: string };

const receivers = { mail: "mail", heartbeat: "heartbeat", nobody: "nobody" } as const;

/** How often a mail is repeated while an alert lasts, and how long the first one waits for others of its group. */
export const pace = {
  critical: { group_wait: "30s", group_interval: "5m", repeat_interval: "4h" },
  warning: { group_wait: "5m", group_interval: "15m", repeat_interval: "24h" },
} as const;

/**
 * A heartbeat every five minutes. Alertmanager looks at a group once per `group_interval`, and sends again what it last sent
 * more than `repeat_interval` ago. With the same time for both, every other heartbeat would be skipped, because sending takes
 * a moment.
 */
const beat = { group_wait: "0s", group_interval: `${thresholds.heartbeat.everyMinutes}m`, repeat_interval: "1m" };

/** Sends a heartbeat, and nothing when its alert ends: the end is told by silence. */
const heartbeatConfigs = (to: HeartbeatReceiver) =>
  "urlFile" in to
    ? { webhook_configs: [{ url_file: to.urlFile, send_resolved: false }] }
    : {
        sns_configs: [
          {
            topic_arn: to.topicArn,
            sigv4: { region: to.region },
            subject: "heartbeat",
            message: "alerts are evaluated and sent",
            send_resolved: false,
          },
        ],
      };

/** The subject has the figure of the first alert, so that a phone's lock screen says enough. */
const subject = [
  '{{ if eq .Status "firing" }}{{ .CommonLabels.severity }}{{ else }}resolved{{ end }}: ',
  "{{ (index .Alerts 0).Annotations.summary }}",
  "{{ if gt (len .Alerts) 1 }} ({{ len .Alerts }} alerts){{ end }}",
].join("");

const text = [
  "{{ range .Alerts }}{{ .Labels.alertname }}, {{ .Status }}: {{ .Annotations.summary }}",
  'since {{ .StartsAt.UTC.Format "2006-01-02 15:04:05 MST" }}{{ if eq .Status "resolved" }}, until {{ .EndsAt.UTC.Format "2006-01-02 15:04:05 MST" }}{{ end }}',
  "{{ with .Annotations.help }}help: {{ . }}",
  "{{ end }}runbook: {{ .Annotations.runbook }}",
  "",
  "{{ end }}",
].join("\n");

const matcher = (name: string, value: string) => `${name}="${value}"`;

/** Rules of inhibition: one for each cause and the labels that cause and effect share. */
export function inhibitions(rules: readonly AlertRule[]) {
  const groups = new Map<string, { cause: Inhibition; effects: string[] }>();
  for (const { name, inhibitedBy = [] } of rules)
    for (const cause of inhibitedBy) {
      const key = JSON.stringify([cause.alert, cause.equal]);
      const group = groups.get(key) ?? { cause, effects: [] };
      groups.set(key, { ...group, effects: [...group.effects, name] });
    }
  return [...groups.values()].map(({ cause: { alert, equal }, effects }) => ({
    source_matchers: [matcher("alertname", alert)],
    target_matchers: [`alertname=~"${effects.join("|")}"`],
    ...(equal.length > 0 && { equal }),
  }));
}

/**
 * Returns the name by which Alertmanager greets a mail server: the domain that it sends for. Its own default, `localhost`, is no
 * name that a client may give (RFC 5321, 4.1.1.1), and strict servers refuse it. The name of the pod or of the address that it
 * leaves by, which the RFC wants, resolves nowhere or is not known.
 */
const greetingOf = (from: string): string => from.slice(from.lastIndexOf("@") + 1);

/** Returns the configuration of Alertmanager as an object. It has no secret. */
export function alertmanagerConfig({ mail, heartbeat }: AlertmanagerArgs, rules: readonly AlertRule[]) {
  return {
    global: {
      smtp_smarthost: mail.smarthost,
      smtp_from: mail.from,
      smtp_hello: greetingOf(mail.from),
      smtp_require_tls: mail.requireTls ?? true,
      ...(mail.user && { smtp_auth_username: mail.user, smtp_auth_password_file: mail.passwordFile }),
    },
    route: {
      receiver: receivers.mail,
      group_by: ["severity", "service"],
      ...pace.warning,
      routes: [
        {
          matchers: [matcher("alertname", "Watchdog")],
          receiver: heartbeat ? receivers.heartbeat : receivers.nobody,
          ...beat,
        },
        { matchers: [matcher("severity", "none")], receiver: receivers.nobody },
        { matchers: [matcher("severity", "critical")], receiver: receivers.mail, ...pace.critical },
      ],
    },
    inhibit_rules: inhibitions(rules),
    receivers: [
      {
        name: receivers.mail,
        email_configs: [{ to: mail.to, send_resolved: true, headers: { Subject: subject }, html: "", text }],
      },
      ...(heartbeat ? [{ name: receivers.heartbeat, ...heartbeatConfigs(heartbeat) }] : []),
      { name: receivers.nobody },
    ],
  };
}
