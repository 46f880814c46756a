import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { stringify } from "yaml";
import { networkFacts } from "../../support/network/facts";
import { networkProblems } from "../../support/network/problems";
import { identityOf, type KubernetesObject, type StackObject } from "../../support/objects";
import { schemaProblems } from "../../support/schemas/validate";
import { admissionProblems } from "../admission";
import type { Api } from "../api/api";
import { ApiError } from "../api/errors";
import { conformProblems, linterProblems, Unreadable } from "../checks/manifests";
import { rightsProblems } from "../rights";
import { blockedBudgets } from "../rollout";
import { type Check, checks, type Fault, withFault } from "./fault";

/** A stack deployed to a cluster, without faults. */
export interface Scene {
  stack: Fault["stack"];
  api: Api;
  objects: StackObject[];
}

/** A check, which returns its findings as lines. */
type Finder = (scene: Scene, objects: KubernetesObject[], touched: KubernetesObject[]) => Promise<string[]>;

/** Writes the objects as files to a folder and checks them. */
const inFolder =
  (look: (folder: string, stack: string) => Promise<string[]>): Finder =>
  async ({ stack }, objects) => {
    const folder = mkdtempSync(join(tmpdir(), "tierstack-faults-"));
    try {
      for (const [at, object] of objects.entries()) writeFileSync(join(folder, `${at}.yaml`), stringify(object));
      return await look(folder, stack);
    } catch (error) {
      if (error instanceof Unreadable) return [error.message];
      throw error;
    } finally {
      rmSync(folder, { recursive: true });
    }
  };

/** Returns the errors and warnings of a dry-run apply. */
const dryRun: Finder = async ({ api }, _, touched) => {
  const problems: string[] = [];
  for (const object of touched)
    try {
      const { warnings } = await api.apply(object, { dryRun: true });
      problems.push(...warnings);
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      problems.push(error.message);
    }
  return problems;
};

/** Applies the objects, checks them, and restores the stack. */
async function applied(scene: Scene, touched: KubernetesObject[], look: () => Promise<string[]>): Promise<string[]> {
  const { api, objects } = scene;
  for (const object of touched) await api.apply(object);
  try {
    return await look();
  } finally {
    for (const object of touched) {
      const before = objects.find((entry) => identityOf(entry.object) === identityOf(object));
      if (before) await api.apply(before.object);
      else await api.remove(object);
    }
  }
}

const isRight = ({ kind }: KubernetesObject) => kind === "Role" || kind === "RoleBinding";

const finders: Record<Check, Finder> = {
  schema: async (_, objects) => objects.flatMap(schemaProblems),
  network: async ({ stack }, objects) => networkProblems(objects, networkFacts(stack)),
  kubeconform: inFolder(conformProblems),
  "kube-score": inFolder(linterProblems),
  "API server": dryRun,
  admission: async ({ api }, objects, touched) =>
    // A namespace is checked through the pods in it.
    admissionProblems(api, touched.some(({ kind }) => kind === "Namespace") ? objects : touched),
  rights: async (scene, _, touched) => {
    const accounts = touched.filter(({ kind }) => kind === "ServiceAccount");
    const look = async () => (await Promise.all(accounts.map((account) => rightsProblems(scene.api, account)))).flat();
    return accounts.length > 0 ? applied(scene, touched.filter(isRight), look) : [];
  },
  disruption: async (scene, _, touched) => {
    const budgets = touched.filter(({ kind }) => kind === "PodDisruptionBudget");
    return budgets.length > 0 ? applied(scene, budgets, () => blockedBudgets(scene.api, scene.objects)) : [];
  },
};

/** Returns the findings in a stack with a fault, by check. */
export function caught(scene: Scene, fault: Fault): Promise<Map<Check, string[]>> {
  const { objects, touched } = withFault(scene.objects, fault);
  return findings(scene, objects, touched);
}

/**
 * Returns the findings, by check.
 * @param touched  objects for the checks that query the server
 */
export async function findings(
  scene: Scene,
  objects: KubernetesObject[],
  touched: KubernetesObject[],
): Promise<Map<Check, string[]>> {
  const found = new Map<Check, string[]>();
  for (const check of Object.keys(checks) as Check[]) {
    const problems = await finders[check](scene, objects, touched);
    if (problems.length > 0) found.set(check, problems);
  }
  return found;
}
