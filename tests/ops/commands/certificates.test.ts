import { expect } from "chai";
import type { Ran, Reach } from "../../../ops/reach/reach";
import { isDue, read } from "../../../ops/status/certificates";
import { certificate } from "../../support/certificate";
import { runOn } from "../world";

const reachOf = (ran: Ran): Reach & { asked: string[] } => {
  const asked: string[] = [];
  return {
    asked,
    run: async ({ namespace, name, container }, command) => {
      asked.push(`${namespace}/${name} ${container}: ${command.join(" ")}`);
      return ran;
    },
    read: async () => [],
  };
};
const kubeOf = (pem: string) => ({
  find: async () => ({ data: { "ca.crt": pem } }) as never,
  exists: async () => true,
});

describe("ops certificates", () => {
  it("are due within 30 days, or where their end is not known", () => {
    const day = 86_400_000;
    expect([30 * day, 30 * day - 1, -1].map((endsMs) => isDue({ endsMs }, 0))).to.deep.equal([false, true, true]);
    expect(isDue({}, 0)).to.equal(true);
  });

  it("reads certificates where servers load them from, and no key", async () => {
    const pem = certificate(90).certificate;
    const reach = reachOf({ code: 0, stdout: pem, stderr: "" });
    const { code, stdout } = await runOn({ reach, kube: kubeOf(pem) }, "certificates");
    expect(code).to.equal(0);
    const end = new Date(read("", pem).endsMs as number).toISOString().slice(0, 10);
    for (const name of ["the internal authority", "app/app", "data/pgbouncer", "data/postgres", "data/redis"])
      expect(
        stdout.split("\n").find((line) => line.startsWith(name)),
        name,
      ).to.match(new RegExp(`${end} +\\d+ days left$`));
    expect(reach.asked).to.deep.equal([
      "app/app gateway: cat /etc/tierstack/tls/tls.crt",
      "data/pgbouncer pgbouncer: cat /etc/pgbouncer/tls.crt",
      "data/postgres postgres: cat /etc/postgresql-tls/tls.crt",
      "data/redis valkey: cat /etc/valkey/secret/tls.crt",
    ]);
  });

  it("ends with 1 where one ends soon, or cannot be read", async () => {
    const soon = certificate(29).certificate;
    const due = await runOn(
      { reach: reachOf({ code: 0, stdout: soon, stderr: "" }), kube: kubeOf(soon) },
      "certificates",
    );
    expect(due.code).to.equal(1);
    const unread = reachOf({ code: 1, stdout: "", stderr: "cat: no such file\nmore" });
    const { code, stdout } = await runOn({ reach: unread, kube: kubeOf(certificate(90).certificate) }, "certificates");
    expect(code).to.equal(1);
    expect(stdout).to.match(/app\/app +not read +cat: no such file\n/);
    expect(read("x", "nonsense")).to.deep.equal({ name: "x", problem: "no certificate in PEM" });
  });
});
