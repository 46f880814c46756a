import { type Kube, Refused } from "../../ops/kube/kube";

/** An object, as far as this looks into it. */
interface Stored {
  metadata?: { name?: string; uid?: string; labels?: Record<string, string>; [field: string]: unknown };
  [field: string]: unknown;
}

/** Merges as RFC 7386 says. */
function merged(object: unknown, patch: unknown): unknown {
  if (typeof patch !== "object" || patch === null || Array.isArray(patch)) return patch;
  const result: Record<string, unknown> = { ...(typeof object === "object" ? object : {}) };
  for (const [key, value] of Object.entries(patch))
    if (value === null) delete result[key];
    else result[key] = merged(result[key], value);
  return result;
}

/** An API server in memory. It refuses what the real one refuses: a second object of a name, a change of one that is not there. */
export class Cluster implements Kube {
  /** Changes that it was asked for: the verb and the path. */
  readonly changes: string[] = [];
  /** Changes of Leases, in which drills keep what they measured. */
  readonly kept: string[] = [];
  private readonly objects = new Map<string, Stored>();
  /** What happens in the cluster once an object is there, or is gone. */
  onCreate: (path: string) => void = () => undefined;
  onRemove: (path: string) => void = () => undefined;
  /** Its clock. */
  nowMs: () => Promise<number> = async () => Date.now();
  /** Whether a disruption budget allows the eviction of a pod. */
  allowsEviction: (path: string) => boolean = () => true;

  put(path: string, object: Stored): void {
    const name = path.slice(path.lastIndexOf("/") + 1);
    this.objects.set(path, { ...object, metadata: { name, ...object.metadata } });
  }

  delete(path: string): void {
    this.objects.delete(path);
  }

  paths(): string[] {
    return [...this.objects.keys()];
  }

  async get<T>(path: string): Promise<T> {
    const found = this.objects.get(path);
    if (!found) throw new Refused(404, `${path} not found`);
    return structuredClone(found) as T;
  }

  async find<T>(path: string): Promise<T | undefined> {
    return structuredClone(this.objects.get(path)) as T | undefined;
  }

  async exists(path: string): Promise<boolean> {
    return this.objects.has(path);
  }

  async list<T>(path: string, { labelSelector = "" }: Record<string, string> = {}): Promise<T[]> {
    const wanted = labelSelector.split(",").filter((term) => term !== "");
    const selected = ({ metadata }: Stored) =>
      wanted.every((term) => metadata?.labels?.[term.split("=")[0] as string] === term.split("=")[1]);
    return [...this.objects]
      .filter(([at, object]) => at.slice(0, at.lastIndexOf("/")) === path && selected(object))
      .map(([, object]) => structuredClone(object) as T);
  }

  async patch<T>(path: string, type: string, body: unknown): Promise<T> {
    if (type !== "merge") throw new Error("not asked for");
    this.changes.push(`PATCH ${path} ${JSON.stringify(body)}`);
    const now = merged(await this.get(path), body) as Stored;
    this.objects.set(path, now);
    return now as T;
  }

  async apply<T>(path: string, object: unknown): Promise<T> {
    this.noted("APPLY", path);
    const { renewTime } = ((object as Stored).spec ?? {}) as { renewTime?: string };
    // MicroTime of apimachinery: time.RFC3339 with six digits of the second.
    if (renewTime !== undefined && !/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$/.test(renewTime))
      throw new Refused(400, `failed to create typed patch object: ${renewTime}`);
    this.put(path, object as Stored);
    return this.get(path);
  }

  async create<T>(path: string, body: unknown): Promise<T> {
    if (path.endsWith("/eviction")) {
      const pod = path.slice(0, -"/eviction".length);
      await this.get(pod);
      if (!this.allowsEviction(pod))
        throw new Refused(429, "Cannot evict pod as it would violate the pod's disruption budget.");
      this.changes.push(`EVICT ${pod}`);
      this.gone(pod);
      return {} as T;
    }
    const object = structuredClone(body) as Stored;
    const at = `${path}/${object.metadata?.name}`;
    if (this.objects.has(at)) throw new Refused(409, `${at} already exists`);
    this.changes.push(`POST ${at}`);
    this.objects.set(at, { ...object, status: { conditions: [{ type: "Ready", status: "True" }] } });
    this.onCreate(at);
    return object as T;
  }

  async remove(path: string, graceSeconds?: number): Promise<void> {
    this.noted("DELETE", `${path}${graceSeconds === undefined ? "" : ` after ${graceSeconds} s`}`);
    this.gone(path);
  }

  private noted(verb: string, path: string): void {
    (path.includes("/leases/") ? this.kept : this.changes).push(`${verb} ${path}`);
  }

  private gone(path: string): void {
    if (this.objects.delete(path)) this.onRemove(path);
  }
}
