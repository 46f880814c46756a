import { deployRoleFiles } from "../../../scripts/deploy-role/files";
import type { Policy } from "../../../scripts/deploy-role/statements";

export const account = "123456789012";
/** The bucket of the dumps. */
export const bucketName = "postgres-dumps-bucket-1a2b3c4";

/** Values that a reader puts in place of the placeholders. */
export const filled: Record<string, string> = {
  "<ACCOUNT>": account,
  "<PROJECT>": "shop",
  "<STACK>": "production",
  "<ZONE>": "Z0123456789EXAMPLE",
  "<DOMAIN>": "app.example.com",
  "<STATE-BUCKET>": "acme-state",
  "<DUMPS-BUCKET>": bucketName,
  "<BACKUPS-BUCKET>": bucketName,
  "<DATABASE>": "shop-production-postgres-primary-088e9f47",
  "<FILES-BUCKET>": "acme-uploads",
  "<REPOSITORY>": "acme/shop",
};
export const fill = (text: string, values = filled) =>
  Object.entries(values).reduce((result, [name, value]) => result.replaceAll(name, value), text);

export const own = { "tierstack:project": "shop", "tierstack:stack": "production" };
const under = (key: string, tags: Record<string, string>) =>
  Object.fromEntries(Object.entries(tags).map(([name, value]) => [`${key}/${name}`, value]));
export const withTags = (tags: Record<string, string>) => under("aws:ResourceTag", tags);
export const settingTags = (tags: Record<string, string>) => under("aws:RequestTag", tags);

export const boundaryArn = `arn:aws:iam::${account}:policy/shop-production-boundary`;
export const bounded = { "iam:PermissionsBoundary": boundaryArn };

/** The policies by name, with the placeholders filled. */
export async function filledPolicies(values = filled): Promise<Record<string, Policy>> {
  const parse = ([path, text]: [string, string]) => [
    path.replace(/^.*\/|\.json$/g, ""),
    JSON.parse(fill(text, values)),
  ];
  return Object.fromEntries(Object.entries(await deployRoleFiles()).map(parse));
}

/** The policies of the role itself, without the boundary of the roles that it creates. */
export function ownPolicies(all: Record<string, Policy>): Policy[] {
  const { boundary, trust, drill, "drill-trust": drillTrust, ...own } = all;
  return Object.values(own);
}
