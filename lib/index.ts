/**
 * tierstack as a library: the whole platform as a program, and its components one by one. What this module and
 * `tierstack/testing` export is the public interface; semantic versioning holds for it and for nothing else.
 */
export { App, type AppArgs } from "../components/app/app";
export {
  AppEnvironment,
  type AppEnvironmentArgs,
  type WorkloadEnvironment,
  type WritableDirectory,
} from "../components/app/environment";
export { AlbIngress, type AlbIngressArgs } from "../components/app/ingress/alb";
export { TraefikIngress, type TraefikIngressArgs } from "../components/app/ingress/traefik";
export type { IngressSource } from "../components/app/network-policies";
export { PullSecret, type PullSecretArgs, type RegistryCredentials } from "../components/app/pull-secret";
export type { Cluster, WorkerScheduling } from "../components/cluster/cluster";
export { Eks, type EksArgs, type EksNetwork } from "../components/cluster/eks/eks";
export { ExistingCluster, type ExistingClusterArgs } from "../components/cluster/existing";
export { K3s, type K3sArgs } from "../components/cluster/k3s/k3s";
export { K3sState, type K3sStateArgs } from "../components/cluster/k3s/state";
export { Certificates, type CertificatesArgs } from "../components/edge/certificates";
export { Edge, type EdgeArgs, type EdgeDomain, type Origin } from "../components/edge/edge";
export { NodeIdentity, type NodeIdentityArgs } from "../components/identity/node-identity";
export { PodIdentity, type PodIdentityArgs } from "../components/identity/pod-identity";
export type { Migrate } from "../components/migration/migrate";
export { Migration, type MigrationArgs } from "../components/migration/migration";
export { existingNamespace, type Namespace } from "../components/namespaces/namespace";
export { Namespaces, type NamespacesArgs } from "../components/namespaces/namespaces";
export { Network, type NetworkArgs } from "../components/network/network";
export { type Certificate, CertificateAuthority } from "../components/pki/certificate-authority";
export { scramVerifier } from "../components/postgres/common/scram";
export type { PostgresServer } from "../components/postgres/common/server";
export { PgBouncer, type PgBouncerArgs } from "../components/postgres/pgbouncer/pgbouncer";
export { Postgres, type PostgresArgs } from "../components/postgres/postgres";
export { Priorities, type PrioritiesArgs } from "../components/priorities/priorities";
export { Redis, type RedisArgs } from "../components/redis/redis";
export type { Schedule } from "../components/schedules/schedule";
export { Schedules, type SchedulesArgs } from "../components/schedules/schedules";
export type { StoreNetwork } from "../components/support/store";
export { Keda, type KedaArgs } from "../components/workers/keda";
export { Workers, type WorkersArgs } from "../components/workers/workers";
export type { StackInputs } from "../config/load";
export { SettingsError } from "../config/problems";
export type { Settings } from "../config/schema";
export { Platform, type StackOutputs } from "../platform/platform";
export { type OwnResources, type Program, program } from "../platform/program";
export {
  type AppSize,
  type ContainerSize,
  type EdgeSize,
  type EksSize,
  type K3sSize,
  type NetworkSize,
  type NodePoolSize,
  type PgBouncerSize,
  type Place,
  type PostgresSize,
  type RedisSize,
  type ReplicaRange,
  type Tier,
  type TierSpec,
  tierNames,
  tiers,
  type WorkersSize,
} from "../tiers";
export { type ConnectionBudget, connectionBudget } from "../tiers/connections";
