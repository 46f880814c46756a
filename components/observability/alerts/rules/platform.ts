/** Nodes and what runs on them. */
import { thresholds } from "../../../../tiers/thresholds";
import { type AlertRule, cause, decimal, label, sameIn, value } from "../rule";

const { tierStep, verticalStep } = thresholds;

const pod = `${label("namespace")}/${label("pod")}`;
const cpuPercent =
  '100 * sum by (node) (rate(container_cpu_usage_seconds_total{job="kubelet",id="/"}[5m])) / max by (node) (machine_cpu_cores{job="kubelet"})';
const memoryPercent =
  '100 * max by (node) (container_memory_working_set_bytes{job="kubelet",id="/"}) / max by (node) (machine_memory_bytes{job="kubelet"})';
const volume = "namespace, persistentvolumeclaim";
const volumePercent = `100 * (1 - max by (${volume}) (kubelet_volume_stats_available_bytes{job="kubelet"}) / max by (${volume}) (kubelet_volume_stats_capacity_bytes{job="kubelet"}))`;
const memorySteps = [
  "Check which pods use it, and whether one grows without end.",
  "Take a node with more memory, or the next tier (`npm run advise`).",
];
const volumeSteps = [
  "Check what grows: tables, WAL that a slot keeps, the append-only file of Redis.",
  "Enlarge the volume: it grows in place, and never shrinks.",
];
const notReady = cause("NodeNotReady");
const crashing = sameIn("namespace", "PodCrashLoops");

export const nodeRules: AlertRule[] = [
  {
    name: "NodeNotReady",
    service: "nodes",
    severity: "critical",
    expr: 'min by (node) (kube_node_status_condition{job="kube-state-metrics",condition="Ready",status="true"}) == 0',
    for: "5m",
    summary: `Node ${label("node")} is not ready`,
    source: "no threshold; 5 minutes, after which its pods are evicted",
    act: [
      "k3s: the auto scaling group replaces a node that is gone; its data volume and address move along.",
      "EKS: Auto Mode replaces it. Look at its events, and whether the pods find another place.",
    ],
  },
  {
    name: "NodeCpuHigh",
    service: "nodes",
    severity: "warning",
    expr: `${cpuPercent} > ${tierStep.cpu}`,
    for: `${tierStep.cpuMinutes}m`,
    summary: `Node ${label("node")} uses ${decimal} % of its CPU (limit ${tierStep.cpu} %)`,
    source: `tier step: CPU > ${tierStep.cpu} % for ${tierStep.cpuMinutes} minutes`,
    act: ["Check which pods use it.", "Take a larger node, or the next tier (`npm run advise`)."],
  },
  {
    name: "NodeMemoryFull",
    service: "nodes",
    severity: "critical",
    expr: `${memoryPercent} > ${tierStep.memory}`,
    for: "5m",
    summary: `Node ${label("node")} uses ${decimal} % of its memory (limit ${tierStep.memory} %)`,
    source: `tier step: memory > ${tierStep.memory} %`,
    act: memorySteps,
  },
  {
    name: "NodeMemoryHigh",
    service: "nodes",
    severity: "warning",
    expr: `${memoryPercent} > ${verticalStep.memory}`,
    for: "10m",
    summary: `Node ${label("node")} uses ${decimal} % of its memory (limit ${verticalStep.memory} %)`,
    source: `vertical step: memory > ${verticalStep.memory} %`,
    act: memorySteps,
    inhibitedBy: [sameIn("node", "NodeMemoryFull")],
  },
  {
    name: "VolumeAlmostFull",
    service: "nodes",
    severity: "critical",
    expr: `${volumePercent} > ${tierStep.memory}`,
    for: "5m",
    summary: `The volume of ${label("persistentvolumeclaim")} is ${decimal} % full (limit ${tierStep.memory} %)`,
    source: `assumed: as for memory, tier step > ${tierStep.memory} %`,
    act: volumeSteps,
  },
  {
    name: "VolumeFills",
    service: "nodes",
    severity: "warning",
    expr: `${volumePercent} > ${verticalStep.memory}`,
    for: "15m",
    summary: `The volume of ${label("persistentvolumeclaim")} is ${decimal} % full (limit ${verticalStep.memory} %)`,
    source: `assumed: as for memory, vertical step > ${verticalStep.memory} %`,
    act: volumeSteps,
    inhibitedBy: [sameIn(volume, "VolumeAlmostFull")],
  },
];

export const kubernetesRules: AlertRule[] = [
  {
    name: "DeploymentDown",
    service: "kubernetes",
    severity: "critical",
    expr: 'max by (namespace, deployment) (kube_deployment_status_replicas_available{job="kube-state-metrics"}) == 0 and max by (namespace, deployment) (kube_deployment_spec_replicas{job="kube-state-metrics"}) > 0',
    for: "5m",
    summary: `No pod of ${label("namespace")}/${label("deployment")} is available`,
    source: "no threshold: it serves or not; 5 minutes for a start, assumed",
    act: ["Look at the pods' events and logs. If they were just changed, roll back: `npm run ops -- rollback`."],
    inhibitedBy: [notReady],
  },
  {
    name: "DeploymentShort",
    service: "kubernetes",
    severity: "warning",
    expr: 'max by (namespace, deployment) (kube_deployment_spec_replicas{job="kube-state-metrics"}) - max by (namespace, deployment) (kube_deployment_status_replicas_available{job="kube-state-metrics"}) > 0',
    for: "15m",
    summary: `${value} pods of ${label("namespace")}/${label("deployment")} are missing`,
    source: "assumed: 15 minutes, longer than a rollout or a new node takes",
    act: ["Check whether they wait for a node, an image or a volume: `kubectl describe pod`."],
    inhibitedBy: [notReady, sameIn("namespace, deployment", "DeploymentDown")],
  },
  {
    name: "StatefulSetDown",
    service: "kubernetes",
    severity: "critical",
    expr: 'max by (namespace, statefulset) (kube_statefulset_status_replicas_ready{job="kube-state-metrics"}) == 0 and max by (namespace, statefulset) (kube_statefulset_replicas{job="kube-state-metrics"}) > 0',
    for: "5m",
    summary: `No pod of ${label("namespace")}/${label("statefulset")} is ready`,
    source: "no threshold: it serves or not; 5 minutes for a start, assumed",
    act: ["Look at the pod's events and log, and at its volume."],
    inhibitedBy: [notReady],
  },
  {
    name: "PodCrashLoops",
    service: "kubernetes",
    severity: "warning",
    expr: 'max by (namespace, pod, container) (max_over_time(kube_pod_container_status_waiting_reason{job="kube-state-metrics",reason="CrashLoopBackOff"}[5m])) > 0',
    for: "5m",
    summary: `${label("container")} of ${pod} crashes again and again`,
    source: "no threshold; 5 minutes, so that a first start may fail, assumed",
    act: ["Read the log of the container before: `kubectl logs --previous`. If it was just changed, roll back."],
  },
  {
    name: "ContainerOutOfMemory",
    service: "kubernetes",
    severity: "warning",
    expr: 'sum by (namespace, pod, container) (increase(kube_pod_container_status_restarts_total{job="kube-state-metrics"}[15m])) > 0 and max by (namespace, pod, container) (kube_pod_container_status_last_terminated_reason{job="kube-state-metrics",reason="OOMKilled"}) > 0',
    summary: `${label("container")} of ${pod} was killed for its memory`,
    source: "no threshold: each kill costs what was under way",
    act: [
      "Look at its memory before: a peak, or a leak? Give it more in the stack's settings, or fewer requests at a time.",
    ],
  },
  {
    name: "PodPending",
    service: "kubernetes",
    severity: "warning",
    expr: 'max by (namespace, pod) (kube_pod_status_phase{job="kube-state-metrics",phase="Pending"}) > 0',
    for: "15m",
    summary: `${pod} has not started for 15 minutes`,
    source: "assumed: 15 minutes, longer than a new node takes",
    act: ["Look at its events: no node with room, no image, no volume. k3s has one node: take a larger one."],
    inhibitedBy: [notReady, crashing],
  },
  {
    name: "AutoscalerAtMaximum",
    service: "kubernetes",
    severity: "warning",
    expr: 'max by (namespace, horizontalpodautoscaler) (kube_horizontalpodautoscaler_status_current_replicas{job="kube-state-metrics"}) >= max by (namespace, horizontalpodautoscaler) (kube_horizontalpodautoscaler_spec_max_replicas{job="kube-state-metrics"}) and max by (namespace, horizontalpodautoscaler) (kube_horizontalpodautoscaler_spec_max_replicas{job="kube-state-metrics"}) > max by (namespace, horizontalpodautoscaler) (kube_horizontalpodautoscaler_spec_min_replicas{job="kube-state-metrics"})',
    for: "30m",
    summary: `${label("horizontalpodautoscaler")} has been at its maximum of ${value} pods for half an hour`,
    source: "assumed: half an hour, longer than a peak of traffic",
    act: ["Ask `npm run advise`: a higher maximum, a larger database, or the next tier."],
  },
  {
    name: "JobFailed",
    service: "kubernetes",
    severity: "warning",
    expr: 'max by (namespace, job_name) (kube_job_failed{job="kube-state-metrics",condition="true"}) > 0',
    for: "1m",
    summary: `The job ${label("namespace")}/${label("job_name")} has failed`,
    source: "no threshold: it has given up",
    act: ["Read its log: `kubectl logs job/NAME`. A migration that failed has stopped the rollout behind it."],
  },
  {
    name: "ScheduleFails",
    service: "kubernetes",
    severity: "warning",
    expr: 'max by (namespace, cronjob) (kube_cronjob_status_last_schedule_time{job="kube-state-metrics"}) - max by (namespace, cronjob) (kube_cronjob_status_last_successful_time{job="kube-state-metrics"}) > 0',
    for: "2h",
    summary: `The schedule ${label("namespace")}/${label("cronjob")} has not succeeded since its last start`,
    source: "assumed: two hours for one run",
    act: [
      "Read the log of its last job. It runs again at its next time; to run it now: `kubectl create job --from=cronjob/NAME`.",
    ],
  },
];
