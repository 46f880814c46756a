import { stackTags } from "../../components/support/tags";
import { demand, type Finding, mapping, onTypes, type ResourceRule } from "./rule";

const required = Object.keys(stackTags({ project: "", stack: "" }));

/** A provider's inputs are texts of JSON. */
function parsed(value: unknown): Record<string, unknown> {
  if (typeof value !== "string") return mapping(value);
  try {
    return mapping(JSON.parse(value));
  } catch {
    return {};
  }
}

function tagged({ defaultTags }: Record<string, unknown>): Finding[] {
  if (typeof defaultTags === "symbol") return [];
  const tags = mapping(parsed(defaultTags).tags);
  const missing = required.filter((tag) => typeof tags[tag] !== "string" || tags[tag] === "");
  return missing.flatMap((tag) => demand(`defaultTags ${tag}`, tags[tag], "a name", "set it in defaultTags"));
}

export const tagRules: ResourceRule[] = [
  {
    name: "tagged",
    demands: "Every provider of AWS tags its resources with project and stack.",
    ...onTypes({ "pulumi:providers:aws": tagged }),
  },
];
