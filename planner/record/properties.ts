import catalogue from "../catalogues/sdk-types.generated.json";
import type { RecordedResource } from "./record";
import { Secret } from "./values";

const resources: Record<string, string | undefined> = catalogue.resources;
const shapes: Record<string, Record<string, string> | undefined> = catalogue.shapes;

/** Types whose properties are the user's own, by design of their SDK. */
const freeForm = (type: string) =>
  type.startsWith("tierstack:") || type.startsWith("pulumi:providers:") || isCustomResource(type);

/** Kubernetes objects of a kind that a CustomResourceDefinition brings. */
function isCustomResource(type: string): boolean {
  const [sdk, group = ""] = type.split(":");
  return sdk === "kubernetes" && group.includes(".") && !/^helm\.sh\/|\.k8s\.io\//.test(group);
}

function walk(value: unknown, shapeId: string, path: string, report: (path: string) => void): void {
  if (value instanceof Secret) {
    walk(value.value, shapeId, path, report);
    return;
  }
  if (Array.isArray(value)) {
    for (const [at, item] of value.entries()) walk(item, shapeId, `${path}[${at}]`, report);
    return;
  }
  const free = shapeId.startsWith("*");
  const shape = shapes[free ? shapeId.slice(1) : shapeId];
  if (!shape || typeof value !== "object" || value === null) return;
  for (const [key, inner] of Object.entries(value)) {
    if (free) walk(inner, shapeId.slice(1), `${path}.${key}`, report);
    else if (!Object.hasOwn(shape, key)) report(`${path}.${key}`);
    else if (shape[key]) walk(inner, shape[key] as string, `${path}.${key}`, report);
  }
}

/** Properties of a resource, at any depth, that the SDK's types do not know. */
export function unknownProperties(resource: RecordedResource): string[] {
  const { type, path, inputs } = resource;
  if (!resource.custom || freeForm(type)) return [];
  const shapeId = resources[type];
  // A type of the user's own resources: the SDK class alone knows its properties (planner/record/sdk).
  if (!shapeId) return [];
  const problems: string[] = [];
  walk(inputs, shapeId, path, (at) => problems.push(`${at} (${type}): the SDK does not know this property`));
  return problems;
}
