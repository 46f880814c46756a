import { SettingsError } from "../../../config/problems";
import { unknownWord, wordsProblem } from "../../command";
import { Failure } from "../../failure";
import type { Node } from "../../kube/objects";
import type { Drill } from "../drill";
import { drain, nodesOf } from "./drain";

const zoneOf = ({ metadata }: Node) => metadata.labels?.["topology.kubernetes.io/zone"];

export const zoneLoss: Drill = {
  name: "zone-loss",
  summary: "lose a zone: all its nodes are drained, and those of the other zones take the pods",
  usage: ["zone-loss ZONE"],
  about: [
    "Does to all nodes of a zone at once what node-loss does to one. New nodes may still start in that zone: for AWS, nothing has " +
      "happened to it.",
    "RDS and ElastiCache have their primaries in a zone too: drill failover moves them.",
  ],
  options: [["ZONE", "an availability zone such as us-east-1a"]],
  examples: [["zone-loss us-east-1a", "all nodes of a zone"]],
  stack: "scale",
  words: 1,
  read: ({ words: [word] }) => {
    if (word !== undefined) return;
    const fix = "name the zone: kubectl get nodes -L topology.kubernetes.io/zone lists them";
    throw new SettingsError([wordsProblem("", "an availability zone such as us-east-1a", fix)]);
  },
  prepare: async ({ world }, [word = ""]) => {
    const nodes = await nodesOf(world);
    const zones = [...new Set(nodes.flatMap((node) => zoneOf(node) ?? []))].sort();
    if (zones.length < 2)
      throw new Failure({
        where: "nodes",
        given: zones.length === 0 ? "none with a zone" : `those of one zone, ${zones[0]}`,
        allowed: "nodes in two zones or more",
        fix: "from Growth on, the tiers have them",
      });
    if (!zones.includes(word)) throw new SettingsError([unknownWord(word, zones)]);
    return drain(
      world,
      nodes.filter((node) => zoneOf(node) === word).map(({ metadata }) => metadata.name),
    );
  },
};
