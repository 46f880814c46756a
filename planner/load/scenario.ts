/** Scenarios of a load test: what is sent, and how the rate changes over the test. */
import { z } from "zod";
import catalogue from "../catalogues/load-scenarios.json";
import { readForm } from "../forms/form";
import { placeholder, variablesOf } from "./placeholders";
import { signings } from "./signature";

const name = z.string().regex(/^[a-z][a-z0-9-]{0,39}$/, "a name such as user-sessions");
const variable = z.string().regex(/^[a-z][a-zA-Z0-9]*$/, "a name such as job");
const text = z.string().min(1).max(1000);

/** Methods whose answer may have a body. */
const methods = ["GET", "POST", "PUT", "PATCH", "DELETE"] as const;

const step = z.strictObject({
  /** What the result calls it. */
  name,
  method: z.enum(methods).default("GET"),
  /** With placeholders. */
  path: z.string().regex(/^\/[^\s#]*$/, "a path that begins with /, without spaces or #"),
  headers: z.record(z.string().regex(/^[A-Za-z0-9-]+$/, "the name of a header"), z.string()).default({}),
  /** A string, or a value that is sent as JSON. Strings in it may have placeholders. */
  body: z.json().optional(),
  /** Statuses that are no errors. @default every one from 200 to 399 */
  expect: z.array(z.int().min(200).max(599)).min(1).optional(),
  /** Variables taken from a JSON answer, each by the path of its field, such as `id` or `job.id`. */
  capture: z
    .record(variable, z.string().regex(/^[\w-]+(\.[\w-]+)*$/, "the path of a field, such as job.id"))
    .default({}),
  /** Sent until its variables are captured, and left out then: to sign in, for example. */
  once: z.boolean().default(false),
  /** Signs the request with the secret in an environment variable. */
  sign: z
    .strictObject({
      as: z.enum(signings),
      secret: z.string().regex(/^[A-Z][A-Z0-9_]*$/, "the name of an environment variable, such as WEBHOOK_SECRET"),
    })
    .optional(),
});

/** A part of a test in which the rate goes from one multiple of the scenario's rate to another. */
const phase = z.strictObject({
  /** Part of the duration. The parts of all phases are shares of their sum. */
  share: z.number().positive(),
  from: z.number().min(0).max(100),
  to: z.number().min(0).max(100),
});

/** The form of a scenario (docs/load.md). */
export const scenarioSchema = z
  .strictObject({
    name,
    what: text,
    source: text.optional(),
    phases: z.array(phase).min(1).max(50),
    /** In the order in which a user sends them, again and again. */
    steps: z.array(step).min(1).max(50),
  })
  .superRefine(({ phases, steps }, context) => {
    const add = (path: PropertyKey[], given: string, message: string, fix: string) =>
      context.addIssue({ code: "custom", path, message, params: { given, fix } });
    if (phases.every(({ from, to }) => from === 0 && to === 0))
      add(["phases"], "phases without load", "a phase whose from or to is above 0", "raise one");
    const captured = new Set<string>();
    if (steps.every(({ once }) => once))
      add(["steps"], "steps that are all sent once", "a step without once", "add one");
    steps.forEach((one, at) => {
      if (one.once && Object.keys(one.capture).length === 0)
        add(["steps", at, "once"], "true without capture", "capture beside it", "capture a variable, or remove once");
      for (const [key, value] of Object.entries({ path: one.path, headers: one.headers, body: one.body }))
        for (const unknown of variablesOf(value).filter((used) => !placeholder(used) && !captured.has(used)))
          add(
            ["steps", at, key],
            `{${unknown}}`,
            "{user}, {uuid}, {number:FROM-TO}, or a variable that a step before it captures",
            "correct the placeholder, or capture it",
          );
      for (const own of Object.keys(one.capture)) captured.add(own);
    });
  });

export type Scenario = z.output<typeof scenarioSchema>;
export type Step = Scenario["steps"][number];
export type Phase = Scenario["phases"][number];

/** The scenarios that come with the planner. The guides describe them; their steps are those of the reference workload. */
export const scenarios: readonly Scenario[] = catalogue.scenarios.map((one) => scenarioSchema.parse(one));

/** Reads a scenario of the user's own. Throws a SettingsError with every problem at once. */
export const readScenario = (file: string): Scenario =>
  readForm(file, scenarioSchema, { allowed: "a scenario as JSON", page: "docs/load.md" });
