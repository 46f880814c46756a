/** The flowchart of docs/report.md: the components of Growth, as `--format mermaid` writes them. */
import { mermaidView } from "../../planner/views/mermaid";
import { planTier } from "../tier-plan";
import type { Tables } from "./fill";

export async function flowchartTable(): Promise<Tables> {
  const { plan } = await planTier("growth");
  return { flowchart: () => `\`\`\`mermaid\n${mermaidView(plan)}\`\`\`` };
}
