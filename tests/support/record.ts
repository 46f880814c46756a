import type { LookUp } from "../../planner/record/look-ups";
import { type RecordedResource, type RecordOptions, record } from "../../planner/record/record";
import { reveal, Secret } from "../../planner/record/values";

export { Secret } from "../../planner/record/values";

/** A Kubernetes Secret with its data as the texts it was made of. */
function readable(resource: RecordedResource): RecordedResource {
  const { data, ...inputs } = resource.inputs;
  const encoded = reveal(data);
  if (resource.type !== "kubernetes:core/v1:Secret" || typeof encoded !== "object") return resource;
  const texts = Object.entries(encoded as Record<string, string>).map(([key, text]) => [
    key,
    Buffer.from(text, "base64").toString(),
  ]);
  return { ...resource, inputs: { ...inputs, stringData: new Secret(Object.fromEntries(texts)) } };
}

/** What a test asks of a recorded program. */
export class Recorded {
  readonly resources: RecordedResource[];

  constructor(
    resources: RecordedResource[],
    readonly outputs: Record<string, unknown>,
    readonly problems: string[],
    private readonly lookUps: LookUp[],
  ) {
    this.resources = resources.map(readable);
  }

  /** Paths of every resource, sorted. */
  get paths(): string[] {
    return this.resources.map((resource) => resource.path);
  }

  /** The resource at a path; fails where there is none. */
  at(path: string): RecordedResource {
    const found = this.resources.find((resource) => resource.path === path);
    if (!found) throw new Error(`no resource at ${path}; there are:\n${this.paths.join("\n")}`);
    return found;
  }

  /** Inputs at a path, secrets laid open. */
  // biome-ignore lint/suspicious/noExplicitAny: a test reads into inputs of any form
  inputs(path: string): any {
    return reveal(this.at(path).inputs);
  }

  /** The one look-up of a token; fails where there is none, or more. */
  lookUp(token: string): LookUp {
    const [found, ...more] = this.lookUps.filter((lookUp) => lookUp.token === token);
    if (found && more.length === 0) return found;
    throw new Error(`not one look-up of ${token}; there are:\n${JSON.stringify(this.lookUps, null, 2)}`);
  }

  /** Resources of a type. */
  ofType(type: string): RecordedResource[] {
    return this.resources.filter((resource) => resource.type === type);
  }
}

/** Runs a piece of a program under the recorder. */
export async function recorded(program: () => unknown, options: Partial<RecordOptions> = {}): Promise<Recorded> {
  const recording = await record(program, { project: "tierstack", stack: "test", ...options });
  return new Recorded(recording.resources, recording.outputs, recording.problems, recording.lookUps);
}
