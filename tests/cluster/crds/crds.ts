import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import type { KubernetesObject } from "../../support/objects";
import { requireGo } from "../tools/go";
import { moduleFolder } from "../tools/modules";

/** CRDs that their projects publish, as files of a Go module that tools/crds/go.mod pins. */
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

/** Those of EKS, which publishes none, are written in this folder. */
const written = readdirSync(__dirname)
  .filter((file) => file.endsWith(".yaml"))
  .sort()
  .map((file) => join(__dirname, file));

/**
 * The CustomResourceDefinitions of every custom resource that the stacks use, and of their neighbours: KEDA's,
 * Karpenter's, and those of EKS Auto Mode. Downloads their modules where the Go module cache has them not; throws where
 * there is no Go.
 */
export function customResourceDefinitions(): KubernetesObject[] {
  requireGo("crds", "read the CRDs of KEDA and Karpenter");
  const files = published.flatMap(({ module, folder, files }) => {
    const root = moduleFolder("crds", module);
    return files.map((file) => join(root, folder, file));
  });
  return [...files, ...written].map((file) => parse(readFileSync(file, "utf8")) as KubernetesObject);
}
