/** Docker Hub, under the name that images spell and that a Docker configuration expects. */
const dockerHub = { host: "docker.io", api: "registry-1.docker.io", configKey: "https://index.docker.io/v1/" };

/** Returns the registry of an image. A first part without a dot or a port is no registry: the image is on Docker Hub. */
export function registryOf(image: string): string {
  const [first = "", ...rest] = image.split("/");
  return rest.length > 0 && (/[.:]/.test(first) || first === "localhost") ? first : dockerHub.host;
}

/** Returns the key of a registry in a Docker configuration. */
export const configKeyOf = (registry: string) => (registry === dockerHub.host ? dockerHub.configKey : registry);

export const isDockerHub = (registry: string) => registry === dockerHub.host;

/** Returns the host of the API of a registry. */
export const apiHostOf = (registry: string) => (isDockerHub(registry) ? dockerHub.api : registry);

/** A private repository of ECR. */
export interface EcrRepository {
  registry: string;
  account: string;
  region: string;
  name: string;
}

/** Returns the repository of an image in ECR; undefined for an image of another registry. */
export function ecrRepositoryOf(image: string): EcrRepository | undefined {
  const match = /^((\d{12})\.dkr\.ecr\.([a-z0-9-]+)\.amazonaws\.com)\/([^:@]+)/.exec(image);
  if (!match) return undefined;
  const [, registry = "", account = "", region = "", name = ""] = match;
  return { registry, account, region, name };
}
