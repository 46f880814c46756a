import { container, type Fault } from "./fault";

/** Changes that the API server refuses because of the object it already has: faults of a move. */
export const immovable: Fault[] = [
  {
    title: "a changed selector of a Deployment",
    stack: "mvp",
    object: "Deployment/data/pgbouncer",
    change: ({ spec }) => {
      spec.selector.matchLabels["tierstack.dev/tier"] = "growth";
      spec.template.metadata.labels["tierstack.dev/tier"] = "growth";
    },
    caughtBy: ["API server"],
  },
  {
    title: "a changed service of a StatefulSet",
    stack: "mvp",
    object: "StatefulSet/data/postgres",
    change: ({ spec }) => {
      spec.serviceName = "postgres-growth";
    },
    caughtBy: ["kube-score", "API server"],
  },
  {
    title: "a volume that shrinks",
    stack: "mvp",
    object: "PersistentVolumeClaim/data/postgres",
    change: ({ spec }) => {
      spec.resources.requests.storage = "1Gi";
    },
    caughtBy: ["API server"],
  },
  {
    title: "a volume of k3s that grows",
    stack: "mvp",
    object: "PersistentVolumeClaim/data/postgres",
    change: ({ spec }) => {
      spec.resources.requests.storage = "30Gi";
    },
    caughtBy: ["API server"],
  },
  {
    title: "a changed Job of the same name",
    stack: "mvp",
    object: "Job/data/postgres-bootstrap",
    change: (object) => {
      container(object).image = "docker.io/pgvector/pgvector:0.8.5-pg17-trixie";
    },
    caughtBy: ["API server"],
  },
];
