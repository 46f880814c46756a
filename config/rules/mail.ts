import { requiredInfo } from "../fields";
import { createsCluster } from "../resolve";
import { settingsSchema } from "../schema";
import { mail as mailSchema } from "../schema-observability";
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

/** Rules about mails of the alerts. */
export const mails: Rule[] = [mail, port, receiver];
