import { type CoefficientName, type Coefficients, type CoefficientsFile, type Kind, valuesOf } from "./coefficients";
import { type LoadTest, type Measurable, measurable } from "./load-test";
import { visitsOf } from "./resources";
import { relativeCapacity, type Scalability } from "./usl";

/** The universal scalability law with the throughput of one server. */
export interface ScalabilityFit extends Scalability {
  lambda: number;
  /** Root mean square of the relative errors. */
  residual: number;
}

type Row = [number, number, number];

/** Solves a system of equations by elimination with pivots; undefined where it has no single solution. */
function solve(matrix: number[][], right: number[]): number[] | undefined {
  const rows = matrix.map((row, at) => [...row, right[at] as number]);
  for (let column = 0; column < rows.length; column++) {
    const pivot = rows
      .slice(column)
      .reduce((best, row) => (Math.abs(row[column] ?? 0) > Math.abs(best[column] ?? 0) ? row : best));
    if (Math.abs(pivot[column] ?? 0) < 1e-14) return undefined;
    rows.splice(rows.indexOf(pivot), 1);
    rows.splice(column, 0, pivot);
    for (const row of rows)
      if (row !== pivot) {
        const factor = (row[column] as number) / (pivot[column] as number);
        for (let at = column; at < row.length; at++) row[at] = (row[at] as number) - factor * (pivot[at] as number);
      }
  }
  return rows.map((row, at) => (row.at(-1) as number) / (row[at] as number));
}

/** Which of three unknowns may be above zero: the first always. */
const supports = [[0], [0, 1], [0, 2], [0, 1, 2]];

/** Least squares for rows x unknowns = 1, no unknown below zero: the best of the solutions on every face. */
function nonNegative(rows: Row[]): Row {
  const candidates = supports.flatMap((support) => {
    const product = (a: number, b: number) =>
      rows.reduce((sum, row) => sum + (row[a] as number) * (row[b] as number), 0);
    // Columns of very different size are scaled to one length.
    const scale = support.map((column) => Math.sqrt(product(column, column)) || 1);
    const matrix = support.map((a, i) =>
      support.map((b, j) => product(a, b) / ((scale[i] as number) * (scale[j] as number))),
    );
    const right = support.map((a, i) => rows.reduce((sum, row) => sum + (row[a] as number), 0) / (scale[i] as number));
    const solution = solve(matrix, right)?.map((value, at) => value / (scale[at] as number));
    if (!solution?.every((value) => value >= 0)) return [];
    const full: Row = [0, 0, 0];
    support.forEach((column, at) => {
      full[column] = solution[at] as number;
    });
    const error = rows.reduce(
      (sum, row) => sum + (row.reduce((all, value, at) => all + value * (full[at] as number), 0) - 1) ** 2,
      0,
    );
    return [{ full, error }];
  });
  return candidates.reduce((best, one) => (one.error < best.error ? one : best)).full;
}

/**
 * Fits the universal scalability law. N / X = 1 / lambda + sigma / lambda x (N - 1) + kappa / lambda x N (N - 1) is linear
 * in its three unknowns, so the least squares of the relative errors have one solution and need no first guess.
 */
export function fitScalability(points: readonly { concurrency: number; throughput: number }[]): ScalabilityFit {
  const rows = points.map(({ concurrency: n, throughput }): Row => {
    const weight = throughput / n;
    return [weight, weight * (n - 1), weight * n * (n - 1)];
  });
  const [a, b, c] = nonNegative(rows);
  const fit = { lambda: 1 / a, sigma: b / a, kappa: c / a };
  const errors = points.map(
    ({ concurrency, throughput }) => ((fit.lambda * relativeCapacity(concurrency, fit)) / throughput - 1) ** 2,
  );
  return { ...fit, residual: Math.sqrt(errors.reduce((sum, one) => sum + one, 0) / errors.length) };
}

/** How often a request visits a kind of resource. */
function visitsTo(kind: LoadTest["resource"], values: Coefficients): number {
  const { reads, writes, commands } = visitsOf(values);
  return kind === "application" || kind === "requests" ? 1 : kind === "redis" ? commands : reads + writes;
}

/** What is busy of a resource, in CPUs or connections, at some visits a second. */
interface Use {
  rate: number;
  busy: number;
}

const sumOf = (uses: readonly Use[], of: (use: Use) => number) => uses.reduce((sum, use) => sum + of(use), 0);

/** The use of a resource at each point that has its utilisation. */
const usesOf = (name: Measurable, { resource, sizes, points }: LoadTest, values: Coefficients): Use[] =>
  points.flatMap(({ throughput, utilisation }) => {
    const share = utilisation?.[name];
    if (share === undefined) return [];
    const rate = (throughput / visitsTo(resource, values)) * visitsTo(name, values);
    return [{ rate, busy: share * (sizes?.[name] ?? 0) }];
  });

/** Seconds of service a visit, by the utilisation law: what is busy = rate x demand, by least squares. */
export const demandOf = (uses: readonly Use[]): number =>
  sumOf(uses, ({ rate, busy }) => rate * busy) / sumOf(uses, ({ rate }) => rate ** 2);

/** The coefficients that a demand of a kind sets. Reads and writes of the database keep their ratio. */
function demandCoefficients(kind: Kind, ms: number, values: Coefficients): Partial<Coefficients> {
  switch (kind) {
    case "application":
      return { applicationCpuMs: ms };
    case "poolers":
      return { poolerCpuMs: ms };
    case "redis":
      return { redisCpuMs: ms };
    case "connections":
      return { queryHoldMs: ms };
    case "database": {
      const { reads, writes } = visitsOf(values);
      const mean = (reads * values.readCpuMs + writes * values.writeCpuMs) / (reads + writes);
      return { readCpuMs: (values.readCpuMs * ms) / mean, writeCpuMs: (values.writeCpuMs * ms) / mean };
    }
  }
}

/** The coefficients of the resource that the points count, and how well they follow its law. */
function lawOf(test: LoadTest, values: Coefficients): { fitted: Partial<Coefficients>; residual: number } {
  if (test.resource === "requests") return { fitted: {}, residual: demandResidual(test, values) };
  const { lambda, sigma, kappa, residual } = fitScalability(test.points);
  return {
    fitted: {
      [`${test.resource}Sigma`]: Math.min(1, sigma),
      [`${test.resource}Kappa`]: kappa,
      ...demandCoefficients(test.resource, 1000 / lambda, values),
    },
    residual,
  };
}

/**
 * Root mean square of what the busiest resource's demand misses of its use, relative to that of the use: a computer that
 * does little for itself weighs nothing where there is load.
 */
function demandResidual(test: LoadTest, values: Coefficients): number {
  const most = (name: Measurable) => Math.max(0, ...test.points.map(({ utilisation }) => utilisation?.[name] ?? 0));
  const busiest = [...measurable].sort((a, b) => most(b) - most(a))[0] as Measurable;
  const uses = usesOf(busiest, test, values);
  const demand = demandOf(uses);
  const whole = sumOf(uses, ({ busy }) => busy ** 2);
  return whole > 0 ? Math.sqrt(sumOf(uses, ({ rate, busy }) => (busy - demand * rate) ** 2) / whole) : 0;
}

/** Six digits: more is noise. */
const digits = (value: number) => Number(value.toPrecision(6));

/**
 * Returns the coefficients with those that a load test measures, which say so. Low and high are the residual's share to
 * either side. The others stay as they were.
 * @param file  name of the result, for the sources
 */
export function fitCoefficients(test: LoadTest, file: string, base: CoefficientsFile): CoefficientsFile {
  const values = valuesOf(base, "expected");
  const { fitted, residual } = lawOf(test, values);
  // The law of connections has their demand already.
  for (const name of measurable.filter((one) => one !== "connections" || test.resource !== one)) {
    const demand = demandOf(usesOf(name, test, values));
    // Nothing is told by a resource that stays idle, or was not sampled.
    if (demand > 0) Object.assign(fitted, demandCoefficients(name, 1000 * demand, values));
  }
  const share = Math.min(1, residual);
  const names = Object.keys(fitted) as CoefficientName[];
  const source = `fitted from ${file} of ${test.date}: ${test.points.length} points, residual ${(100 * residual).toFixed(1)} %`;
  const bounded = (name: CoefficientName, value: number) => digits(name.endsWith("Sigma") ? Math.min(1, value) : value);
  const coefficients = { ...base.coefficients };
  for (const name of names) {
    const value = fitted[name] as number;
    coefficients[name] = {
      ...coefficients[name],
      low: bounded(name, value * (1 + share)),
      expected: bounded(name, value),
      high: bounded(name, value * (1 - Math.min(0.99, share))),
      source,
    };
  }
  const all = [...new Set([...(base.measured?.fitted ?? []), ...names])].sort();
  const measured = { file, date: test.date, points: test.points.length, residual: digits(residual), fitted: all };
  return { version: 1, measured, coefficients };
}
