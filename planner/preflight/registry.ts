import { apiHostOf, isDockerHub, registryOf } from "../../components/support/image-name";
import { Unanswered } from "./aws";

/** Credentials of a registry. */
export interface Login {
  username: string;
  /** A secret. */
  password: string;
}

/** Registries of container images. */
export interface Registries {
  /**
   * Returns the platforms of an image, such as linux/arm64. Undefined if the registry does not show such an image: it
   * does not exist, or needs other credentials; registries do not tell which. Throws Unanswered without an answer.
   */
  platforms(image: string, login?: Login): Promise<string[] | undefined>;
}

interface Platform {
  os?: string;
  architecture?: string;
}

/** What a registry returns for a tag: a list of images, or one image with its configuration. */
interface Manifest {
  manifests?: { platform?: Platform }[];
  config?: { digest?: string };
}

const manifestTypes = [
  "application/vnd.oci.image.index.v1+json",
  "application/vnd.oci.image.manifest.v1+json",
  "application/vnd.docker.distribution.manifest.list.v2+json",
  "application/vnd.docker.distribution.manifest.v2+json",
].join(", ");

/** How long a registry may take to answer, in milliseconds. */
const patienceMs = 10_000;

/** Splits an image into the address of its repository's API and its tag or digest. The digest counts where both are. */
export function addressOf(image: string): { repository: string; reference: string } {
  const registry = registryOf(image);
  const rest = image.startsWith(`${registry}/`) ? image.slice(registry.length + 1) : image;
  const [named = "", digest] = rest.split("@");
  const colon = named.lastIndexOf(":");
  const name = colon < 0 ? named : named.slice(0, colon);
  // Official images of Docker Hub have no owner.
  const path = isDockerHub(registry) && !name.includes("/") ? `library/${name}` : name;
  // Like Docker, plain HTTP on this machine only.
  const scheme = /^(localhost|127\.0\.0\.1)(:|$)/.test(registry) ? "http" : "https";
  return { repository: `${scheme}://${apiHostOf(registry)}/v2/${path}`, reference: digest ?? named.slice(colon + 1) };
}

async function ask(url: string, headers: Record<string, string>): Promise<Response> {
  try {
    return await fetch(url, { headers, signal: AbortSignal.timeout(patienceMs) });
  } catch (error) {
    const { cause, message } = error as Error & { cause?: NodeJS.ErrnoException };
    throw new Unanswered(`${new URL(url).host}: ${cause?.code ?? message}`);
  }
}

const basic = ({ username, password }: Login) => `Basic ${Buffer.from(`${username}:${password}`).toString("base64")}`;

/** Answers the challenge of a registry (OCI distribution specification; Docker, "Token authentication"). */
async function authorization(challenge: string, login: Login | undefined): Promise<string | undefined> {
  if (/^basic/i.test(challenge)) return login && basic(login);
  const parameters = [...challenge.matchAll(/(\w+)="([^"]*)"/g)].map(([, key, value]) => [key, value]);
  const { realm, service, scope } = Object.fromEntries(parameters) as Record<string, string | undefined>;
  if (!realm) return undefined;
  const url = new URL(realm);
  for (const [key, value] of Object.entries({ service, scope })) if (value) url.searchParams.set(key, value);
  const response = await ask(url.href, login ? { authorization: basic(login) } : {});
  if (!response.ok) return undefined;
  const { token, access_token: accessToken } = (await response.json()) as Record<string, string | undefined>;
  return `Bearer ${token ?? accessToken}`;
}

/** A connection to one repository: it answers the registry's challenge once. */
class Repository {
  private authorized: string | undefined;

  constructor(
    private readonly url: string,
    private readonly login: Login | undefined,
  ) {}

  /** Returns a document; undefined if the registry does not show it. */
  async get<T>(path: string): Promise<T | undefined> {
    const url = `${this.url}/${path}`;
    const send = () => ask(url, { accept: manifestTypes, ...(this.authorized && { authorization: this.authorized }) });
    let response = await send();
    const challenge = response.headers.get("www-authenticate");
    if (response.status === 401 && challenge && !this.authorized) {
      this.authorized = await authorization(challenge, this.login);
      if (this.authorized) response = await send();
    }
    if ([401, 403, 404].includes(response.status)) return undefined;
    if (!response.ok) throw new Unanswered(`${new URL(url).host}: HTTP ${response.status}`);
    return (await response.json()) as T;
  }
}

const nameOf = ({ os, architecture }: Platform) => `${os}/${architecture}`;

/** The registries as this machine sees them. */
export const publicRegistries: Registries = {
  async platforms(image, login) {
    const { repository, reference } = addressOf(image);
    const connection = new Repository(repository, login);
    const manifest = await connection.get<Manifest>(`manifests/${reference}`);
    if (!manifest) return undefined;
    // Attestations have the platform unknown/unknown.
    if (manifest.manifests)
      return [...new Set(manifest.manifests.map(({ platform = {} }) => nameOf(platform)))].filter(
        (name) => !/unknown|undefined/.test(name),
      );
    const config = await connection.get<Platform>(`blobs/${manifest.config?.digest}`);
    return config && [nameOf(config)];
  },
};
