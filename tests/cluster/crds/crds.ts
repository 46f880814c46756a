import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import type { KubernetesObject } from "../../support/objects";
import { requireGo } from "../tools/go";
import { moduleFolder } from "../tools/modules";

/** Published CRDs, as files of the Go modules that tools/crds/go.mod pins. */
const published = [
  {
    module: "github.com/kedacore/keda/v2",
    folder: "config/crd/bases",
    files: [
      "keda.sh_clustertriggerauthentications.yaml",
      "keda.sh_scaledobjects.yaml",
      "keda.sh_triggerauthentications.yaml",
    ],
  },
  {
    module: "sigs.k8s.io/karpenter",
    folder: "pkg/apis/crds",
    files: ["karpenter.sh_nodeclaims.yaml", "karpenter.sh_nodepools.yaml"],
  },
];

/** Hand-written CRDs of EKS Auto Mode in this folder, because EKS publishes none. */
const written = readdirSync(__dirname)
  .filter((file) => file.endsWith(".yaml"))
  .sort()
  .map((file) => join(__dirname, file));

/**
 * Returns the CRDs of KEDA, Karpenter and EKS Auto Mode, which include every custom resource of the stacks. Downloads
 * Go modules that are not in the module cache. Throws if Go is not installed.
 */
export function customResourceDefinitions(): KubernetesObject[] {
  requireGo("crds", "read the CRDs of KEDA and Karpenter");
  const files = published.flatMap(({ module, folder, files }) => {
    const root = moduleFolder("crds", module);
    return files.map((file) => join(root, folder, file));
  });
  return [...files, ...written].map((file) => parse(readFileSync(file, "utf8")) as KubernetesObject);
}
