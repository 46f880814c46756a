/** What a resource's own ACL or policy grants to everybody. */
import { type Check, type Finding, mapping, mappings, type PolicyResource, texts } from "./rule";

type Inputs = PolicyResource["inputs"];

/** ACLs that S3 has ready, of those that grant anything beyond the account. */
const openAcls = ["public-read", "public-read-write", "authenticated-read"];

/** Groups of S3 that anybody is in: the second has every account of AWS. */
const openGroup = /\/groups\/global\/(AllUsers|AuthenticatedUsers)$/;

const closed = { allowed: "a private ACL", fix: "remove it; visitors read through CloudFront" };

/** The ACL and the grants of a bucket or an object. */
export function openAcl({ acl, grants, accessControlPolicy }: Inputs): Finding[] {
  const groups = [
    ...mappings(grants).map(({ uri }) => uri),
    ...mappings(mapping(accessControlPolicy).grants).map(({ grantee }) => mapping(grantee).uri),
  ];
  return [
    ...(openAcls.includes(acl as string) ? [{ where: "acl", given: String(acl), ...closed }] : []),
    ...groups
      .filter((uri) => openGroup.test(String(uri)))
      .map((uri) => ({ where: "grants", given: String(uri), ...closed })),
  ];
}

/** A policy as a document: the provider takes it as JSON, too. */
function documentOf(policy: unknown): Inputs {
  if (typeof policy !== "string") return mapping(policy);
  try {
    return mapping(JSON.parse(policy));
  } catch {
    return {};
  }
}

/** A value of a policy that may stand alone or in a list. */
const listed = (value: unknown): unknown[] => (Array.isArray(value) ? value : [value]);

/** Whether a statement grants something to everybody. A condition narrows it to what no rule can judge. */
function isOpen({ Effect, Principal, NotPrincipal, Condition }: Inputs): boolean {
  if (Effect !== "Allow" || Condition !== undefined) return false;
  const accounts = listed(mapping(Principal).AWS);
  return Principal === "*" || texts(accounts).includes("*") || NotPrincipal !== undefined;
}

/** A type with a policy of its own in a property. */
export const openPolicy =
  (property: string): Check =>
  (inputs) =>
    mappings(listed(documentOf(inputs[property]).Statement)).flatMap((statement, at) =>
      isOpen(statement)
        ? [
            {
              where: `${property}.Statement[${at}]`,
              given: "everybody as principal, without a condition",
              allowed: "named accounts, roles or services",
              fix: "name them, or add a condition",
            },
          ]
        : [],
    );
