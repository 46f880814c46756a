import { container, type Fault } from "./fault";

/** What an API server refuses only because of what is there already: faults of a move. */
export const immovable: Fault[] = [
  {
    title: "another selector of the same Deployment",
    stack: "mvp",
    object: "Deployment/data/pgbouncer",
    change: ({ spec }) => {
      spec.selector.matchLabels["tierstack.dev/tier"] = "growth";
      spec.template.metadata.labels["tierstack.dev/tier"] = "growth";
    },
    caughtBy: ["API server"],
  },
  {
    title: "another service of the same StatefulSet",
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
    title: "a Job that changes under the same name",
    stack: "mvp",
    object: "Job/data/postgres-bootstrap",
    change: (object) => {
      container(object).image = "docker.io/pgvector/pgvector:0.8.5-pg17-trixie";
    },
    caughtBy: ["API server"],
  },
];
