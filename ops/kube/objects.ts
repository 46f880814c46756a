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
  generation?: number;
  labels?: Record<string, string>;
  annotations?: Record<string, string>;
  creationTimestamp?: string;
  deletionTimestamp?: string;
  managedFields?: ManagedField[];
  ownerReferences?: { uid: string; controller?: boolean }[];
}

export interface Condition {
  type: string;
  status: "True" | "False" | "Unknown";
  reason?: string;
  message?: string;
  lastTransitionTime?: string;
}

interface Container {
  name: string;
  image?: string;
  env?: { name: string; value?: string; valueFrom?: ValueFrom }[];
  envFrom?: { secretRef?: { name: string }; configMapRef?: { name: string } }[];
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
    observedGeneration?: number;
    replicas?: number;
    updatedReplicas?: number;
    availableReplicas?: number;
    readyReplicas?: number;
    conditions?: Condition[];
  };
}

interface ContainerState {
  waiting?: { reason?: string; message?: string };
  terminated?: { reason?: string; exitCode?: number; finishedAt?: string };
  running?: { startedAt?: string };
}

export interface Pod {
  metadata: Metadata;
  spec: { containers: Container[] };
  status?: {
    phase?: string;
    startTime?: string;
    conditions?: Condition[];
    containerStatuses?: {
      name: string;
      ready: boolean;
      restartCount: number;
      state?: ContainerState;
      lastState?: ContainerState;
    }[];
  };
}

export interface Named {
  metadata: Metadata;
}
