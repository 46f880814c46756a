import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import * as tls from "@pulumi/tls";
import type { Certificate } from "../../pki/certificate-authority";
import { Component } from "../../support/component";
import { holdsData } from "../../support/data";

const hoursPerDay = 24;
const authorityHours = 20 * 365 * hoursPerDay;

/** The authorities of k3s, by the names of its files: of the API's certificate, of its clients' certificates, and of
 * extension API servers. */
const authorities = ["server-ca", "client-ca", "request-header-ca"] as const;

export interface K3sStateArgs {
  /** GiB of the data volume: k3s state, images and every local volume. It only grows. */
  dataVolumeGiB: number;
  /** Availability zone of the volume, and so of the node. Never change it: a volume does not move. */
  zone: string;
  /** Prefix of the parameters in SSM, such as `/project/stack/k3s`. */
  path: string;
}

/**
 * What outlives the k3s node, whatever becomes of it: the data volume and the cluster's certificate authorities. They
 * are made here, not by k3s, so that the kubeconfig can be computed; the node fetches them from SSM.
 */
export class K3sState extends Component {
  readonly volumeId: pulumi.Output<string>;
  readonly zone: string;
  /** Prefix of the parameters that hold the authorities, `<path>/server-ca.crt` and so on. */
  readonly parameterPath: string;
  readonly parameterArns: pulumi.Output<string>[];
  /** PEM of the authority that signs the API's certificate. */
  readonly serverCaCertificate: pulumi.Output<string>;
  /** PEM of an administrator's certificate, renewed by a `pulumi up` in its last four months. */
  readonly clientCertificate: pulumi.Output<string>;
  /** PEM; a secret. */
  readonly clientKey: pulumi.Output<string>;

  constructor(name: string, args: K3sStateArgs, opts?: pulumi.ComponentResourceOptions) {
    super("cluster:K3sState", name, opts);
    this.zone = args.zone;
    this.parameterPath = args.path;
    this.volumeId = this.volume(args).id;
    const made = Object.fromEntries(authorities.map((kind) => [kind, this.authority(kind)])) as Record<
      (typeof authorities)[number],
      Certificate
    >;
    this.parameterArns = authorities.flatMap((kind) => this.parameters(kind, made[kind]));
    this.serverCaCertificate = made["server-ca"].certificate;
    const admin = this.administrator(made["client-ca"]);
    this.clientCertificate = admin.certificate;
    this.clientKey = admin.privateKey;
    this.registerOutputs({ volumeId: this.volumeId });
  }

  private volume({ dataVolumeGiB, zone }: K3sStateArgs): aws.ebs.Volume {
    return new aws.ebs.Volume(
      this.named("volume"),
      {
        availabilityZone: zone,
        size: dataVolumeGiB,
        type: "gp3",
        encrypted: true,
        finalSnapshot: true,
        tags: { Name: this.named("volume") },
      },
      { ...this.child, ...holdsData },
    );
  }

  /** Another authority under the same volume would lock everybody out, the node itself included. */
  private authority(kind: string): Certificate {
    const options = { ...this.child, ...holdsData };
    const privateKey = this.key(kind, options);
    const { certPem } = new tls.SelfSignedCert(
      this.named(`${kind}-certificate`),
      {
        privateKeyPem: privateKey,
        subject: { commonName: `tierstack ${kind}` },
        isCaCertificate: true,
        allowedUses: ["digital_signature", "key_encipherment", "cert_signing"],
        validityPeriodHours: authorityHours,
      },
      options,
    );
    return { certificate: certPem, privateKey };
  }

  private parameters(kind: string, { certificate, privateKey }: Certificate): pulumi.Output<string>[] {
    const files = { [`${kind}.crt`]: certificate, [`${kind}.key`]: privateKey };
    return Object.entries(files).map(
      ([file, value]) =>
        new aws.ssm.Parameter(
          this.named(file),
          { name: `${this.parameterPath}/${file}`, type: "SecureString", value },
          this.child,
        ).arn,
    );
  }

  private administrator(clientAuthority: Certificate): Certificate {
    const privateKey = this.key("admin", this.child);
    const { certRequestPem } = new tls.CertRequest(
      this.named("admin-request"),
      { privateKeyPem: privateKey, subject: { commonName: "tierstack-admin", organization: "system:masters" } },
      this.child,
    );
    const { certPem } = new tls.LocallySignedCert(
      this.named("admin-certificate"),
      {
        certRequestPem,
        caPrivateKeyPem: clientAuthority.privateKey,
        caCertPem: clientAuthority.certificate,
        allowedUses: ["digital_signature", "key_encipherment", "client_auth"],
        validityPeriodHours: 365 * hoursPerDay,
        earlyRenewalHours: 120 * hoursPerDay,
      },
      this.child,
    );
    return { certificate: certPem, privateKey };
  }

  private key(name: string, options: pulumi.CustomResourceOptions): pulumi.Output<string> {
    const key = new tls.PrivateKey(this.named(`${name}-key`), { algorithm: "ECDSA", ecdsaCurve: "P256" }, options);
    return pulumi.secret(key.privateKeyPem);
  }
}
