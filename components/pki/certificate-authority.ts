import * as pulumi from "@pulumi/pulumi";
import * as tls from "@pulumi/tls";
import { Component } from "../support/component";

const hoursPerYear = 365 * 24;

/** Returns the earliest of times in RFC 3339, which may be in any time zone, as ISO 8601 in UTC. */
export function earliest(times: string[]): string {
  return new Date(Math.min(...times.map(Date.parse))).toISOString();
}

/** A server's certificate with its key. */
export interface Certificate {
  /** PEM. */
  certificate: pulumi.Output<string>;
  /** PEM; a secret. */
  privateKey: pulumi.Output<string>;
}

/**
 * The product's own certificate authority, for TLS between its pods: PgBouncer, Postgres and Valkey in the cluster, and
 * the application's gateway. Private keys exist only in Pulumi's encrypted state and in Kubernetes Secrets.
 */
export class CertificateAuthority extends Component {
  /** PEM certificate of the authority, which clients trust. */
  readonly certificate: pulumi.Output<string>;
  private readonly privateKey: pulumi.Output<string>;
  /** When each certificate expires, the authority's first. */
  private readonly validUntil: pulumi.Output<string>[];

  constructor(name: string, opts?: pulumi.ComponentResourceOptions) {
    super("pki:Authority", name, opts);
    const key = this.key("key");
    this.privateKey = key;
    const authority = new tls.SelfSignedCert(
      this.named("certificate"),
      {
        privateKeyPem: key,
        subject: { commonName: "tierstack internal authority" },
        isCaCertificate: true,
        allowedUses: ["cert_signing", "crl_signing"],
        validityPeriodHours: 20 * hoursPerYear,
      },
      this.child,
    );
    this.certificate = authority.certPem;
    this.validUntil = [authority.validityEndTime];
    this.registerOutputs({ certificate: this.certificate });
  }

  /**
   * When the first certificate expires of the authority's own and those issued so far: ISO 8601 in UTC, such as
   * `2029-11-28T09:30:00.000Z`.
   */
  get expires(): pulumi.Output<string> {
    return pulumi.all(this.validUntil).apply(earliest);
  }

  /**
   * Issues a server certificate for three years. In its last year the provider marks it for renewal, and a `pulumi up`
   * replaces it (docs/deploying.md#renew-certificates).
   * @param name  name of the server, unique under the authority
   * @param dnsNames  host names by which clients reach the server
   */
  issue(name: string, dnsNames: string[]): Certificate {
    const privateKey = this.key(`${name}-key`);
    const request = new tls.CertRequest(
      this.named(`${name}-request`),
      { privateKeyPem: privateKey, subject: { commonName: name }, dnsNames },
      this.child,
    );
    const certificate = new tls.LocallySignedCert(
      this.named(`${name}-certificate`),
      {
        certRequestPem: request.certRequestPem,
        caPrivateKeyPem: this.privateKey,
        caCertPem: this.certificate,
        allowedUses: ["digital_signature", "key_encipherment", "server_auth"],
        validityPeriodHours: 3 * hoursPerYear,
        earlyRenewalHours: hoursPerYear,
      },
      this.child,
    );
    this.validUntil.push(certificate.validityEndTime);
    return { certificate: certificate.certPem, privateKey };
  }

  private key(name: string): pulumi.Output<string> {
    const key = new tls.PrivateKey(this.named(name), { algorithm: "ECDSA", ecdsaCurve: "P256" }, this.child);
    return pulumi.secret(key.privateKeyPem);
  }
}
