import catalogue from "../catalogues/sdk-types.generated.json";
import type { RecordedResource } from "./record";
import { Secret } from "./values";

const resources: Record<string, string | undefined> = catalogue.resources;
const shapes: Record<string, Record<string, string> | undefined> = catalogue.shapes;

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

/** Whether a resource of a type takes a property; undefined for a type that only the user's own resources have. */
export function takes(type: string, property: string): boolean | undefined {
  const shape = shapes[resources[type] ?? ""];
  return shape && Object.hasOwn(shape, property);
}

/** Properties of a resource, at any depth, that the SDK's types do not know. */
export function unknownProperties(resource: RecordedResource): string[] {
  const { type, path, inputs } = resource;
  const shapeId = resource.custom ? resources[type] : undefined;
  // Components, providers, objects of a CustomResourceDefinition, and types that only the user's own resources have: the
  // SDK's class alone knows their properties (planner/record/sdk).
  if (!shapeId) return [];
  const problems: string[] = [];
  walk(inputs, shapeId, path, (at) => problems.push(`${at} (${type}): the SDK does not know this property`));
  return problems;
}
