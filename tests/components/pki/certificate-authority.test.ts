import { expect } from "chai";
import { CertificateAuthority, earliest } from "../../../components/pki/certificate-authority";
import { recorded, Secret } from "../../support/record";

describe("Authority", () => {
  const run = (preview = false) =>
    recorded(
      () => {
        const authority = new CertificateAuthority("authority");
        const { privateKey } = authority.issue("redis", ["redis.data.svc", "redis"]);
        return { certificate: authority.certificate, privateKey };
      },
      { preview },
    );

  it("is an authority that signs certificates and nothing else", async () => {
    const all = await run();
    expect(all.problems).to.deep.equal([]);
    const { privateKeyPem, ...inputs } = all.inputs("authority/certificate");
    expect(inputs).to.deep.equal({
      subject: { commonName: "tierstack internal authority" },
      isCaCertificate: true,
      allowedUses: ["cert_signing", "crl_signing"],
      validityPeriodHours: 20 * 365 * 24,
    });
    expect(privateKeyPem).to.equal("authority/key.privateKeyPem");
    expect(all.inputs("authority/key")).to.deep.equal({ algorithm: "ECDSA", ecdsaCurve: "P256" });
  });

  it("issues a server certificate for its names and renews it a year before it expires", async () => {
    const all = await run();
    expect(all.inputs("authority/redis-request")).to.deep.include({
      subject: { commonName: "redis" },
      dnsNames: ["redis.data.svc", "redis"],
    });
    const { allowedUses, validityPeriodHours, earlyRenewalHours, isCaCertificate } =
      all.inputs("authority/redis-certificate");
    expect(allowedUses).to.deep.equal(["digital_signature", "key_encipherment", "server_auth"]);
    expect([validityPeriodHours, earlyRenewalHours]).to.deep.equal([3 * 365 * 24, 365 * 24]);
    expect(isCaCertificate).to.equal(undefined);
    expect(all.at("authority/redis-certificate").parent).to.equal("authority");
  });

  it("keeps every private key a secret", async () => {
    const all = await run();
    expect(all.outputs.privateKey).to.be.instanceOf(Secret);
    expect(all.outputs.certificate).to.equal("authority/certificate.certPem");
    expect(all.at("authority/certificate").inputs.privateKeyPem).to.be.instanceOf(Secret);
    expect(all.at("authority/redis-request").inputs.privateKeyPem).to.be.instanceOf(Secret);
    expect(all.at("authority/redis-certificate").inputs.caPrivateKeyPem).to.be.instanceOf(Secret);
  });

  it("tells when the first of its certificates expires, its own or one that it has issued", async () => {
    const all = await recorded(() => {
      const authority = new CertificateAuthority("authority");
      const alone = authority.expires;
      authority.issue("redis", ["redis"]);
      authority.issue("postgres", ["postgres"]);
      return { alone, all: authority.expires };
    });
    expect(all.outputs).to.deep.equal({ alone: "2045-12-27T00:00:00.000Z", all: "2028-12-31T00:00:00.000Z" });
  });

  it("compares times of any time zone, as the provider writes them", () => {
    const times = ["2028-12-31T00:30:00+02:00", "2028-12-30T23:00:00Z", "2029-01-01T00:00:00-05:00"];
    expect(earliest(times)).to.equal("2028-12-30T22:30:00.000Z");
  });

  it("runs in a preview", async () => {
    const all = await run(true);
    expect(all.problems).to.deep.equal([]);
    expect(all.paths).to.deep.equal((await run()).paths);
  });
});
