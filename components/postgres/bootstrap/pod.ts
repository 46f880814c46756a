import type * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import { images } from "../../../versions";
import { ports } from "../../support/names";
import { containerSecurity, podSecurity, resourcesOf, withPriority } from "../../support/pods";
import { credentialKeys } from "../common/credentials";
import { identifiers } from "../common/settings";
import { verifierVariable } from "./sql";

/** Scripts of the ConfigMap. */
export const scripts = { run: "bootstrap.sh", roles: "bootstrap.sql", superuser: "superuser.sql" } as const;

export interface BootstrapPodArgs {
  host: pulumi.Input<string>;
  /** ConfigMap with `scripts` and `ca.crt`. */
  script: pulumi.Input<string>;
  /** Secret with the keys of `credentialKeys`. */
  credentials: pulumi.Input<string>;
  priorityClassName?: pulumi.Input<string> | undefined;
  /** Roles whose verifiers the Secret has. */
  roles: string[];
  labels: Record<string, string>;
  /** Checksum of the scripts and the verifiers. */
  checksum: pulumi.Input<string>;
}

const folder = "/etc/bootstrap";

/** Variables with which a program of PostgreSQL logs in as the superuser. @param folder  mount path of the ConfigMap */
export const superuserVariables = (folder: string) => ({
  PGPORT: String(ports.postgres),
  PGUSER: identifiers.superuser,
  PGDATABASE: "postgres",
  PGSSLMODE: "verify-full",
  PGSSLROOTCERT: `${folder}/ca.crt`,
  PGCONNECT_TIMEOUT: "10",
});

function env({ host, credentials, roles }: BootstrapPodArgs): k8s.types.input.core.v1.EnvVar[] {
  const variables: Record<string, pulumi.Input<string>> = { PGHOST: host, ...superuserVariables(folder) };
  const secret = {
    SUPERUSER_PASSWORD: credentialKeys.superuser,
    PREVIOUS_SUPERUSER_PASSWORD: credentialKeys.previousSuperuser,
    ...Object.fromEntries(roles.map((role) => [verifierVariable(role), credentialKeys.verifierOf(role)])),
  };
  return [
    ...Object.entries(variables).map(([name, value]) => ({ name, value })),
    ...Object.entries(secret).map(([name, key]) => ({
      name,
      valueFrom: { secretKeyRef: { name: credentials, key } },
    })),
  ];
}

/** Returns the pod template: runs psql and retries until the server accepts the login. */
export function podTemplate(args: BootstrapPodArgs): k8s.types.input.core.v1.PodTemplateSpec {
  return {
    metadata: { labels: args.labels, annotations: { "checksum/config": args.checksum } },
    spec: {
      ...withPriority(args.priorityClassName),
      automountServiceAccountToken: false,
      enableServiceLinks: false,
      restartPolicy: "OnFailure",
      securityContext: podSecurity(images.postgres),
      containers: [
        {
          name: "psql",
          image: images.postgres.image,
          command: ["sh", `${folder}/${scripts.run}`, folder],
          // The pod's status shows why the server refuses, without a look at the log.
          terminationMessagePolicy: "FallbackToLogsOnError",
          env: env(args),
          resources: resourcesOf({ cpuMillicores: 10, memoryMiB: 32 }),
          securityContext: containerSecurity(),
          volumeMounts: [{ name: "script", mountPath: folder, readOnly: true }],
        },
      ],
      volumes: [{ name: "script", configMap: { name: args.script } }],
    },
  };
}
