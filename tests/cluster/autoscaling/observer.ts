import { identityOf, type KubernetesObject } from "../../support/objects";
import type { Api, Event, Kind } from "../api/api";

type Question = (object: KubernetesObject) => boolean;

/** Watches the objects of one kind in a namespace, and records every state. */
export class Observer {
  private readonly states = new Map<string, KubernetesObject[]>();
  private readonly waiting = new Set<() => void>();
  private failure: Error | undefined;
  private end!: () => void;

  private constructor() {}

  static async start(api: Api, kind: Kind, namespace: string): Promise<Observer> {
    const observer = new Observer();
    observer.end = await api.watch(kind, namespace, (event) => observer.see(event));
    return observer;
  }

  private see({ type, object }: Event): void {
    if (type === "ERROR") this.failure = new Error(`the watch failed: ${object.message}`);
    else this.states.set(object.metadata.name, [...this.history(object.metadata.name), object]);
    for (const look of this.waiting) look();
  }

  /** Returns the states of an object, oldest first. */
  history(name: string): KubernetesObject[] {
    return this.states.get(name) ?? [];
  }

  /**
   * Returns the first matching state from an index in the history on. Throws after a minute, with the current state.
   * @param from  index in the history. @default the current state
   */
  async until(what: string, name: string, question: Question, from?: number): Promise<KubernetesObject> {
    const start = from ?? Math.max(0, this.history(name).length - 1);
    const find = () => this.history(name).slice(start).find(question);
    return new Promise((resolve, reject) => {
      const look = () => {
        const found = find();
        if (!found && !this.failure) return;
        done();
        if (found) resolve(found);
        else reject(this.failure);
      };
      const timer = setTimeout(() => {
        done();
        const last = this.history(name).at(-1);
        const state = last ? `${identityOf(last)}: ${JSON.stringify(last.status)}` : `no ${name}`;
        reject(new Error(`timed out after a minute waiting for ${what}; ${state}`));
      }, 60_000);
      const done = () => {
        clearTimeout(timer);
        this.waiting.delete(look);
      };
      this.waiting.add(look);
      look();
    });
  }

  stop(): void {
    this.end();
  }
}

/** Removes consecutive duplicates. */
export const changes = <T>(values: T[]): T[] => values.filter((value, at) => at === 0 || value !== values[at - 1]);
