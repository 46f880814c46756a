import Ajv, { type ErrorObject } from "ajv";
import { identityOf, type KubernetesObject } from "../objects";
import { readBundle, refTo, type SchemaBundle } from "./bundle";

const shown = (value: unknown): string => {
  const text = JSON.stringify(value) ?? "undefined";
  return text.length > 60 ? `${text.slice(0, 57)}...` : text;
};

/** Path of a field as one writes it: `spec.containers[0].image`, `metadata.labels["app.kubernetes.io/name"]`. */
function fieldPath(pointer: string, field?: string): string {
  const steps = pointer
    .split("/")
    .slice(1)
    .map((step) => step.replaceAll("~1", "/").replaceAll("~0", "~"));
  return [...steps, ...(field === undefined ? [] : [field])]
    .map((step) => (/^\d+$/.test(step) ? `[${step}]` : /^\w+$/.test(step) ? `.${step}` : `[${JSON.stringify(step)}]`))
    .join("")
    .replace(/^\./, "");
}

/** What is wrong, by the keyword of the schema that found it. */
function problem({ keyword, params, instancePath, message, data, parentSchema }: ErrorObject): string {
  switch (keyword) {
    case "additionalProperties":
      return `${fieldPath(instancePath, params.additionalProperty)}: unknown field`;
    case "required":
      return `${fieldPath(instancePath, params.missingProperty)}: missing`;
    case "enum":
      return `${fieldPath(instancePath)}: must be one of ${params.allowedValues.join(", ")}, is ${shown(data)}`;
    case "type":
      return `${fieldPath(instancePath)}: must be ${[params.type].flat().join(" or ")}, is ${shown(data)}`;
    case "pattern":
      return `${fieldPath(instancePath)}: must ${
        parentSchema?.title ? `be ${parentSchema.title}` : `match ${params.pattern}`
      }, is ${shown(data)}`;
    default:
      return `${fieldPath(instancePath)}: ${message}, is ${shown(data)}`;
  }
}

/** An apiVersion or kind that the bundle does not have, said so that it helps. */
function unknownKind({ apiVersion, kind }: KubernetesObject, kinds: string[]): string {
  const elsewhere = kinds
    .filter((known) => known.endsWith(`/${kind}`))
    .map((known) => known.slice(0, -kind.length - 1));
  return elsewhere.length > 0
    ? `apiVersion: ${kind} is in ${elsewhere.join(", ")}, not in ${apiVersion}`
    : `kind: ${apiVersion} ${kind} is not known; scripts/kubernetes-schemas.ts lists what is`;
}

/** A check of objects against a bundle. What a kind needs is compiled when its first object comes. */
function schemaCheck({ kinds, definitions }: SchemaBundle): (object: KubernetesObject) => string[] {
  const id = "kubernetes";
  const ajv = new Ajv({ allErrors: true, verbose: true, allowUnionTypes: true, strictTypes: false });
  ajv.addSchema({ $id: id, definitions });
  return (object) => {
    const where = identityOf(object);
    const name = kinds[`${object.apiVersion}/${object.kind}`];
    if (name === undefined) return [`${where}: ${unknownKind(object, Object.keys(kinds))}`];
    const validate = ajv.getSchema(`${id}${refTo(name)}`);
    if (!validate) throw new Error(`no definition of ${name}`);
    validate(object);
    return (validate.errors ?? []).map((error) => `${where}: ${problem(error)}`);
  };
}

let check: ReturnType<typeof schemaCheck> | undefined;

/**
 * What the schemas of the pinned Kubernetes and of the CRDs find wrong with an object, a line each: fields that do not
 * exist, that are missing or of a wrong type or value. Names, references and rules in CEL are not checked.
 */
export function schemaProblems(object: KubernetesObject): string[] {
  check ??= schemaCheck(readBundle());
  return check(object);
}
