import { z } from "zod";
import assumed from "./coefficients.json";
import { type Assumption, type Case, cases, type Measured } from "./types";
import type { Scalability } from "./usl";

/** Names of the coefficients. */
export type CoefficientName = keyof typeof assumed.coefficients;
const coefficientNames = Object.keys(assumed.coefficients) as CoefficientName[];

/** The values of a case. */
export type Coefficients = Record<CoefficientName, number>;

/** Kinds of resources, each with a scalability of its own. */
export const kinds = ["application", "poolers", "database", "connections", "redis"] as const;
export type Kind = (typeof kinds)[number];

const demands: Record<Kind, CoefficientName[]> = {
  application: ["applicationCpuMs"],
  poolers: ["poolerCpuMs"],
  database: ["readCpuMs", "writeCpuMs"],
  connections: ["queryHoldMs"],
  redis: ["redisCpuMs"],
};

/** The kinds of resources that coefficients are of, each once; of one that no load test fits, its name. */
export function kindsOf(names: readonly string[]): string[] {
  const kindOf = (name: string) =>
    kinds.find(
      (kind) => name === `${kind}Sigma` || name === `${kind}Kappa` || (demands[kind] as string[]).includes(name),
    );
  return [...new Set(names.map((name) => kindOf(name) ?? name))];
}

/** A day. */
export const isoDate = z.iso.date({ error: "a date such as 2026-11-20" });

/** Largest residual of a fit, as a share: beyond it the points follow no law of scalability. Assumed. */
export const largestResidual = 0.25;

type Three = Record<Case, number> & { what: string; unit: string; source: string };

/** A file of coefficients. */
export interface CoefficientsFile {
  version: 1;
  measured: Measured | null;
  coefficients: Record<CoefficientName, Three>;
}

/** Coefficients that divide, or without which nothing is needed of a resource. */
const positive: readonly CoefficientName[] = [
  "applicationCpuMs",
  "queryHoldMs",
  "writesPerRequest",
  "thinkSeconds",
  "redisKiBPerUser",
  "threadsPerPod",
  "jobSeconds",
  "jobsPerWorker",
  "jobCpuMs",
  "redisCommandsPerRequest",
  "poolerCpuMs",
  "readCpuMs",
  "writeCpuMs",
  "redisCpuMs",
  "cpuTarget",
  "connectionTarget",
  "memoryTarget",
];

function valueSchema(name: CoefficientName) {
  const { unit } = assumed.coefficients[name];
  const number = positive.includes(name) ? z.number().positive() : z.number().min(0);
  // Waiting grows without end towards the whole of a CPU.
  if (name === "cpuTarget") return number.lt(1);
  return unit === "share" || unit === "sigma" ? number.max(1) : number;
}

const text = z.string().min(1).max(1000);

function coefficientSchema(name: CoefficientName) {
  const value = valueSchema(name);
  const texts = { what: text, unit: text, source: text };
  return z.strictObject({ ...texts, ...Object.fromEntries(cases.map((one) => [one, value])) });
}

/** The form of a file of coefficients: each one once, within its bounds. */
export const coefficientsSchema = z.strictObject({
  version: z.literal(1),
  measured: z
    .strictObject({
      file: text,
      date: isoDate,
      points: z.int().min(1),
      residual: z.number().min(0).max(largestResidual),
      fitted: z.array(z.enum(coefficientNames)).min(1),
    })
    .nullable(),
  coefficients: z.strictObject(Object.fromEntries(coefficientNames.map((name) => [name, coefficientSchema(name)]))),
});

/** The coefficients that come with the planner: nobody measured them for this product. */
export const assumedCoefficients = assumed as CoefficientsFile;

/** Returns the values of a case. */
export const valuesOf = ({ coefficients }: CoefficientsFile, one: Case): Coefficients =>
  Object.fromEntries(coefficientNames.map((name) => [name, coefficients[name][one]])) as Coefficients;

/** Returns the scalability of a kind of resource. */
export const scalabilityOf = (kind: Kind, values: Coefficients): Scalability => ({
  sigma: values[`${kind}Sigma`],
  kappa: values[`${kind}Kappa`],
});

/** Returns the coefficients as assumptions, each with its source. */
export const assumptionsOf = ({ coefficients }: CoefficientsFile): Assumption[] =>
  coefficientNames.map((name) => ({ name, ...coefficients[name] }));
