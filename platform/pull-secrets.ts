import * as pulumi from "@pulumi/pulumi";
import { PullSecret, type RegistryCredentials } from "../components/app/pull-secret";
import type { Namespace } from "../components/namespaces/namespace";
import type { Namespaces } from "../components/namespaces/namespaces";
import { registryOf } from "../components/support/image-name";
import type { StackInputs } from "../config/load";
import type { Target } from "./targets/target";

/** Where the parts of the platform are made: below the platform, in the namespaces of its target. */
export interface Site {
  inputs: StackInputs;
  target: Target;
  namespaces: Namespaces;
  child: pulumi.CustomResourceOptions;
}

/** Name of the Secret for private images; undefined without credentials. */
export function appPullSecret(site: Site): pulumi.Output<string> | undefined {
  const { registry } = site.inputs.settings;
  return registry && credentials("app-registry", site, site.namespaces.app, registry);
}

/** The same for the handover's image, in its namespace, if it is in the registry of the credentials. */
export function handoverPullSecret(site: Site): pulumi.Output<string> | undefined {
  const { registry, handover } = site.inputs.settings;
  if (!registry || !handover || registryOf(handover.image) !== registry.server) return undefined;
  return credentials("handover-registry", site, site.namespaces.data, registry);
}

function credentials(
  name: string,
  { target, child }: Site,
  namespace: Namespace,
  registry: RegistryCredentials,
): pulumi.Output<string> {
  const secret = { ...registry, password: pulumi.secret(registry.password) };
  return new PullSecret(name, { cluster: target.cluster, namespace, registry: secret }, child).secretName;
}
