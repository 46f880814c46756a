import { identityOf, type KubernetesObject } from "../../support/objects";
import type { Api, Event, Kind } from "../api/api";

type Question = (object: KubernetesObject) => boolean;

/** Follows the objects of one kind in a namespace, and misses no state that they were in. */
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
    if (type === "ERROR") this.failure = new Error(`the watch was refused: ${object.message}`);
    else this.states.set(object.metadata.name, [...this.history(object.metadata.name), object]);
    for (const look of this.waiting) look();
  }

  /** States of an object from the first on, the last one at the end. */
  history(name: string): KubernetesObject[] {
    return this.states.get(name) ?? [];
  }

  /**
   * The first state that answers a question, from now or from a number of earlier states on.
   * Throws after a minute, with the state the object is in.
   * @param from  index in the history; by default the present state is the first to be asked
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
        reject(new Error(`waited a minute in vain for ${what}; ${state}`));
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

/** Values in a row without those that repeat the one before. */
export const changes = <T>(values: T[]): T[] => values.filter((value, at) => at === 0 || value !== values[at - 1]);
