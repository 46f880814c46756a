import { stackTags } from "../../components/support/tags";
import { demand, mapping, type PolicyResource, type ResourceRule } from "./rule";

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

export const tagRules: ResourceRule[] = [
  {
    name: "tagged",
    demands: "Every provider of AWS tags its resources with project and stack.",
    check({ type, inputs }: PolicyResource) {
      if (type !== "pulumi:providers:aws" || typeof inputs.defaultTags === "symbol") return [];
      const tags = mapping(parsed(inputs.defaultTags).tags);
      const missing = required.filter((tag) => typeof tags[tag] !== "string" || tags[tag] === "");
      return missing.flatMap((tag) => demand(`defaultTags ${tag}`, tags[tag], "a name", "set it in defaultTags"));
    },
  },
];
