/** What the commands read of Kubernetes' objects. The API server checks what they send. */

export interface ManagedField {
  manager?: string;
  operation?: string;
  subresource?: string;
  [field: string]: unknown;
}

interface Metadata {
  name: string;
  namespace?: string;
  uid?: string;
  resourceVersion?: string;
  labels?: Record<string, string>;
  annotations?: Record<string, string>;
  creationTimestamp?: string;
  deletionTimestamp?: string;
  managedFields?: ManagedField[];
  ownerReferences?: { kind?: string; name?: string; uid: string; controller?: boolean }[];
}

export interface Condition {
  type: string;
  status: "True" | "False" | "Unknown";
  reason?: string;
  message?: string;
  lastTransitionTime?: string;
}

/** Whether a pod or a node is ready. */
export const isReady = (one: { status?: { conditions?: Condition[] } } | undefined): boolean =>
  one?.status?.conditions?.some(({ type, status }) => type === "Ready" && status === "True") === true;

interface Container {
  name: string;
  image?: string;
  env?: { name: string; value?: string; valueFrom?: ValueFrom }[];
  envFrom?: { secretRef?: { name: string }; configMapRef?: { name: string } }[];
  readinessProbe?: { httpGet?: { scheme?: string; path?: string; port?: number | string } };
}

interface ValueFrom {
  secretKeyRef?: { name: string };
  configMapKeyRef?: { name: string };
}

interface Source {
  configMap?: { name?: string };
  secret?: { name?: string; secretName?: string };
}

export interface PodTemplate {
  metadata?: { labels?: Record<string, string>; annotations?: Record<string, string> };
  spec: {
    containers: Container[];
    initContainers?: Container[];
    volumes?: (Source & { name: string; projected?: { sources?: Source[] } })[];
  };
}

export interface Deployment {
  metadata: Metadata;
  spec: { replicas?: number; template: PodTemplate };
  status?: {
    readyReplicas?: number;
    conditions?: Condition[];
  };
}

export interface ReplicaSet {
  metadata: Metadata;
  spec: { template: PodTemplate };
}

interface ContainerState {
  waiting?: { reason?: string; message?: string };
  terminated?: { reason?: string; finishedAt?: string };
  running?: { startedAt?: string };
}

export interface Pod {
  metadata: Metadata;
  spec: { containers: Container[]; nodeName?: string; terminationGracePeriodSeconds?: number };
  status?: {
    phase?: string;
    conditions?: Condition[];
    containerStatuses?: {
      name: string;
      restartCount: number;
      state?: ContainerState;
      lastState?: ContainerState;
    }[];
  };
}

export interface Autoscaler {
  metadata: Metadata;
  spec: { minReplicas?: number; maxReplicas: number; scaleTargetRef: { kind: string; name: string } };
  status?: { currentReplicas?: number };
}

/** KEDA's. */
export interface ScaledObject {
  metadata: Metadata;
  spec: { minReplicaCount?: number; maxReplicaCount?: number; scaleTargetRef: { name: string } };
}

export interface Job {
  metadata: Metadata;
  status?: { conditions?: Condition[] };
}

export interface CronJob {
  metadata: Metadata;
  spec: { suspend?: boolean };
}

export interface Node {
  metadata: Metadata;
  spec?: { unschedulable?: boolean };
  status?: { conditions?: Condition[] };
}

export interface ConfigMap {
  metadata: Metadata;
  data?: Record<string, string>;
}

export interface Lease {
  metadata: Metadata;
  spec?: { renewTime?: string };
}

export interface Named {
  metadata: Metadata;
}
