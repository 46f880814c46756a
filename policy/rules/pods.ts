import { demand, type Finding, mapping, mappings, type PolicyResource, type ResourceRule, texts } from "./rule";

type Mapping = Record<string, unknown>;

/** Where each kind has its pod. */
const podPaths: Record<string, string[]> = {
  "kubernetes:core/v1:Pod": ["spec"],
  "kubernetes:apps/v1:Deployment": ["spec", "template", "spec"],
  "kubernetes:apps/v1:StatefulSet": ["spec", "template", "spec"],
  "kubernetes:apps/v1:DaemonSet": ["spec", "template", "spec"],
  "kubernetes:batch/v1:Job": ["spec", "template", "spec"],
  "kubernetes:batch/v1:CronJob": ["spec", "jobTemplate", "spec", "template", "spec"],
};

/** Kinds whose containers serve until they are stopped. */
const serving = ["kubernetes:apps/v1:Deployment", "kubernetes:apps/v1:StatefulSet", "kubernetes:apps/v1:DaemonSet"];

const podOf = ({ type, inputs }: PolicyResource): Mapping | undefined =>
  podPaths[type]?.reduce<Mapping>((inner, step) => mapping(inner[step]), inputs);

const containersOf = (pod: Mapping): Mapping[] => mappings(pod.containers);
const all = (pod: Mapping): Mapping[] => [...containersOf(pod), ...mappings(pod.initContainers)];

const whereOf = ({ name }: Mapping, property: string) => `container ${String(name)} ${property}`;

/** The parts of a rule on the pods of every kind, or of some. */
const onPods = (
  check: (pod: Mapping) => Finding[],
  types = Object.keys(podPaths),
): Pick<ResourceRule, "types" | "check"> => ({
  types,
  check(resource: PolicyResource) {
    const pod = types.includes(resource.type) ? podOf(resource) : undefined;
    return pod === undefined ? [] : check(pod);
  },
});

/** A tag other than `latest`, or a digest. The registry may have a port. */
const pinned = (image: string) => /@sha256:[0-9a-f]{64}$/.test(image) || /:(?!latest$)[\w.-]+$/i.test(image);

function pinnedImage(container: Mapping): Finding[] {
  const { image } = container;
  if (typeof image === "symbol" || (typeof image === "string" && pinned(image))) return [];
  const allowed = "a tag other than latest, or a digest";
  return [{ where: whereOf(container, "image"), given: String(image ?? "nothing"), allowed, fix: "name a version" }];
}

const sizes = ["requests.cpu", "requests.memory", "limits.memory"];

function sized(container: Mapping): Finding[] {
  return sizes.flatMap((size) => {
    const [kind = "", unit = ""] = size.split(".");
    if (mapping(mapping(container.resources)[kind])[unit] !== undefined) return [];
    const where = whereOf(container, `resources.${size}`);
    return [
      { where, given: "nothing", allowed: "a quantity", fix: "set it, so that nodes and autoscalers can count on it" },
    ];
  });
}

function probed(container: Mapping): Finding[] {
  return ["readinessProbe", "livenessProbe"]
    .filter((probe) => container[probe] === undefined)
    .map((probe) => ({
      where: whereOf(container, probe),
      given: "nothing",
      allowed: "a probe",
      fix: "add one, so that no traffic reaches a container that does not work, and Kubernetes restarts it",
    }));
}

/** Restricted, the strictest of Kubernetes' Pod Security Standards, and a read-only root file system. */
function restricted(pod: Mapping): Finding[] {
  const ofPod = mapping(pod.securityContext);
  const fix = "run it as the restricted Pod Security Standard demands";
  return [
    ...["hostNetwork", "hostPID", "hostIPC"].flatMap((host) => demand(`pod ${host}`, pod[host] ?? false, false, fix)),
    ...all(pod).flatMap((container) => {
      const own = mapping(container.securityContext);
      const either = (property: string) => own[property] ?? ofPod[property];
      const at = (property: string) => whereOf(container, `securityContext.${property}`);
      const dropped = texts(mapping(own.capabilities).drop).includes("ALL") ? "ALL" : undefined;
      return [
        ...demand(at("runAsNonRoot"), either("runAsNonRoot"), true, fix),
        ...demand(at("privileged"), own.privileged ?? false, false, fix),
        ...demand(at("allowPrivilegeEscalation"), own.allowPrivilegeEscalation, false, fix),
        ...demand(at("readOnlyRootFilesystem"), own.readOnlyRootFilesystem, true, fix),
        ...demand(at("capabilities.drop"), dropped, "ALL", fix),
        ...demand(at("seccompProfile.type"), mapping(either("seccompProfile")).type, "RuntimeDefault", fix),
      ];
    }),
  ];
}

export const podRules: ResourceRule[] = [
  {
    name: "images-pinned",
    demands: "Every container's image has a tag other than `latest`, or a digest.",
    ...onPods((pod) => all(pod).flatMap(pinnedImage)),
  },
  {
    name: "containers-sized",
    demands: "Every container has requests of CPU and memory, and a limit of memory.",
    ...onPods((pod) => all(pod).flatMap(sized)),
  },
  {
    name: "containers-probed",
    demands: "Every container that serves has a readiness and a liveness probe.",
    ...onPods((pod) => containersOf(pod).flatMap(probed), serving),
  },
  {
    name: "pods-restricted",
    demands: "Pods meet the restricted Pod Security Standard, with a read-only root file system.",
    ...onPods(restricted),
  },
];
