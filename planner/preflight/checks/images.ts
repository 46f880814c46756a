import { ecrRepositoryOf, registryOf } from "../../../components/support/image-name";
import { secretText } from "../../../config/secrets";
import type { Aws } from "../aws";
import { type Check, type Finding, failed, fine, type Sources, unchecked } from "../check";
import type { Needs } from "../needs";
import type { Login } from "../registry";

/** The platform of every node that the stack creates. */
const platform = "linux/arm64";

/** ECR takes the caller's own rights; other registries take the credentials of the stack. */
async function loginFor(image: string, { registry }: Needs, aws: Aws): Promise<Login | undefined> {
  const repository = ecrRepositoryOf(image);
  if (repository) {
    const { authorizationData = [] } = await aws.ecr(repository.region).getAuthorizationToken({});
    const [username = "", password = ""] = Buffer.from(authorizationData[0]?.authorizationToken ?? "", "base64")
      .toString()
      .split(":");
    return { username, password };
  }
  return registry?.server === registryOf(image) ? registry : undefined;
}

async function findingOf(image: string, needs: Needs, { aws, registries }: Sources): Promise<Finding> {
  const login = await loginFor(image, needs, aws);
  const encrypted = login?.password === secretText;
  const platforms = await registries.platforms(image, encrypted ? undefined : login);
  if (!platforms && encrypted)
    return unchecked(`${image}: registry.password is encrypted, and only Pulumi can read it`);
  if (!platforms)
    return failed({
      where: "image",
      given: `${image}, which ${registryOf(image)} does not show${login ? " with the given credentials" : ""}`,
      allowed: "an image that the nodes can pull",
      fix: login ? "correct the image or the credentials" : "correct the image, or set registry if it is private",
    });
  if (platforms.includes(platform)) return fine(`${image} has ${platform}`);
  return failed({
    where: "image",
    given: `${image}, for ${platforms.join(", ")}`,
    allowed: `an image for ${platform}, which every node runs`,
    fix: `build it with docker buildx build --platform ${platform}`,
  });
}

/** The registries show the images of the user, for the platform of the nodes. Only ECR needs credentials of AWS. */
export const images: Check = {
  name: "container images",
  fails: `a registry does not show an image, or the image is not for ${platform}`,
  signedIn: false,
  applies: ({ images }) => images.length > 0,
  run: (needs, sources) => Promise.all(needs.images.map((image) => findingOf(image, needs, sources))),
};
