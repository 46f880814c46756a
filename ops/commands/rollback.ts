import type { Command, Context } from "../command";
import { expectNone, surplus } from "../command";
import { Failure } from "../failure";
import { ours } from "../kube/kube";
import type { Deployment, PodTemplate, ReplicaSet } from "../kube/objects";
import { changeOwned } from "../kube/owners";
import { apps, targetNamed } from "../kube/workloads";
import { commandIn, type World } from "../world";

const revisionOf = ({ metadata }: { metadata: Deployment["metadata"] }) =>
  Number(metadata.annotations?.["deployment.kubernetes.io/revision"] ?? 0);

const imageOf = ({ spec }: PodTemplate) => spec.containers[0]?.image ?? "no image";

/** The revision before the current one. @throws Failure where there is none */
async function previous({ kube }: World, namespace: string, deployment: Deployment): Promise<ReplicaSet> {
  const sets = await kube.list<ReplicaSet>(`${apps(namespace)}/replicasets`, ours);
  const current = revisionOf(deployment);
  const [last] = sets
    .filter(({ metadata }) => metadata.ownerReferences?.some(({ uid }) => uid === deployment.metadata.uid))
    .filter((set) => revisionOf(set) < current)
    .sort((a, b) => revisionOf(b) - revisionOf(a));
  if (last) return last;
  throw new Failure({
    where: `${namespace}/${deployment.metadata.name}`,
    given: "no earlier revision",
    allowed: "a Deployment that has been rolled out twice",
    fix: "set tierstack:image and run pulumi up",
  });
}

type Reference = ["configmaps" | "secrets", string | undefined];

/** ConfigMaps and Secrets that a template names. */
function referencesOf({ spec }: PodTemplate): [string, string][] {
  const containers = [...spec.containers, ...(spec.initContainers ?? [])];
  const fromEnvironment = containers.flatMap(({ env = [], envFrom = [] }): Reference[] => [
    ...envFrom.flatMap(({ secretRef, configMapRef }): Reference[] => [
      ["secrets", secretRef?.name],
      ["configmaps", configMapRef?.name],
    ]),
    ...env.flatMap(({ valueFrom }): Reference[] => [
      ["secrets", valueFrom?.secretKeyRef?.name],
      ["configmaps", valueFrom?.configMapKeyRef?.name],
    ]),
  ]);
  const sources = (spec.volumes ?? []).flatMap((volume) => [volume, ...(volume.projected?.sources ?? [])]);
  const fromVolumes = sources.flatMap(({ configMap, secret }): Reference[] => [
    ["configmaps", configMap?.name],
    ["secrets", secret?.secretName ?? secret?.name],
  ]);
  const named = [...fromEnvironment, ...fromVolumes].filter(
    (one): one is [Reference[0], string] => one[1] !== undefined,
  );
  return [...new Map(named.map((one) => [one.join("/"), one])).values()];
}

/** Throws a Failure where the earlier pods would not start, because something that they name is gone. */
async function expectReferences(world: World, namespace: string, template: PodTemplate): Promise<void> {
  const gone: string[] = [];
  for (const [kind, name] of referencesOf(template))
    if (!(await world.kube.exists(`/api/v1/namespaces/${namespace}/${kind}/${name}`))) gone.push(`${kind}/${name}`);
  if (gone.length === 0) return;
  throw new Failure({
    where: "the earlier revision",
    given: `one that names ${gone.join(", ")}, which no longer exists`,
    allowed: "one whose ConfigMaps and Secrets are there",
    fix: "set the earlier tierstack:image in the stack's file and run pulumi up",
  });
}

/** A template without the label that the controller gives each ReplicaSet. */
function templateOf({ spec: { template } }: ReplicaSet): PodTemplate {
  const { "pod-template-hash": _, ...labels } = template.metadata?.labels ?? {};
  return { ...template, metadata: { ...template.metadata, labels } };
}

async function roll({ world, say, change }: Context, name: string): Promise<void> {
  const { namespace, deployment } = await targetNamed(world, name, (one) => one.name !== "pgbouncer");
  const path = `${apps(namespace)}/deployments/${deployment}`;
  const now = await world.kube.get<Deployment>(path);
  const before = await previous(world, namespace, now);
  const template = templateOf(before);
  await expectReferences(world, namespace, template);
  const images = `from ${imageOf(now.spec.template)} to ${imageOf(template)}`;
  say(`${namespace}/${deployment}: revision ${revisionOf(now)} to ${revisionOf(before)}, ${images}`);
  await change({
    what: `roll ${namespace}/${deployment} back`,
    question: `Roll ${namespace}/${deployment} back? A migration of the database is not undone.`,
    does: async () => {
      await changeOwned(world.kube, path, "json", [{ op: "replace", path: "/spec/template", value: template }]);
      return [
        `rolling ${namespace}/${deployment} back: ${commandIn(world, "status")} shows whether its pods are ready`,
        "The next pulumi up that changes this Deployment, or that runs with --refresh, rolls out what the stack's file says: " +
          "set tierstack:image there to the image above.",
      ];
    },
  });
}

export const rollback: Command = {
  name: "rollback",
  summary: "roll the application or a queue's workers back to the previous revision",
  usage: ["rollback [app|QUEUE]"],
  about: [
    "Rolls a Deployment back to the pods of its previous revision: image, command and environment. It refuses if a ConfigMap or Secret " +
      "that they use is gone. Migrations of the database are not undone. Workers have revisions of their own.",
    "A pulumi up that does not change the Deployment leaves the rollback; one that does rolls out what the stack's file says.",
  ],
  options: [["app|QUEUE", "app without it; or the workers of a queue of tierstack:queues"]],
  examples: [["rollback", "the application"]],
  flags: [],
  switches: [],
  changes: true,
  read: (given) => {
    expectNone(surplus(given, 1));
    return async (context) => {
      await roll(context, given.words[0] ?? "app");
      return 0;
    };
  },
};
