/**
 * Writes planner/catalogues/sdk-types.generated.json: which properties the SDKs' types allow, at every depth, for the
 * resource types the program uses. The SDKs' constructors drop what they do not know at the top and pass on whatever
 * stands below it; this is what the planner checks against.
 */
import { readFileSync } from "node:fs";
import { dirname, join, sep } from "node:path";
import ts from "typescript";

/** Properties of a shape; the value names the shape of what is inside, `*` before it where keys are free. */
export type Shape = Record<string, string>;
export interface SdkTypes {
  resources: Record<string, string>;
  shapes: Record<string, Shape>;
}

/** `inputs.core.v1.PodSpec` in the text of a type. */
const reference = /inputs\.([\w.]+)/;

function shapeOf(declaration: ts.InterfaceDeclaration, source: ts.SourceFile, sdk: string): Shape {
  const shape: Shape = {};
  for (const member of declaration.members) {
    if (!ts.isPropertySignature(member) || !member.type) continue;
    const text = member.type.getText(source);
    const inner = reference.exec(text)?.[1];
    const free = /\{\s*\[key: string\]/.test(text);
    const name = member.name.getText(source).replace(/^"|"$/g, "");
    shape[name] = inner ? `${free ? "*" : ""}${sdk}:${inner}` : "";
  }
  return shape;
}

/** Every interface of a file by its dotted name. */
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

/** Folder of the SDK's package that a file belongs to. */
function packageOf(file: string): { folder: string; sdk: string } {
  const parts = file.split(sep);
  const at = parts.lastIndexOf("@pulumi");
  return { folder: parts.slice(0, at + 2).join(sep), sdk: parts[at + 1] as string };
}

/** Shapes of the resource types, given the file that each type's class was loaded from. */
export function sdkTypes(files: Map<string, string>): SdkTypes {
  const types: SdkTypes = { resources: {}, shapes: {} };
  const inputs = new Map<string, ReturnType<typeof interfacesOf>>();
  const pending: { sdk: string; name: string }[] = [];
  const take = (shape: Shape) => {
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
    types.shapes[`${sdk}:${type}`] = take(shapeOf(own.declaration, own.source, sdk));
  }
  for (let next = pending.pop(); next; next = pending.pop()) {
    const id = `${next.sdk}:${next.name}`;
    if (types.shapes[id]) continue;
    const found = inputs.get(next.sdk)?.get(next.name);
    if (found) types.shapes[id] = take(shapeOf(found.declaration, found.source, next.sdk));
  }
  return {
    resources: types.resources,
    shapes: Object.fromEntries(Object.entries(types.shapes).sort(([a], [b]) => (a < b ? -1 : 1))),
  };
}
