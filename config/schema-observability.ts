import { thresholds } from "../tiers/thresholds";
import { boolean, integer, object, override, string } from "./fields";

const label = "[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?";

export const emailPattern = /^[^\s@]+@[^\s@]+\.[^\s@]+$/;

/** Fits the schema, and is no check of anybody's. */
export const exampleHeartbeat = "https://hc-ping.com/00000000-0000-0000-0000-000000000000";

export const mail = object(
  {
    host: string(new RegExp(`^(?=.{1,253}$)${label}(\\.${label})*$`), {
      description: "Host of the mail server. It needs a certificate for this name, from a public authority.",
      allowed: "a host name such as smtp.example.com",
    }),
    port: integer({
      min: 1,
      max: 65535,
      description: "Port of the mail server. 465 has TLS from the start; at any other, it must offer STARTTLS.",
    }).default(587),
    from: string(emailPattern, { description: "Sender of the mails.", allowed: "an email address" }),
    user: string(/^\S+$/, {
      description: "User name at the mail server.",
      allowed: "a name without white space",
      default: "no login",
    }).optional(),
    password: string(/\S/, {
      description:
        "Password of the user: `npx pulumi config set --secret --path 'tierstack:observability.mail.password' -s STACK`.",
      allowed: "secret text",
    }).optional(),
  },
  "Mails the alerts to `alertEmail`, by Alertmanager.",
);

export const observability = object(
  {
    enabled: override(
      boolean(
        "Prometheus with its exporters, in a namespace of its own. MVP also needs a larger node and a budget for them, Startup " +
          "a larger volume (docs/observability.md).",
      ),
    ),
    metricsGiB: override(
      integer({
        min: 1,
        max: 1024,
        unit: "GiB",
        description:
          "Volume of the metrics. It can only grow; in the cluster of a k3s node, set it before the first deploy.",
      }),
    ),
    logsGiB: override(
      integer({
        min: 1,
        max: 1024,
        unit: "GiB",
        description:
          "Keep the logs of the product's pods, on a volume of this size. It can only grow; on a k3s node, set it before the first deploy.",
      }),
      "no logs are kept",
    ),
    mail: mail.optional(),
    heartbeatUrl: string(/\S/, {
      description:
        "URL, a secret, to which Alertmanager posts every " +
        `${thresholds.heartbeat.everyMinutes} minutes while it works: \`npx pulumi config set --secret --path ` +
        "'tierstack:observability.heartbeatUrl' -s STACK`. A service there tells somebody when nothing comes " +
        "(docs/observability.md#heartbeat).",
      allowed: `an https URL such as ${exampleHeartbeat}`,
      default: "an alarm of AWS on EKS, nobody elsewhere",
    }).optional(),
  },
  "What runs in Kubernetes to see the product (docs/observability.md).",
);
