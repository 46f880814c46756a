/** What ends a raised minimum in the cluster: a CronJob that runs once, with rights on the one autoscaler and on itself. */
import { anywhere } from "../../components/app/network-policies";
import { apiServerPorts, tcp } from "../../components/namespaces/network-policies";
import { selectorLabels } from "../../components/support/labels";
import { containerSecurity, podSecurity } from "../../components/support/pods";
import { images } from "../../versions";
import { Failure } from "../failure";
import type { World } from "../world";
import { fieldManager, operationsLabels, Refused } from "./kube";
import type { Named } from "./objects";
import { endChanges, type Range } from "./scaling";

const minuteMs = 60_000;

/** The gateway's image has curl, and is on the nodes. */
const { gateway: image } = images;

/** Name of everything that ends the minimum of a Deployment. A CronJob's has at most 52 characters; a queue's has up to 40. */
const nameOf = (deployment: string) => `end-${deployment}`;

const cronJobs = (namespace: string) => `/apis/batch/v1/namespaces/${namespace}/cronjobs`;

/**
 * When a minimum ends that is to hold so many seconds: the next full minute, as CronJobs have no seconds. At least one later,
 * so that the CronJob is there before its time.
 */
export const endOf = (nowMs: number, seconds: number): number =>
  Math.ceil((nowMs + Math.max(seconds * 1000, minuteMs)) / minuteMs) * minuteMs;

/** A moment as a schedule: it comes once a year, and the CronJob is gone by then. */
function scheduleOf(ms: number): string {
  const at = new Date(ms);
  return `${at.getUTCMinutes()} ${at.getUTCHours()} ${at.getUTCDate()} ${at.getUTCMonth() + 1} *`;
}

/**
 * Puts the minimum back, unless another holds by now. Then it takes its field manager out of the autoscaler, so that the
 * next `pulumi up` meets no conflict, and removes its CronJob with all that belongs to it.
 */
const script = `set -eu
account=/var/run/secrets/kubernetes.io/serviceaccount
ask() {
  path=$1; shift
  curl -sS -o /dev/null -w '%{http_code}' --max-time 30 --cacert $account/ca.crt \\
    -H "Authorization: Bearer $(cat $account/token)" "$@" "https://$KUBERNETES_SERVICE_HOST:$KUBERNETES_SERVICE_PORT$path"
}
patch() { ask "$AUTOSCALER?fieldManager=${fieldManager}" -X PATCH -H 'Content-Type: application/json-patch+json' -d "$1"; }
code=$(patch "$CHANGES")
case $code in
  200) echo "the stack's minimum is back" ;;
  404 | 422) echo "another minimum holds, or none: nothing to end ($code)" ;;
  *) echo "the API server answers $code" >&2; exit 1 ;;
esac
for entry in 0 1 2 3 4 5 6 7; do
  field=/metadata/managedFields/$entry
  patch "[{\\"op\\":\\"test\\",\\"path\\":\\"$field/manager\\",\\"value\\":\\"${fieldManager}\\"},{\\"op\\":\\"remove\\",\\"path\\":\\"$field\\"}]" >/dev/null
done
[ "$(ask "$SELF?propagationPolicy=Background" -X DELETE)" = 200 ]`;

function cronJob(namespace: string, range: Range, { untilMs, pods, before }: Ending) {
  const name = nameOf(range.deployment);
  const env = {
    AUTOSCALER: range.path,
    SELF: `${cronJobs(namespace)}/${name}`,
    CHANGES: JSON.stringify(endChanges(range, { untilMs, pods, before })),
  };
  const container = {
    name: "end",
    image: image.image,
    command: ["sh", "-c", script],
    env: Object.entries(env).map(([key, value]) => ({ name: key, value })),
    resources: { requests: { cpu: "1m", memory: "16Mi" }, limits: { memory: "32Mi" } },
    securityContext: containerSecurity(),
  };
  const spec = {
    serviceAccountName: name,
    enableServiceLinks: false,
    restartPolicy: "OnFailure",
    securityContext: podSecurity(image),
    containers: [container],
  };
  return {
    apiVersion: "batch/v1",
    kind: "CronJob",
    metadata: { name, namespace, labels: operationsLabels(name) },
    spec: {
      schedule: scheduleOf(untilMs),
      timeZone: "Etc/UTC",
      concurrencyPolicy: "Forbid",
      jobTemplate: {
        spec: { backoffLimit: 6, template: { metadata: { labels: operationsLabels(name) }, spec } },
      },
    },
  };
}

/** What the CronJob's pod needs, by the path of each: all of it goes with the CronJob. */
function belongings(namespace: string, range: Range, uid: string): [path: string, object: object][] {
  const name = nameOf(range.deployment);
  const rbac = `/apis/rbac.authorization.k8s.io/v1/namespaces/${namespace}`;
  const owner = { apiVersion: "batch/v1", kind: "CronJob", name, uid };
  const metadata = { name, namespace, labels: operationsLabels(name), ownerReferences: [owner] };
  const [, , group = "", , , , resource = "", autoscaler = ""] = range.path.split("/");
  const rules = [
    { apiGroups: [group], resources: [resource], resourceNames: [autoscaler], verbs: ["patch"] },
    { apiGroups: ["batch"], resources: ["cronjobs"], resourceNames: [name], verbs: ["delete"] },
  ];
  const egress = [{ to: [anywhere], ports: tcp(...apiServerPorts) }];
  const apiGroup = "rbac.authorization.k8s.io";
  return [
    [`/api/v1/namespaces/${namespace}/serviceaccounts`, { apiVersion: "v1", kind: "ServiceAccount", metadata }],
    [`${rbac}/roles`, { apiVersion: `${apiGroup}/v1`, kind: "Role", metadata, rules }],
    [
      `${rbac}/rolebindings`,
      {
        apiVersion: `${apiGroup}/v1`,
        kind: "RoleBinding",
        metadata,
        roleRef: { apiGroup, kind: "Role", name },
        subjects: [{ kind: "ServiceAccount", name, namespace }],
      },
    ],
    [
      `/apis/networking.k8s.io/v1/namespaces/${namespace}/networkpolicies`,
      {
        apiVersion: "networking.k8s.io/v1",
        kind: "NetworkPolicy",
        metadata,
        spec: { podSelector: { matchLabels: selectorLabels(name) }, policyTypes: ["Ingress", "Egress"], egress },
      },
    ],
  ].map(([path, object]) => [`${path}/${name}`, object as object]);
}

interface Ending {
  untilMs: number;
  /** The raised minimum. */
  pods: number;
  /** The stack's. */
  before: number;
}

/**
 * Has the cluster put a minimum back at a full minute. It does nothing then if another minimum holds.
 * @throws Failure  where the user's rights do not allow it
 */
export async function scheduleEnd({ kube, namespaces }: World, range: Range, ending: Ending): Promise<void> {
  const { app } = namespaces;
  const path = `${cronJobs(app)}/${nameOf(range.deployment)}`;
  try {
    const { metadata } = await kube.apply<Named>(path, cronJob(app, range, ending));
    for (const [own, object] of belongings(app, range, metadata.uid as string)) await kube.apply(own, object);
  } catch (error) {
    if (!(error instanceof Refused) || error.status !== 403) throw error;
    await kube.remove(path).catch(() => undefined);
    throw new Failure({
      where: "--for",
      given: `rights without those that its end needs (${error.message})`,
      allowed: "rights to create a CronJob, a ServiceAccount, a Role, its binding and a NetworkPolicy",
      fix: "ask for them, or leave out --for and put the minimum back yourself",
    });
  }
}

/** Removes what was to put a minimum back. */
export const cancelEnd = ({ kube, namespaces }: World, { deployment }: Range): Promise<void> =>
  kube.remove(`${cronJobs(namespaces.app)}/${nameOf(deployment)}`);
