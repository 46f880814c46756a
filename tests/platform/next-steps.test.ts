import { expect } from "chai";
import { resolveSpec } from "../../config/resolve";
import type { SettingsInput } from "../../config/schema";
import { nextSteps } from "../../platform/next-steps";
import { completeMail, onAws, onExisting, settingsOf } from "../support/settings";

const allSteps = (input: SettingsInput, plainSecrets: string[] = []) => {
  const settings = settingsOf(input);
  return nextSteps({ project: "tierstack", stack: "test", settings, spec: resolveSpec(settings), plainSecrets });
};

const isDowntime = (step: string) => step.startsWith("These changes take the product down");

/** The steps without the one that every stack on AWS has. */
const steps = (...args: Parameters<typeof allSteps>) => allSteps(...args).filter((step) => !isDowntime(step));

const copy =
  "The program does not copy data. On the way from MVP the managed stores start empty; the in-cluster Postgres and Redis " +
  "stay beside them, retained and intact. Copy the data before you let users in (docs/moving.md). Copy it once: after " +
  "that, or a handover, the in-cluster data is old.";
const managed =
  "RDS and ElastiCache stay, at their full price. Once their data is back, by a copy or a handover, remove " +
  "keep.managedStores (docs/moving.md#remove-what-a-move-kept).";
const maintenance = "Maintenance is on: every request except health checks is answered with 503.";

describe("next steps", () => {
  it("ask to copy data only if the program does not copy it", () => {
    expect(steps({ ...onAws, tier: "startup" })).to.deep.equal([copy]);
    expect(steps({ ...onAws, tier: "startup", keep: { clusterStores: false } })).to.deep.equal([]);
    expect(steps({ ...onAws, tier: "mvp" })).to.deep.equal([]);
    expect(steps({ ...onAws, tier: "growth" })).to.deep.equal([]);
  });

  it("say which mails to confirm before an alarm arrives", () => {
    const confirm = (regions: string) =>
      `AWS asks ops@example.com to confirm, with a mail for each region that has alarms: ${regions}. Until then no alarm ` +
      "arrives (docs/alarms.md#confirm).";
    const alertEmail = "ops@example.com";
    expect(steps({ ...onAws, alertEmail })).to.deep.equal([confirm("us-east-1")]);
    expect(steps({ ...onAws, region: "eu-west-1", alertEmail })).to.deep.equal([confirm("eu-west-1 and us-east-1")]);
  });

  it("say how to try the mails of Alertmanager", () => {
    const observability = { enabled: true, mail: completeMail };
    expect(steps({ ...onExisting, alertEmail: "ops@example.com", observability })).to.deep.equal([
      "Alerts are mailed to ops@example.com by smtp.example.com. Send one to try it (docs/observability.md#mail).",
    ]);
  });

  it("say nothing of mails while observability is turned off", () => {
    const observability = { enabled: false, mail: completeMail };
    expect(steps({ ...onExisting, alertEmail: "ops@example.com", observability })).to.deep.equal([]);
  });

  it("say how to watch a handover, in place of what it does", () => {
    const handover = { image: "ghcr.io/acme/handover:0.1.0" };
    const watch = (namespace: string) =>
      "A handover of the database is on: PgBouncer serves the Postgres that the tier leaves until you switch. Watch it: " +
      `kubectl -n ${namespace} exec job/handover -- node handover/main.js status (docs/handover.md). Finish or abort it before you ` +
      "remove the key.";
    expect(steps({ ...onAws, tier: "startup", handover })).to.deep.equal([watch("data")]);
    expect(steps({ ...onAws, tier: "mvp", keep: { managedStores: true }, handover })).to.deep.equal([watch("data")]);
    expect(steps({ ...onAws, tier: "startup", namespacePrefix: "shop", handover })).to.deep.equal([watch("shop-data")]);
  });

  it("warn that retained managed stores cost money", () => {
    expect(steps({ ...onAws, tier: "mvp", keep: { managedStores: true } })).to.deep.equal([managed]);
    expect(steps({ ...onAws, tier: "growth", keep: { managedStores: true } })).to.deep.equal([]);
  });

  it("name the budget that what is kept exceeds, until it has one of its own", () => {
    const budget =
      "AWS Budgets mails when a month exceeds what the stack may cost without what is kept. Set accountBudgetUsd to what " +
      "npm run plan expects in all, as long as it is kept (docs/alarms.md#budget).";
    const alertEmail = "ops@example.com";
    const keeping: SettingsInput[] = [
      { ...onAws, tier: "mvp", keep: { managedStores: true } },
      { ...onAws, tier: "growth", keep: { nodeState: true } },
      { ...onAws, tier: "growth", postgres: { generation: 2, previous: {} } },
    ];
    for (const stack of keeping) {
      expect(steps(stack)).to.not.include(budget);
      expect(steps({ ...stack, alertEmail })).to.include(budget);
      for (const accountBudgetUsd of [0, 400])
        expect(steps({ ...stack, alertEmail, accountBudgetUsd })).to.not.include(budget);
    }
    expect(steps({ ...onAws, tier: "growth", alertEmail })).to.not.include(budget);
  });

  it("warn that the protection of data is off", () => {
    expect(steps({ ...onAws, tier: "growth", allowDestroy: true })).to.deep.equal([
      "The protection of data is off (allowDestroy): destroy, or a change that removes a store, deletes it with a final " +
        "snapshot. Set allowDestroy to false unless you want that (docs/destroying.md).",
    ]);
  });

  it("warn that a wide network may reach the API", () => {
    expect(steps({ ...onAws, apiAccessCidrs: ["203.0.113.7/32", "52.0.0.0/8"] })).to.deep.equal([
      "apiAccessCidrs lets 16777216 addresses (52.0.0.0/8) reach the Kubernetes API. Name narrower networks.",
    ]);
    expect(steps({ ...onAws, apiAccessCidrs: ["52.1.0.0/16"] })).to.deep.equal([]);
  });

  it("warn of copies of backups to a region that RDS is not known to copy to", () => {
    const scale = { ...onAws, tier: "scale", region: "ap-southeast-2" } as const;
    expect(steps({ ...scale, backupRegion: "eu-west-1" })).to.deep.equal([
      "RDS is not known to copy backups from ap-southeast-2 to eu-west-1. Ask AWS before you deploy, with the command " +
        "preflight.",
    ]);
    expect(steps({ ...scale, backupRegion: "us-east-1" })).to.deep.equal([]);
  });

  it("warn of secrets in plain text, with the command that encrypts them", () => {
    expect(steps(onExisting, ["app.secrets.STRIPE_KEY"])).to.deep.equal([
      "app.secrets.STRIPE_KEY is plain text in the stack file. Encrypt it, and replace it at its source if the file was " +
        "shared: pulumi config set --secret --path 'tierstack:app.secrets.STRIPE_KEY' -s test",
    ]);
  });

  it("name the changes that interrupt the product, and ask for maintenance unless it is on", () => {
    const downtime = (input: SettingsInput) => allSteps(input).filter(isDowntime);
    expect(downtime({ ...onAws, tier: "startup" })).to.deep.equal([
      "These changes take the product down for minutes: another engine version of RDS, another instance class of RDS, " +
        "another certificate authority of RDS, another image, version or task of the k3s node, another instance type or capacity of the k3s node. npm run " +
        "diff marks them. Turn on maintenance before you deploy one (docs/moving.md#maintenance).",
    ]);
    expect(downtime({ ...onAws, tier: "startup", maintenance: true })).to.deep.equal([]);
    expect(downtime(onExisting)).to.deep.equal([]);
  });

  it("name the queues whose jobs spot capacity cuts to its default", () => {
    const queues = [{ name: "mail" }, { name: "video", maxJobSeconds: 30 }, { name: "images" }];
    expect(steps({ ...onAws, tier: "mvp", queues })).to.deep.equal([
      "The longest job of mail, images may take 60 seconds, because workers run on spot capacity. Set maxJobSeconds of " +
        "each queue; longer jobs need on-demand nodes (docs/application.md#jobs).",
    ]);
    expect(steps({ ...onAws, tier: "mvp", queues, nodes: { capacity: "on-demand" } })).to.deep.equal([]);
    expect(steps({ ...onAws, tier: "growth", queues })).to.deep.equal([]);
    expect(steps({ ...onAws, tier: "scale", queues: [{ name: "video", capacity: "on-demand" }] })).to.deep.equal([]);
  });

  it("warn that maintenance is on", () => {
    expect(steps({ ...onExisting, maintenance: true })).to.deep.equal([maintenance]);
    expect(steps(onExisting)).to.deep.equal([]);
  });
});
