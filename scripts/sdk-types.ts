/**
 * Generates planner/catalogues/sdk-types.generated.json: the properties that the SDKs' types allow, at every depth, for
 * the resource types that the program uses. The planner checks inputs against it, because the SDKs' constructors drop
 * unknown top-level properties and pass on unknown nested ones.
 */
import { readFileSync } from "node:fs";
import { dirname, join, sep } from "node:path";
import ts from "typescript";

/** The properties of a type. The value names the shape of a nested type; a `*` prefix means a map of that shape. */
export type Shape = Record<string, string>;
export interface SdkTypes {
  resources: Record<string, string>;
  shapes: Record<string, Shape>;
}

/** Matches a reference such as `inputs.core.v1.PodSpec` in the text of a type. */
const reference = /inputs\.([\w.]+)/;

function shapeOf(declaration: ts.InterfaceDeclaration, source: ts.SourceFile, sdk: string): Shape {
  const shape: Shape = {};
  for (const member of declaration.members) {
    if (!ts.isPropertySignature(member) || !member.type) continue;
    const text = member.type.getText(source);
    const inner = reference.exec(text)?.[1];
    const isMap = /\{\s*\[key: string\]/.test(text);
    const name = member.name.getText(source).replace(/^"|"$/g, "");
    shape[name] = inner ? `${isMap ? "*" : ""}${sdk}:${inner}` : "";
  }
  return shape;
}

/** Returns every interface of a file, by its qualified name. */
function interfacesOf(file: string): Map<string, { declaration: ts.InterfaceDeclaration; source: ts.SourceFile }> {
  const source = ts.createSourceFile(file, readFileSync(file, "utf8"), ts.ScriptTarget.ES2022, false);
  const found = new Map<string, { declaration: ts.InterfaceDeclaration; source: ts.SourceFile }>();
  const walk = (node: ts.Node, prefix: string): void => {
    if (ts.isInterfaceDeclaration(node)) found.set(prefix + node.name.text, { declaration: node, source });
    else if (ts.isModuleDeclaration(node) && node.body) walk(node.body, `${prefix}${node.name.text}.`);
    else if (ts.isModuleBlock(node) || ts.isSourceFile(node)) {
      for (const statement of node.statements) walk(statement, prefix);
    }
  };
  walk(source, "");
  return found;
}

/** Returns the SDK of a file, and the folder of the SDK's package. */
function packageOf(file: string): { folder: string; sdk: string } {
  const parts = file.split(sep);
  const at = parts.lastIndexOf("@pulumi");
  return { folder: parts.slice(0, at + 2).join(sep), sdk: parts[at + 1] as string };
}

/** Returns the shapes of the resource types. `files` maps each type to the file of its class. */
export function sdkTypes(files: Map<string, string>): SdkTypes {
  const types: SdkTypes = { resources: {}, shapes: {} };
  const inputs = new Map<string, ReturnType<typeof interfacesOf>>();
  const pending: { sdk: string; name: string }[] = [];
  const enqueue = (shape: Shape) => {
    for (const inner of Object.values(shape)) {
      const [sdk = "", name = ""] = inner.replace(/^\*/, "").split(":");
      if (name) pending.push({ sdk, name });
    }
    return shape;
  };
  for (const [type, file] of [...files].sort(([a], [b]) => (a < b ? -1 : 1))) {
    const { folder, sdk } = packageOf(file);
    if (!inputs.has(sdk)) {
      const declared = join(folder, "types", "input.d.ts");
      inputs.set(sdk, ts.sys.fileExists(declared) ? interfacesOf(declared) : new Map());
    }
    const name = `${type.split(":").at(-1)}Args`;
    const own = interfacesOf(join(dirname(file), file.split(sep).at(-1)?.replace(/\.js$/, ".d.ts") ?? "")).get(name);
    if (!own) continue;
    types.resources[type] = `${sdk}:${type}`;
    types.shapes[`${sdk}:${type}`] = enqueue(shapeOf(own.declaration, own.source, sdk));
  }
  for (let next = pending.pop(); next; next = pending.pop()) {
    const id = `${next.sdk}:${next.name}`;
    if (types.shapes[id]) continue;
    const found = inputs.get(next.sdk)?.get(next.name);
    if (found) types.shapes[id] = enqueue(shapeOf(found.declaration, found.source, next.sdk));
  }
  return {
    resources: types.resources,
    shapes: Object.fromEntries(Object.entries(types.shapes).sort(([a], [b]) => (a < b ? -1 : 1))),
  };
}
