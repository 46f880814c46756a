import { requiredInfo } from "../fields";
import { unreachable } from "../hosts";
import { createsCluster } from "../resolve";
import { settingsSchema } from "../schema";
import { exampleHeartbeat, mail as mailSchema, observability as observabilitySchema } from "../schema-observability";
import { secretText } from "../secrets";
import type { Rule } from "./rule";

const allowedFor = (key: "user" | "password") =>
  requiredInfo(`observability.mail.${key}`, mailSchema.shape[key]).allowed;

/** Mails have a recipient, and a login is whole. */
const mail: Rule = ({ settings: { alertEmail, observability } }) => {
  if (!observability.mail) return [];
  const { user, password } = observability.mail;
  return [
    alertEmail === undefined && {
      where: "alertEmail",
      given: "nothing, with observability.mail",
      allowed: requiredInfo("alertEmail", settingsSchema.shape.alertEmail).allowed,
      fix: "set alertEmail, or remove observability.mail",
    },
    user !== undefined &&
      password === undefined && {
        where: "observability.mail.password",
        given: "nothing, with a user",
        allowed: allowedFor("password"),
        fix: "set observability.mail.password, or remove observability.mail.user",
      },
    password !== undefined &&
      user === undefined && {
        where: "observability.mail.user",
        given: "nothing, with a password",
        allowed: allowedFor("user"),
        fix: "set observability.mail.user, or remove observability.mail.password",
      },
  ];
};

/** Alertmanager checks the server's certificate, and its network policy keeps it from link-local addresses. */
const host: Rule = ({ settings: { observability } }) => {
  const given = observability.mail?.host;
  const what = given === undefined ? undefined : unreachable(given);
  return [
    what !== undefined && {
      where: "observability.mail.host",
      given: `${JSON.stringify(given)}, ${what}`,
      allowed: "a server that the cluster reaches, by the name in its certificate",
      fix: "change observability.mail.host",
    },
  ];
};

/** EC2 drops what leaves on port 25 unless AWS has lifted that for the account (EC2 User Guide, "Email sent using port 25"). */
const port: Rule = ({ settings }) => [
  createsCluster(settings) &&
    settings.observability.mail?.port === 25 && {
      where: "observability.mail.port",
      given: "25",
      allowed: "the port for clients, such as 587 or 465: AWS blocks port 25",
      fix: "change observability.mail.port",
    },
];

/** On an existing cluster no alarm of AWS uses the address. */
const receiver: Rule = ({ settings }) => [
  !createsCluster(settings) &&
    settings.alertEmail !== undefined &&
    !settings.observability.mail && {
      where: "alertEmail",
      given: `a value, with cluster: ${settings.cluster}`,
      allowed: "nothing: on an existing cluster it has no effect without observability.mail",
      fix: "set observability.mail, or remove alertEmail",
    },
];

/** Returns what is wrong with the URL of a heartbeat, without a part of it: it is a secret. */
function wrongUrl(text: string, domain: string | undefined): string | undefined {
  if (/[<>]/.test(text)) return "a URL with a placeholder";
  // Its service answers 200 to any check (https://github.com/healthchecks/healthchecks/issues/741).
  if (text === exampleHeartbeat) return "the URL of the example itself";
  if (!URL.canParse(text)) return "no URL";
  const { protocol, port, hostname } = new URL(text);
  if (protocol !== "https:") return "a URL that is not of https";
  if (port !== "") return "a URL with a port";
  // The product's edge is down when its cluster is.
  if (hostname.replace(/\.$/, "") === domain) return "a URL of the product's own domain";
  const host = unreachable(hostname);
  return host && `a URL of ${host}`;
}

/** Alertmanager sends the heartbeat, and its network policy opens port 443. */
const heartbeat: Rule = ({ settings, spec }) => {
  const { heartbeatUrl, mail } = settings.observability;
  // Nothing beats without observability. Where nobody turned that on, another rule says so.
  if (heartbeatUrl === undefined || !spec.observability.enabled) return [];
  const where = "observability.heartbeatUrl";
  if (!mail)
    return [
      {
        where,
        given: "a value, without observability.mail",
        allowed: "nothing: the heartbeat is Alertmanager's, which runs with a mail server",
        fix: "set observability.mail, or remove observability.heartbeatUrl",
      },
    ];
  const given = heartbeatUrl === secretText ? undefined : wrongUrl(heartbeatUrl, settings.domain);
  const { allowed } = requiredInfo(where, observabilitySchema.shape.heartbeatUrl);
  return [given !== undefined && { where, given, allowed, fix: `change ${where}` }];
};

/** Rules about mails of the alerts. */
export const mails: Rule[] = [mail, host, port, receiver, heartbeat];
