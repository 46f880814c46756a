import { expect } from "chai";
import { handoverVariables } from "../../handover/environment";

const required = {
  SOURCE_URL: "postgres://postgres:a@old:5432/app?sslmode=verify-full",
  TARGET_URL: "postgres://postgres:a@new:5432/app?sslmode=verify-full",
  SOURCE_REPLICATION_URL: "postgres://postgres:a@old:5432/app?sslmode=require",
  TARGET_REPLICATION_URL: "postgres://postgres:a@new:5432/app?sslmode=require",
  POOLERS: "pgbouncer-pods.data.svc:5432",
  POOLER_USER: "handover",
  POOLER_PASSWORD: "b",
  POOLER_CA: "/etc/handover/pooler-ca.crt",
};

const faults = (environment: Record<string, string>) =>
  handoverVariables.safeParse(environment).error?.issues.map(({ path, message }) => `${path.join(".")}: ${message}`);

describe("the handover's environment", () => {
  it("has defaults for what the stack need not set", () => {
    expect(handoverVariables.parse(required)).to.deep.equal({
      ...required,
      POOLERS: ["pgbouncer-pods.data.svc:5432"],
      SOURCE_CONFIG: "/etc/pgbouncer/pgbouncer.ini",
      TARGET_CONFIG: "/etc/pgbouncer/next.ini",
      FENCED_ROLES: ["app", "app_b"],
      POOLED_DATABASES: ["app", "app_ro"],
      SESSION_DATABASE: "app_session",
      MAX_PAUSE_MS: 1000,
      SWITCH: "manual",
    });
  });

  it("reads lists and numbers", () => {
    const given = { ...required, POOLERS: "a:1, b:2", FENCED_ROLES: "app", MAX_PAUSE_MS: "100", SWITCH: "automatic" };
    expect(handoverVariables.parse(given)).to.deep.include({
      POOLERS: ["a:1", "b:2"],
      FENCED_ROLES: ["app"],
      MAX_PAUSE_MS: 100,
      SWITCH: "automatic",
    });
  });

  it("names every fault at once, without the value of a secret", () => {
    const given = { ...required, SOURCE_URL: "mysql://secret", POOLERS: "a", MAX_PAUSE_MS: "99", SWITCH: "soon" };
    expect(faults(given)).to.deep.equal([
      "SOURCE_URL: a postgres:// URL with a database",
      "POOLERS.0: host:port",
      "MAX_PAUSE_MS: Too small: expected number to be >=100",
      'SWITCH: Invalid option: expected one of "manual"|"automatic"',
    ]);
    expect(faults({ ...required, MAX_PAUSE_MS: "20001" })).to.deep.equal([
      "MAX_PAUSE_MS: Too big: expected number to be <=20000",
    ]);
    expect(faults({})).to.have.lengthOf(8);
  });
});
