import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import * as tls from "@pulumi/tls";
import type { Certificate } from "../../pki/certificate-authority";
import { Component } from "../../support/component";
import { holdsData, type Removable } from "../../support/data";

const hoursPerDay = 24;
const caValidityHours = 20 * 365 * hoursPerDay;

/**
 * Certificate authorities of k3s, by file name. They sign the API server's certificate, client certificates, and the
 * certificates of requests to extension API servers.
 */
const certificateAuthorities = ["server-ca", "client-ca", "request-header-ca"] as const;

export interface K3sStateArgs extends Removable {
  /** Size of the data volume in GiB: k3s state, images and every local volume. It can only grow. */
  dataVolumeGiB: number;
  /** Name of the availability zone of the volume and the node. It counts when the volume is created. */
  zone: pulumi.Input<string>;
  /** KMS key of the volume and the parameters. Another key replaces the volume. @default the keys that AWS manages */
  kmsKeyArn?: string | undefined;
  /** Prefix of the SSM parameters, such as `/project/stack/k3s`. */
  path: string;
}

/**
 * State that outlives the k3s instance: the data volume and the cluster's certificate authorities. Pulumi creates the
 * certificate authorities so that it can compute the kubeconfig. The node fetches them from SSM.
 */
export class K3sState extends Component {
  readonly volumeId: pulumi.Output<string>;
  /** Name of the zone that the volume is in. */
  readonly zone: pulumi.Output<string>;
  /** Prefix of the SSM parameters that contain the certificate authorities, such as `<path>/server-ca.crt`. */
  readonly parameterPath: string;
  readonly parameterArns: pulumi.Output<string>[];
  /** KMS key that the node needs for the volume and the parameters; undefined for the keys that AWS manages. */
  readonly kmsKeyArn: string | undefined;
  /** PEM of the certificate authority that signs the API's certificate. */
  readonly serverCaCertificate: pulumi.Output<string>;
  /** PEM of the administrator's certificate. A `pulumi up` in its last four months renews it. */
  readonly clientCertificate: pulumi.Output<string>;
  /** PEM. A secret. */
  readonly clientKey: pulumi.Output<string>;

  constructor(name: string, args: K3sStateArgs, opts?: pulumi.ComponentResourceOptions) {
    super("cluster:K3sState", name, opts);
    this.parameterPath = args.path;
    this.kmsKeyArn = args.kmsKeyArn;
    const volume = this.volume(args);
    this.volumeId = volume.id;
    this.zone = volume.availabilityZone;
    const issued = Object.fromEntries(
      certificateAuthorities.map((kind) => [kind, this.certificateAuthority(kind, args)]),
    ) as Record<(typeof certificateAuthorities)[number], Certificate>;
    this.parameterArns = certificateAuthorities.flatMap((kind) => this.parameters(kind, issued[kind]));
    this.serverCaCertificate = issued["server-ca"].certificate;
    const admin = this.administrator(issued["client-ca"]);
    this.clientCertificate = admin.certificate;
    this.clientKey = admin.privateKey;
    this.registerOutputs({ volumeId: this.volumeId });
  }

  private volume({ dataVolumeGiB, zone, kmsKeyArn, removable }: K3sStateArgs): aws.ebs.Volume {
    return new aws.ebs.Volume(
      this.named("volume"),
      {
        availabilityZone: zone,
        size: dataVolumeGiB,
        type: "gp3",
        encrypted: true,
        ...(kmsKeyArn !== undefined && { kmsKeyId: kmsKeyArn }),
        finalSnapshot: true,
        tags: { Name: this.named("volume") },
      },
      // A volume cannot move: another zone would replace it. It stays where it was created, and the node follows it.
      { ...this.child, ...holdsData(removable), ignoreChanges: ["availabilityZone"] },
    );
  }

  /** Protected: with a new certificate authority on the same volume, no client could connect, not even the node. */
  private certificateAuthority(kind: string, { removable }: Removable): Certificate {
    const options = { ...this.child, ...holdsData(removable) };
    const privateKey = this.key(kind, options);
    const { certPem } = new tls.SelfSignedCert(
      this.named(`${kind}-certificate`),
      {
        privateKeyPem: privateKey,
        subject: { commonName: `tierstack ${kind}` },
        isCaCertificate: true,
        allowedUses: ["digital_signature", "key_encipherment", "cert_signing"],
        validityPeriodHours: caValidityHours,
      },
      options,
    );
    return { certificate: certPem, privateKey };
  }

  /** Not protected: `pulumi up` creates them again from the protected authorities, with the same values. */
  private parameters(kind: string, { certificate, privateKey }: Certificate): pulumi.Output<string>[] {
    const key = this.kmsKeyArn !== undefined && { keyId: this.kmsKeyArn };
    const files = { [`${kind}.crt`]: certificate, [`${kind}.key`]: privateKey };
    return Object.entries(files).map(
      ([file, value]) =>
        new aws.ssm.Parameter(
          this.named(file),
          { name: `${this.parameterPath}/${file}`, type: "SecureString", value, ...key },
          this.child,
        ).arn,
    );
  }

  private administrator(clientCa: Certificate): Certificate {
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
        caPrivateKeyPem: clientCa.privateKey,
        caCertPem: clientCa.certificate,
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
