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
    "a server in the pod itself",
    { ...growth, alertEmail, ...watched({ ...completeMail, host: "localhost" }) },
    'tierstack:observability.mail.host: given "localhost", the pod itself; allowed: a server that the cluster reaches, ' +
      "by the name in its certificate; fix: change observability.mail.host",
  ],
  [
    "a server at a link-local address",
    { ...growth, alertEmail, ...watched({ ...completeMail, host: "169.254.1.1" }) },
    'tierstack:observability.mail.host: given "169.254.1.1", a link-local address; allowed: a server that the cluster ' +
      "reaches, by the name in its certificate; fix: change observability.mail.host",
  ],
  [
    "a server at a private address, on an existing cluster too",
    { ...onExisting, alertEmail, ...watched({ ...completeMail, host: "10.0.0.5" }) },
    'tierstack:observability.mail.host: given "10.0.0.5", a private address, for which no public authority gives a ' +
      "certificate; allowed: a server that the cluster reaches, by the name in its certificate; fix: change " +
      "observability.mail.host",
  ],
  [
    "a server by a name that has no certificate",
    { ...growth, alertEmail, ...watched({ ...completeMail, host: "smtp" }) },
    'tierstack:observability.mail.host: given "smtp", a private name, for which no public authority gives a ' +
      "certificate; allowed: a server that the cluster reaches, by the name in its certificate; fix: change " +
      "observability.mail.host",
  ],
  [
    "a password that YAML takes for a number",
    { ...growth, alertEmail, ...watched({ ...completeMail, password: 4711 }) },
    "tierstack:observability.mail.password: given a number; allowed: secret text; fix: put it in quotes",
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

const beats = (heartbeatUrl: string) => ({ ...watched(completeMail).observability, heartbeatUrl });

/** Each wrong URL, and what the message says of it. */
const wrongUrls = {
  "4711": "no URL",
  "http://beats.example.com/4711": "a URL that is not of https",
  "https://beats.example.com:8443/4711": "a URL with a port",
  "https://localhost/4711": "a URL of the pod itself",
  "https://[::1]/4711": "a URL of the pod itself",
  "https://169.254.169.254/4711": "a URL of a link-local address",
  "https://10.0.0.5/4711": "a URL of a private address, for which no public authority gives a certificate",
  "https://checks/4711": "a URL of a private name, for which no public authority gives a certificate",
  "https://beat.default.svc.cluster.local/4711":
    "a URL of a private name, for which no public authority gives a certificate",
  "https://beats.example.com/4711/<uuid>": "a URL with a placeholder",
  "https://hc-ping.com/00000000-0000-0000-0000-000000000000": "the URL of the example itself",
  "https://<host>/4711": "a URL with a placeholder",
  "https://App.example.com./4711": "a URL of the product's own domain",
};

describe("rules about the heartbeat", () => {
  for (const [url, given] of Object.entries(wrongUrls))
    it(`refuse ${given}, and show no part of it: ${url}`, () => {
      const [message = "", ...others] = problemsOf({ ...growth, alertEmail, observability: beats(url) });
      expect(others).to.deep.equal([]);
      expect(message).to.equal(
        `tierstack:observability.heartbeatUrl: given ${given}; allowed: an https URL such as ` +
          "https://hc-ping.com/00000000-0000-0000-0000-000000000000; fix: change observability.heartbeatUrl",
      );
      expect(message).to.not.contain("4711");
    });

  it("refuse one without a mail server, for want of Alertmanager", () => {
    const observability = { enabled: true, heartbeatUrl: "https://beats.example.com/4711" };
    expect(problemsOf({ ...growth, observability })).to.deep.equal([
      "tierstack:observability.heartbeatUrl: given a value, without observability.mail; allowed: nothing: the heartbeat is " +
        "Alertmanager's, which runs with a mail server; fix: set observability.mail, or remove " +
        "observability.heartbeatUrl",
    ]);
  });

  it("accept one everywhere, and one that is encrypted", () => {
    for (const url of [
      "https://beats.example.com/4711",
      "https://beats.example.com:443/4711",
      "https://beats.app.example.com/4711",
      "[secret]",
    ])
      for (const target of [growth, { ...growth, tier: "startup" as const, nodes: { dataVolumeGiB: 20 } }, onExisting])
        expect(problemsOf({ ...target, alertEmail, observability: beats(url) })).to.deep.equal([]);
  });

  it("say that an empty one is nothing", () => {
    const observability = beats("");
    expect(problemsOf({ ...growth, alertEmail, observability })).to.deep.equal([
      "tierstack:observability.heartbeatUrl: given nothing; allowed: an https URL such as " +
        "https://hc-ping.com/00000000-0000-0000-0000-000000000000; fix: set tierstack:observability.heartbeatUrl",
    ]);
  });

  it("show no part of a value that is no text", () => {
    const observability = { ...watched(completeMail).observability, heartbeatUrl: 4711 };
    expect(problemsOf({ ...growth, alertEmail, observability })).to.deep.equal([
      "tierstack:observability.heartbeatUrl: given a number; allowed: an https URL such as " +
        "https://hc-ping.com/00000000-0000-0000-0000-000000000000; fix: put it in quotes",
    ]);
  });
});

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
