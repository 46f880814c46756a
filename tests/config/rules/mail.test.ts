import { expect } from "chai";
import { completeMail, onAws, onExisting, problemsOf } from "../../support/settings";

const growth = { ...onAws, tier: "growth" };
const alertEmail = "ops@example.com";
const { host, from, user, password } = completeMail;
const watched = (mail: object) => ({ observability: { enabled: true, mail } });

/** Mail servers that cannot work, each with the one message it gets. */
const bad: [what: string, input: object, message: string][] = [
  [
    "mails to nobody",
    { ...growth, ...watched({ host, from }) },
    "tierstack:alertEmail: given nothing, with observability.mail; allowed: an email address; fix: set alertEmail, or " +
      "remove observability.mail",
  ],
  [
    "a user without a password",
    { ...growth, alertEmail, ...watched({ host, from, user }) },
    "tierstack:observability.mail.password: given nothing, with a user; allowed: secret text; fix: set " +
      "observability.mail.password, or remove observability.mail.user",
  ],
  [
    "a password without a user",
    { ...growth, alertEmail, ...watched({ host, from, password }) },
    "tierstack:observability.mail.user: given nothing, with a password; allowed: a name without white space; fix: set " +
      "observability.mail.user, or remove observability.mail.password",
  ],
  [
    "the port that AWS blocks",
    { ...growth, alertEmail, ...watched({ ...completeMail, port: 25 }) },
    "tierstack:observability.mail.port: given 25; allowed: the port for clients, such as 587 or 465: AWS blocks port 25; " +
      "fix: change observability.mail.port",
  ],
  [
    "an address that nobody writes to",
    { ...onExisting, alertEmail },
    "tierstack:alertEmail: given a value, with cluster: existing; allowed: nothing: on an existing cluster it has no " +
      "effect without observability.mail; fix: set observability.mail, or remove alertEmail",
  ],
];

describe("rules about mails of the alerts", () => {
  for (const [what, input, message] of bad)
    it(`refuse ${what}`, () => {
      expect(problemsOf(input)).to.deep.equal([message]);
    });

  it("accept a server with a login or without, on AWS and on an existing cluster", () => {
    for (const mail of [completeMail, { host, from }]) {
      expect(problemsOf({ ...growth, alertEmail, ...watched(mail) })).to.deep.equal([]);
      expect(problemsOf({ ...onExisting, alertEmail, ...watched({ ...mail, port: 25 }) })).to.deep.equal([]);
    }
  });

  it("show no part of a password", () => {
    for (const mail of [{ ...completeMail, password: 4711 }, "4711", { ...completeMail, extra: "4711" }])
      expect(problemsOf({ ...growth, alertEmail, ...watched(mail as object) }).join())
        .to.match(/^tierstack:/)
        .and.not.contain("4711");
    expect(problemsOf({ ...growth, alertEmail, observability: "4711" }).join())
      .to.match(/^tierstack:/)
      .and.not.contain("4711");
  });
});
