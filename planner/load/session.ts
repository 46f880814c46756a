/** A user of a load test: the steps of a scenario, one after the other, with what the answers gave. */
import { filled, placeholder, type Variables, variablesOf } from "./placeholders";
import type { Scenario, Step } from "./scenario";
import { signatureOf } from "./signature";

/** A request as it is sent. */
export interface Sent {
  step: Step;
  method: Step["method"];
  path: string;
  headers: Record<string, string>;
  body?: string;
}

const contentType = "content-type";

const valueAt = (content: unknown, path: string): unknown =>
  path
    .split(".")
    .reduce<unknown>((at, key) => (at === null || at === undefined ? at : Reflect.get(Object(at), key)), content);

/** Whether a status is what a step expects. */
export const isExpected = ({ expect }: Step, status: number): boolean =>
  expect ? expect.includes(status) : status >= 200 && status < 400;

export class Session {
  private readonly variables: Record<string, string | number> = {};
  private at = 0;

  /**
   * @param user  its number, from 1
   * @param common.base  path that is in front of every step's
   * @param common.headers  of every request; a step's own win
   * @param first  index of the step that the user begins with
   */
  constructor(
    private readonly scenario: Pick<Scenario, "steps">,
    private readonly user: number,
    private readonly common: { base: string; headers: Record<string, string> },
    first = 0,
  ) {
    this.at = first % scenario.steps.length;
  }

  /** The next request. A step whose variable no answer gave is left out, and one that is sent once and was. */
  next(): Sent {
    const { steps } = this.scenario;
    for (let tried = 0; tried < steps.length; tried++) {
      const step = steps[this.at] as Step;
      this.at = (this.at + 1) % steps.length;
      if (this.canSend(step)) return this.requestOf(step);
    }
    // The first step uses no variable, for none is captured before it.
    return this.requestOf(steps[0] as Step);
  }

  /** A request as it would be sent, without a signature. Variables that answers give stand as their placeholders. */
  shown({ sign: _, ...step }: Step): Sent {
    return this.requestOf(step);
  }

  /** Takes variables from an answer. One that is not JSON, or without the field, gives none. */
  answered({ capture }: Step, status: number, body: string): void {
    const wanted = Object.entries(capture);
    if (wanted.length === 0) return;
    for (const [name] of wanted) delete this.variables[name];
    if (status < 200 || status > 299) return;
    let content: unknown;
    try {
      content = JSON.parse(body);
    } catch {
      return;
    }
    for (const [name, path] of wanted) {
      const value = valueAt(content, path);
      if (typeof value === "string" || typeof value === "number") this.variables[name] = value;
    }
  }

  private canSend({ path, headers, body, once, capture }: Step): boolean {
    if (once && Object.keys(capture).every((name) => this.variables[name] !== undefined)) return false;
    return variablesOf([path, headers, body]).every((name) => placeholder(name) || this.variables[name] !== undefined);
  }

  private requestOf(step: Step): Sent {
    const { base, headers: common } = this.common;
    const fill = <T>(value: T, inJson = false) => filled(value, this.user, this.variables, inJson);
    const path = base + filled(step.path, this.user, encoded(this.variables));
    const own = fill(step.headers);
    const replaced = new Set(Object.keys(own).map((key) => key.toLowerCase()));
    const headers = {
      ...Object.fromEntries(Object.entries(common).filter(([key]) => !replaced.has(key.toLowerCase()))),
      ...own,
    };
    if (step.body === undefined) return { step, method: step.method, path, headers };
    const isText = typeof step.body === "string";
    const body = isText ? fill(step.body as string) : JSON.stringify(fill(step.body, true));
    const hasType = Object.keys(headers).some((key) => key.toLowerCase() === contentType);
    const type: Record<string, string> = hasType || isText ? {} : { [contentType]: "application/json" };
    const signed: Record<string, string> = step.sign
      ? signatureOf(step.sign.as, body, process.env[step.sign.secret] ?? "")
      : {};
    return { step, method: step.method, path, headers: { ...headers, ...type, ...signed }, body };
  }
}

/** Variables for a path: what a server answered may have any character. */
const encoded = (variables: Variables) =>
  Object.fromEntries(Object.entries(variables).map(([name, value]) => [name, encodeURIComponent(value)]));
