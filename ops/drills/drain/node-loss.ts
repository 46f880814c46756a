import { SettingsError } from "../../../config/problems";
import { unknownWord } from "../../command";
import { Failure } from "../../failure";
import { podsNamed } from "../../kube/kube";
import type { Pod } from "../../kube/objects";
import { application, type World } from "../../world";
import type { Drill } from "../drill";
import { drain, nodesOf } from "./drain";

/** A node of the application's. */
async function anyNode({ kube, namespaces }: World, names: readonly string[]): Promise<string> {
  const { name } = application({ namespaces });
  const pods = await kube.list<Pod>(`/api/v1/namespaces/${namespaces.app}/pods`, podsNamed(name));
  const found = pods.map(({ spec }) => spec.nodeName).find((node) => node !== undefined && names.includes(node));
  if (found !== undefined) return found;
  throw new Failure(`pods of ${namespaces.app}/${name}: none is on a node that takes pods`);
}

export const nodeLoss: Drill = {
  name: "node-loss",
  summary: "lose a node: it is drained, and others take its pods",
  usage: ["node-loss [NODE]"],
  about: [
    "Cordons a node, evicts its pods as kubectl drain --ignore-daemonsets --delete-emptydir-data does, within their disruption " +
      "budgets, and checks every second whether a pod of the application is ready, until every Deployment and StatefulSet has all " +
      "its pods elsewhere. Then it uncordons the node. It shows that the other nodes have the room, the zones and the volumes, or " +
      "that a new node comes.",
    "It evicts the pods of every namespace. The question says how many of them are not the product's. It refuses, before it " +
      "changes anything, where a pod has no controller: nothing would make that pod again.",
    "When a node dies, it takes longer: Kubernetes waits until the node is gone, or 5 minutes if it is only silent.",
  ],
  options: [["NODE", "as kubectl get nodes names it; without it, one with a pod of the application"]],
  examples: [
    ["node-loss", "one with a pod of the application"],
    ["node-loss ip-10-0-1-7.ec2.internal --dry-run", "what would be done"],
  ],
  words: 1,
  prepare: async ({ world }, [word]) => {
    const names = (await nodesOf(world)).map(({ metadata }) => metadata.name);
    if (word !== undefined && !names.includes(word)) throw new SettingsError([unknownWord(word, names)]);
    return drain(world, [word ?? (await anyNode(world, names))]);
  },
};
