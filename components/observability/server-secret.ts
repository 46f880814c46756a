import * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import type { Namespace } from "../namespaces/namespace";
import type { CertificateAuthority } from "../pki/certificate-authority";
import type { Component } from "../support/component";
import { certificateFiles } from "../support/exporter-web";
import { serviceNames } from "../support/names";
import { secretData } from "../support/secret";

export interface ServerSecretArgs {
  /** Name of the server and of its Service. The Secret has it with `-tls`. */
  name: string;
  labels: Record<string, string>;
  namespace: Namespace;
  authority: Pick<CertificateAuthority, "issue">;
  /** Files beside the certificate and its key. @default none, and a Secret of the type for certificates */
  files?: Record<string, pulumi.Input<string>>;
}

/** Issues a certificate of the internal authority for a server, and creates the Secret that its pods mount. */
export function serverSecret(
  component: Component,
  { name, labels, namespace, authority, files }: ServerSecretArgs,
  options: pulumi.CustomResourceOptions,
): k8s.core.v1.Secret {
  const issued = authority.issue(name, serviceNames(name, namespace.name));
  return new k8s.core.v1.Secret(
    component.named("tls"),
    {
      metadata: { name: `${name}-tls`, namespace: namespace.created, labels },
      ...(!files && { type: "kubernetes.io/tls" }),
      data: secretData({
        [certificateFiles.certificate]: issued.certificate,
        [certificateFiles.key]: issued.privateKey,
        ...files,
      }),
    },
    options,
  );
}
