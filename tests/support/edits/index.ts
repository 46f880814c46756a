/** Every seeded edit in one program, before and after: each has resources of its own, so one preview answers all. */
import { predictedSteps, previewedSteps, type Steps } from "../../../planner/binding/steps";
import { changesBetween } from "../../../planner/move/changes";
import { urnEnds } from "../../../planner/move/identity";
import { type Declared, type Edit, recorded } from "./declared";
import { familyEdit, familyKinds } from "./families";
import { graphEdit, graphKinds } from "./graphs";
import { singleEdit, singleKinds } from "./single";

/** The sets of edits: how many there are, how to draw one, and the kinds of which each must occur. */
export const editSets: Record<string, { count: number; draw: (seed: number) => Edit; kinds: string[] }> = {
  "single resources": { count: 240, draw: singleEdit, kinds: singleKinds },
  "families of resources": { count: 200, draw: familyEdit, kinds: familyKinds },
  graphs: { count: 240, draw: graphEdit, kinds: graphKinds },
};

/** Providers: two clusters and two regions, and a second provider for the first of each. */
const providers: Declared[] = [
  ...["k1", "k2", "k3"].map((name) => ({
    type: "pulumi:providers:kubernetes",
    name,
    inputs: { clusterIdentifier: name === "k2" ? "two" : "one", kubeconfig: name },
    options: {},
  })),
  ...["a1", "a2", "a3"].map((name) => ({
    type: "pulumi:providers:aws",
    name,
    inputs: { region: name === "a2" ? "eu-west-1" : "us-east-1" },
    options: {},
  })),
];

/** The program before and after all edits of a set. */
export function editsOf(set: string): { before: Declared[]; after: Declared[]; kinds: Set<string> } {
  const { count, draw } = editSets[set] as (typeof editSets)[string];
  const edits = Array.from({ length: count }, (_, at) => draw(at + 1));
  return {
    before: [...providers, ...edits.flatMap(({ before }) => before)],
    after: [...providers, ...edits.flatMap(({ after }) => after)],
    kinds: new Set(edits.flatMap(({ kinds }) => kinds)),
  };
}

/** What an engine does, by the end of a resource's URN: the ops, with `, deleted first` for such replacements. */
export type Answer = Record<string, string>;

const asAnswer = (steps: Steps, deletedFirst: Set<string>): Answer =>
  Object.fromEntries(
    [...steps]
      .map(([end, op]) => [end, deletedFirst.has(end) ? `${op}, deleted first` : op] as const)
      .sort(([a], [b]) => (a < b ? -1 : 1)),
  );

/** What the planner predicts from one program to another. */
export async function predictedAnswer(before: Declared[], after: Declared[]): Promise<Answer> {
  const [from, to] = [await recorded(before), await recorded(after)];
  const ends = urnEnds(to);
  const first = changesBetween(from, to).filter(({ deletedFirst }) => deletedFirst);
  return asAnswer(
    predictedSteps(from, to),
    new Set(first.map(({ path, type }) => ends.get(`${path} ${type}`) as string)),
  );
}

/** What the real engine says in its output of `pulumi preview --json`. Throws where that is no answer. */
export function answerOf(output: string): Answer {
  const json = output.slice(output.indexOf("{"), output.lastIndexOf("}") + 1);
  if (!previewedSteps(json)) throw new Error(output.slice(-3000));
  const all = JSON.parse(json).steps as { op: string; urn: string; oldState?: { urn: string } }[];
  const formerOf = ({ urn, oldState }: (typeof all)[number]) => oldState?.urn ?? urn;
  const deleted = new Set<string>();
  const first = new Set<string>();
  for (const step of all) {
    if (step.op === "delete-replaced") deleted.add(step.urn);
    if (step.op === "create-replacement" && deleted.has(formerOf(step)))
      first.add(step.urn.split("::").slice(2).join("::"));
  }
  // The old resource goes by its former name, when an alias has given it another.
  const renamed = new Set(all.filter((step) => formerOf(step) !== step.urn).map(formerOf));
  const steps = all.filter(({ op, urn }) => op !== "delete-replaced" || !renamed.has(urn));
  return asAnswer(previewedSteps(JSON.stringify({ steps })) as Steps, first);
}

/** Where a prediction is not the engine's answer, a line each. */
export const differingAnswers = (predicted: Answer, answered: Answer): string[] =>
  [...new Set([...Object.keys(predicted), ...Object.keys(answered)])]
    .filter((end) => predicted[end] !== answered[end])
    .map((end) => `${end}: predicted ${predicted[end] ?? "no change"}, answered ${answered[end] ?? "no change"}`);
