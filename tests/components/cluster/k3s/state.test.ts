import { expect } from "chai";
import { K3sState } from "../../../../components/cluster/k3s/state";
import { type Recorded, recorded, Secret } from "../../../support/record";

const authorities = ["server-ca", "client-ca", "request-header-ca"];
const args = { dataVolumeGiB: 8, zone: "eu-west-1a", path: "/shop/mvp/k3s" };

describe("K3sState", () => {
  let run: Recorded;
  let state: K3sState;
  before(async () => {
    run = await recorded(() => {
      state = new K3sState("state", args);
      return { key: state.clientKey, certificate: state.clientCertificate, ca: state.serverCaCertificate };
    });
  });

  it("makes the volume, the authorities, their parameters and an administrator, and no problems", () => {
    expect(run.problems).to.deep.equal([]);
    expect(run.paths).to.have.members([
      "state",
      "state/volume",
      ...authorities.flatMap((kind) => [`-key`, `-certificate`, `.crt`, `.key`].map((part) => `state/${kind}${part}`)),
      "state/admin-key",
      "state/admin-request",
      "state/admin-certificate",
    ]);
    expect(run.at("state").type).to.equal("tierstack:cluster:K3sState");
    for (const { path, parent } of run.resources) if (path !== "state") expect(parent).to.equal("state");
  });

  it("has an encrypted volume that leaves a snapshot", () => {
    expect(run.inputs("state/volume")).to.deep.equal({
      availabilityZone: "eu-west-1a",
      size: 8,
      type: "gp3",
      encrypted: true,
      finalSnapshot: true,
      tags: { Name: "state-volume" },
    });
  });

  it("protects the volume and the authorities, and nothing that can be made again", () => {
    const held = run.resources.filter(({ options }) => options.protect || options.retainOnDelete);
    expect(held.map(({ path }) => path)).to.have.members([
      "state/volume",
      ...authorities.flatMap((kind) => [`state/${kind}-key`, `state/${kind}-certificate`]),
    ]);
    for (const { options } of held) expect(options).to.include({ protect: true, retainOnDelete: true });
  });

  it("deletes the volume, with a snapshot, once its protection is lifted", async () => {
    const removable = await recorded(() => void new K3sState("state", { ...args, removable: true }));
    expect(removable.resources.filter(({ options }) => options.protect || options.retainOnDelete)).to.deep.equal([]);
    expect(removable.inputs("state/volume").finalSnapshot).to.equal(true);
  });

  it("makes authorities for twenty years, each with a key of its own", () => {
    for (const kind of authorities) {
      expect(run.inputs(`state/${kind}-key`)).to.deep.equal({ algorithm: "ECDSA", ecdsaCurve: "P256" });
      expect(run.inputs(`state/${kind}-certificate`)).to.deep.equal({
        privateKeyPem: `state/${kind}-key.privateKeyPem`,
        subject: { commonName: `tierstack ${kind}` },
        isCaCertificate: true,
        allowedUses: ["digital_signature", "key_encipherment", "cert_signing"],
        validityPeriodHours: 175200,
      });
      expect(run.at(`state/${kind}-certificate`).inputs.privateKeyPem).to.be.instanceOf(Secret);
    }
  });

  it("hands them over as SecureStrings, the keys as secrets", () => {
    for (const kind of authorities) {
      expect(run.inputs(`state/${kind}.crt`)).to.deep.equal({
        name: `/shop/mvp/k3s/${kind}.crt`,
        type: "SecureString",
        value: `state/${kind}-certificate.certPem`,
      });
      expect(run.inputs(`state/${kind}.key`)).to.deep.equal({
        name: `/shop/mvp/k3s/${kind}.key`,
        type: "SecureString",
        value: `state/${kind}-key.privateKeyPem`,
      });
      expect(run.at(`state/${kind}.key`).inputs.value).to.be.instanceOf(Secret);
    }
    expect(state.parameterArns).to.have.length(6);
    expect(state.parameterPath).to.equal("/shop/mvp/k3s");
  });

  it("makes an administrator of the client authority, renewed early", () => {
    expect(run.inputs("state/admin-request").subject).to.deep.equal({
      commonName: "tierstack-admin",
      organization: "system:masters",
    });
    expect(run.inputs("state/admin-certificate")).to.deep.equal({
      certRequestPem: "state/admin-request.certRequestPem",
      caPrivateKeyPem: "state/client-ca-key.privateKeyPem",
      caCertPem: "state/client-ca-certificate.certPem",
      allowedUses: ["digital_signature", "key_encipherment", "client_auth"],
      validityPeriodHours: 8760,
      earlyRenewalHours: 2880,
    });
    expect(run.at("state/admin-certificate").inputs.caPrivateKeyPem).to.be.instanceOf(Secret);
    expect(run.outputs.key).to.be.instanceOf(Secret);
    expect(run.outputs.ca).to.equal("state/server-ca-certificate.certPem");
  });

  it("holds in a first preview", async () => {
    const preview = await recorded(() => void new K3sState("state", args), { preview: true });
    expect(preview.problems).to.deep.equal([]);
    expect(preview.paths).to.deep.equal(run.paths);
  });
});
