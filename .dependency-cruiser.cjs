/** Layers from the bottom up. A folder may import from those before it and from itself, never from those after it. */
const layers = [
  "versions\\.ts$",
  "contract/",
  "(workload|handover)/",
  "tiers/",
  "components/",
  "config/",
  "platform/",
  "policy/rules/",
  "planner/",
  "ops/",
  "(index|lib/|policy/pack)",
  "scripts/",
];

const upward = layers.slice(0, -1).map((layer, at) => ({
  name: `no-upward-import-from-${layer.replace(/[^a-z]/g, "").replace(/ts$/, "")}`,
  comment: "Data flows down only: stack file -> settings -> sizes -> component args -> resources -> outputs.",
  severity: "error",
  from: { path: `^${layer}` },
  to: { path: `^(${layers.slice(at + 1).join("|")}|tests/|bench/)` },
}));

/** @type {import("dependency-cruiser").IConfiguration} */
module.exports = {
  forbidden: [
    ...upward,
    {
      name: "no-circular",
      comment: "Two modules that need each other are one module, or need a third.",
      severity: "error",
      from: {},
      to: { circular: true },
    },
    {
      name: "no-folder-cycle",
      comment: "A folder is a box of the architecture; an arrow between two boxes has one direction.",
      severity: "error",
      scope: "folder",
      from: { pathNot: "^tests" },
      to: { circular: true },
    },
    {
      name: "components-see-no-tier",
      comment: "A component takes sizes. Which tier they come from is known to tiers/ and config/ alone.",
      severity: "error",
      from: { path: "^components/" },
      to: { path: "^tiers/(mvp|startup|growth|scale|managed|index)\\.ts$", dependencyTypesNot: ["type-only"] },
    },
    {
      name: "tiers-are-data",
      comment: "Sizes are plain data: no Pulumi there.",
      severity: "error",
      from: { path: "^tiers/" },
      to: { path: "node_modules/@pulumi" },
    },
    {
      name: "program-knows-no-test",
      severity: "error",
      from: { pathNot: "^(tests|scripts|bench)/" },
      to: { path: "^(tests|scripts|bench)/" },
    },
  ],
  options: {
    doNotFollow: { path: "node_modules" },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: "tsconfig.json" },
    exclude: { path: "\\.json$" },
  },
};
