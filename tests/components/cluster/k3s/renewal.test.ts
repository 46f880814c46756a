import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { expect } from "chai";
import { certificateRenewal } from "../../../../components/cluster/k3s/renewal";
import { certificate } from "../../../support/certificate";
import { Machine } from "./machine";

const { files, units } = certificateRenewal();
const certificates = "var/lib/rancher/k3s";
const api = `${certificates}/server/tls/serving-kube-apiserver.crt`;
const kubelet = `${certificates}/agent/client-kubelet.crt`;

const [fresh, young, old] = [365, 91, 90].map((days) => certificate(days).certificate);

describe("renewal of k3s's certificates as work of the node", () => {
  it("is a script, a service and a monthly timer, which is enabled", () => {
    expect(Object.keys(files)).to.deep.equal([
      "/usr/local/sbin/tierstack-renewal",
      "/etc/systemd/system/tierstack-renewal.service",
      "/etc/systemd/system/tierstack-renewal.timer",
    ]);
    expect(files["/etc/systemd/system/tierstack-renewal.service"]).to.equal(
      "[Unit]\nDescription=Renewal of the certificates of k3s\nAfter=k3s.service\n\n" +
        "[Service]\nType=oneshot\nExecStart=/usr/local/sbin/tierstack-renewal",
    );
    expect(files["/etc/systemd/system/tierstack-renewal.timer"]).to.equal(
      "[Unit]\nDescription=Monthly check of the certificates of k3s\n\n" +
        "[Timer]\nOnCalendar=*-*-01 05:41:00 UTC\nRandomizedDelaySec=600\nPersistent=true",
    );
    expect(units).to.deep.equal(["tierstack-renewal.timer"]);
  });
});

describe("renewal of k3s's certificates", () => {
  let machine: Machine;
  beforeEach(() => {
    machine = new Machine();
    machine.write("renewal", files["/usr/local/sbin/tierstack-renewal"] as string);
    for (const path of [api, kubelet]) onNode(path, fresh);
  });
  afterEach(() => machine.remove());

  function onNode(path: string, content: string | undefined): void {
    const file = join(machine.root, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, String(content));
  }
  const renew = () => machine.bash([join(machine.world, "renewal")]);
  /** k3s renews a certificate when it starts. */
  function renewing(path: string): void {
    machine.write("renewed.crt", String(fresh));
    machine.command("systemctl", `cp "$WORLD/renewed.crt" "$ROOT/${path}"`);
  }
  const restart = "systemctl try-restart k3s.service";

  it("leaves k3s alone while its certificates are valid for more than 90 days", () => {
    onNode(api, young);
    const run = renew();
    expect([run.status, run.output, run.calls]).to.deep.equal([0, "", []]);
  });

  for (const [owner, path] of Object.entries({ "the API server": api, "the kubelet": kubelet }))
    it(`restarts k3s once where the certificate of ${owner} has 90 days left`, () => {
      onNode(path, old);
      renewing(path);
      const run = renew();
      expect(run.output).to.equal(
        `restarting k3s, because these expire within 90 days:\n${join(machine.root, path)}\n`,
      );
      expect([run.status, run.calls]).to.deep.equal([0, [restart]]);
      expect(renew().calls).to.deep.equal([]);
    });

  it("takes no notice of the authorities, nor of certificates inside images", () => {
    for (const name of ["server-ca", "server-ca.nochain"]) onNode(`${certificates}/server/tls/${name}.crt`, old);
    onNode(`${certificates}/agent/client-ca.crt`, old);
    onNode(`${certificates}/agent/containerd/snapshots/1/fs/etc/ssl/some.crt`, old);
    expect(renew().calls).to.deep.equal([]);
  });

  it("fails, and says so, where k3s does not renew", () => {
    onNode(kubelet, old);
    const run = renew();
    expect([run.status, run.calls]).to.deep.equal([1, [restart]]);
    expect(run.output).to.contain(`ERROR: k3s has not renewed:\n${join(machine.root, kubelet)}\n`);
  });

  it("fails where k3s does not start again", () => {
    onNode(api, old);
    machine.command("systemctl", "exit 5");
    expect(renew()).to.include({ status: 5 });
  });

  it("takes what it cannot read for old", () => {
    onNode(api, "half a certif");
    renewing(api);
    expect(renew()).to.deep.include({ status: 0, calls: [restart] });
  });
});
