/**
 * A day of a healthy product, minute by minute, in every metric that the rules read. It has what a healthy day has: few
 * requests at night and one that fails, a rollout at noon, a restart of Redis, a burst of jobs, a dump, a pause of PgBouncer.
 */
import { jobs } from "../../../components/observability/jobs";
import type { Series } from "./cases/case";

export const minutes = 24 * 60;

type Value = (minute: number) => number;

const list = (value: Value) => Array.from({ length: minutes + 1 }, (_, minute) => value(minute)).join(" ");

/** A counter of so many a minute. It begins anew where its process does. */
function counter(perMinute: Value, restartsAt?: number): string {
  let total = 0;
  return list((minute) => {
    if (minute === restartsAt) total = 0;
    total += perMinute(minute);
    return Math.round(total * 1000) / 1000;
  });
}

const steady = (value: number) => list(() => value);
const between = (minute: number, from: number, length: number) => minute >= from && minute < from + length;
const hour = 60;
const noon = 12 * hour;

/** Requests a minute: a few at night, hundreds in the afternoon. */
const traffic: Value = (minute) =>
  Math.round(4 + 400 * Math.max(0, Math.sin((Math.PI * (minute - 6 * hour)) / (18 * hour))));

const slowMinutes = (minute: number) => between(minute, 15 * hour, 3);
const burst = (minute: number) => between(minute, 18 * hour, 6);
const redisRestart = 4 * hour;

/** Share of the requests that take at most so long. For three minutes, a garbage collection delays a third of them. */
const faster: Record<string, Value> = {
  "0.2": (minute) => (slowMinutes(minute) ? 0.6 : 0.98),
  "0.5": (minute) => (slowMinutes(minute) ? 0.7 : 0.99),
  "1": (minute) => (slowMinutes(minute) ? 0.98 : 0.997),
  "3": () => 0.999,
  "+Inf": () => 1,
};

function application(): Series {
  const series: Series = {};
  for (const pod of ["app-1", "app-2"]) {
    const at = `job="app",namespace="app",pod="${pod}"`;
    // The rollout replaces one pod after the other.
    const restart = pod === "app-1" ? noon : noon + 3;
    series[`http_request_duration_seconds_count{${at},route="/",status="200"}`] = counter(
      (t) => traffic(t) / 2,
      restart,
    );
    // Three in a thousand fail by day, and one request in the night.
    series[`http_request_duration_seconds_count{${at},route="/",status="500"}`] = counter(
      (t) => (t === 3 * hour ? 1 : between(t, 8 * hour, 12 * hour) ? (traffic(t) / 2) * 0.003 : 0),
      restart,
    );
    for (const [le, share] of Object.entries(faster))
      series[`http_request_duration_seconds_bucket{${at},route="/",status="200",le="${le}"}`] = counter(
        (t) => (traffic(t) / 2) * share(t),
        restart,
      );
    series[`mode{${at},mode="normal"}`] = steady(1);
    series[`mode{${at},mode="maintenance"}`] = steady(0);
    series[`mode{${at},mode="read-only"}`] = steady(0);
    series[`breaker_open{${at},breaker="provider"}`] = list((t) => (between(t, 9 * hour, 1) ? 1 : 0));
    series[`database_transaction_duration_seconds_count{${at},pool="primary"}`] = counter(
      (t) => 2 * traffic(t),
      restart,
    );
    series[`database_transaction_duration_seconds_bucket{${at},pool="primary",le="0.1"}`] = counter(
      (t) => 2 * traffic(t) * 0.99,
      restart,
    );
    series[`database_pool_connections{${at},pool="primary",state="waiting"}`] = list((t) => (t % 97 === 0 ? 2 : 0));
    // After its restart Redis is empty for a quarter of an hour.
    const hits: Value = (t) => (between(t, redisRestart, 15) ? 0.4 : 0.85);
    for (const result of ["hit", "miss"])
      series[`cache_requests_total{${at},kind="user",result="${result}"}`] = counter(
        (t) => 3 * traffic(t) * (result === "hit" ? hits(t) : 1 - hits(t)),
        restart,
      );
    series[`cache_requests_total{${at},kind="user",result="error"}`] = counter(
      (t) => (t === redisRestart ? 3 : 0),
      restart,
    );
  }
  return series;
}

function queues(): Series {
  const at = 'job="worker",namespace="app",pod="worker-1",queue="default"';
  const done: Value = (t) => traffic(t) / 10 + (burst(t) ? 40 : 0);
  return {
    [`queue_jobs{${at},state="waiting"}`]: list((t) => (burst(t) ? 150 : t % 3)),
    [`jobs_total{${at},outcome="done"}`]: counter(done),
    [`jobs_total{${at},outcome="error"}`]: counter((t) => done(t) * 0.01),
    [`job_duration_seconds_count{${at}}`]: counter(done),
    [`job_duration_seconds_bucket{${at},le="5"}`]: counter((t) => done(t) * 0.99),
  };
}

function stores(): Series {
  const postgres = 'job="postgres",instance="postgres:5432/app"';
  const client = `${postgres},datname="app",usename="app",backend_type="client backend"`;
  const redis = 'job="redis",instance="rediss://redis:6379"';
  const series: Series = {
    [`pg_up{${postgres}}`]: steady(1),
    [`pg_stat_database_numbackends{${postgres},datname="app"}`]: list((t) => 20 + Math.round(traffic(t) / 10)),
    [`pg_settings_max_connections{${postgres},server="s"}`]: steady(100),
    [`pg_stat_activity_max_tx_duration{${client},state="active",application_name="app"}`]: list((t) =>
      t % 60 === 0 ? 12 : 0,
    ),
    [`pg_stat_activity_max_tx_duration{${client},state="active",application_name="pg_dump"}`]: list((t) =>
      between(t, 3 * hour, 20) ? 60 * (t - 3 * hour) : 0,
    ),
    [`pg_stat_database_deadlocks{${postgres},datname="app"}`]: counter((t) => (t === 13 * hour ? 1 : 0)),
    [`pg_replication_lag_seconds{${postgres}}`]: list((t) => (between(t, 14 * hour, 3) ? 45 : 0.1)),
    [`pg_replication_is_replica{${postgres}}`]: steady(1),
    [`pg_replication_slots_pg_wal_lsn_diff{${postgres},slot_name="replica"}`]: list((t) => (t % 100) * 1e6),
    [`pg_stat_archiver_failed_count{${postgres},server="s"}`]: steady(2),
    // A minute at most while something is written. Nobody writes from the first hour of the night to the second.
    [`pg_stat_archiver_last_archive_age{${postgres},server="s"}`]: list((t) =>
      between(t, hour, hour) ? 60 * (t - hour) : 60,
    ),
    [`pg_stat_database_tup_inserted{${postgres},datname="app"}`]: counter((t) =>
      between(t, hour, hour) ? 0 : traffic(t),
    ),
    [`pg_stat_database_tup_updated{${postgres},datname="app"}`]: counter((t) =>
      between(t, hour, hour) ? 0 : traffic(t),
    ),
    [`pg_stat_database_tup_deleted{${postgres},datname="app"}`]: counter(() => 0),
    [`redis_up{${redis}}`]: list((t) => (t === redisRestart ? 0 : 1)),
    [`redis_cluster_state{${redis}}`]: list((t) => (t === redisRestart ? 0 : 1)),
    [`redis_memory_used_bytes{${redis}}`]: list((t) => (40 + traffic(t) / 20) * 2 ** 20),
    [`redis_memory_max_bytes{${redis}}`]: steady(96 * 2 ** 20),
    [`redis_cpu_user_main_thread_seconds_total{${redis}}`]: counter((t) => 1 + traffic(t) / 30, redisRestart),
    [`redis_cpu_sys_main_thread_seconds_total{${redis}}`]: counter((t) => 0.5 + traffic(t) / 60, redisRestart),
    [`redis_master_link_up{${redis}}`]: list((t) => (between(t, redisRestart, 3) ? 0 : 1)),
    [`redis_aof_last_write_status{${redis}}`]: steady(1),
    [`redis_rdb_last_bgsave_status{${redis}}`]: steady(1),
    [`redis_connected_clients{${redis}}`]: list((t) => 12 + (t % 5)),
    [`redis_max_clients{${redis}}`]: steady(10_000),
  };
  for (const pod of ["pgbouncer-1", "pgbouncer-2"]) {
    const at = `job="pgbouncer",namespace="data",pod="${pod}"`;
    // A node leaves: one of two is away for ten minutes.
    series[`pgbouncer_up{${at}}`] = list((t) => (pod === "pgbouncer-1" && between(t, 20 * hour, 10) ? 0 : 1));
    // The switch of a handover makes clients wait.
    series[`pgbouncer_pools_client_maxwait_seconds{${at},database="app",user="app"}`] = list((t) =>
      t === 22 * hour ? 25 : 0,
    );
    series[`pgbouncer_pools_server_active_connections{${at},database="app",user="app"}`] = list((t) =>
      Math.min(18, 2 + Math.round(traffic(t) / 30) + (between(t, 17 * hour, 5) ? 8 : 0)),
    );
    series[`pgbouncer_databases_pool_size{${at},name="app",database="app"}`] = steady(20);
    series[`pgbouncer_used_clients{${at}}`] = list((t) => 20 + Math.round(traffic(t) / 5));
    series[`pgbouncer_config_max_client_connections{${at}}`] = steady(1000);
  }
  return series;
}

/** At noon the images of a rollout are pulled, and its host is busy. */
function host(): Series {
  const at = 'job="node",node="a"';
  return {
    [`node_filesystem_avail_bytes{${at},mountpoint="/"}`]: list((t) => (t > noon ? 30 : 35) * 2 ** 30),
    [`node_filesystem_size_bytes{${at},mountpoint="/"}`]: steady(80 * 2 ** 30),
    [`node_cpu_seconds_total{${at},cpu="0",mode="steal"}`]: counter((t) => (between(t, noon, 5) ? 12 : 0.5)),
    [`node_cpu_seconds_total{${at},cpu="0",mode="idle"}`]: counter(() => 40),
    [`node_disk_io_time_seconds_total{${at},device="nvme0n1"}`]: counter((t) => (between(t, noon, 10) ? 58 : 2)),
  };
}

function platform(): Series {
  const state = 'job="kube-state-metrics"';
  const kubelet = 'job="kubelet",node="a"';
  const container = `${state},namespace="app",pod="app-1",container="app"`;
  const claim = `${kubelet},namespace="data",persistentvolumeclaim="postgres-data"`;
  const deployment = `${state},namespace="app",deployment="app"`;
  const autoscaler = `${state},namespace="app",horizontalpodautoscaler="app"`;
  const schedule = `${state},namespace="app",cronjob="report"`;
  return {
    [`kube_node_status_condition{${state},node="a",condition="Ready",status="true"}`]: steady(1),
    // Six minutes at 88 %, in which images are pulled.
    [`container_cpu_usage_seconds_total{${kubelet},id="/"}`]: counter(
      (t) => 120 * (between(t, noon, 6) ? 0.88 : 0.2 + traffic(t) / 1000),
    ),
    [`machine_cpu_cores{${kubelet}}`]: steady(2),
    [`container_memory_working_set_bytes{${kubelet},id="/"}`]: list((t) => (2.4 + traffic(t) / 1000) * 2 ** 30),
    [`machine_memory_bytes{${kubelet}}`]: steady(4 * 2 ** 30),
    ...host(),
    [`kubelet_volume_stats_available_bytes{${claim}}`]: list((t) => (8 - t / minutes) * 2 ** 30),
    [`kubelet_volume_stats_capacity_bytes{${claim}}`]: steady(20 * 2 ** 30),
    [`kube_deployment_spec_replicas{${deployment}}`]: steady(2),
    [`kube_deployment_status_replicas_available{${deployment}}`]: list((t) => (between(t, noon, 4) ? 1 : 2)),
    [`kube_statefulset_replicas{${state},namespace="data",statefulset="redis"}`]: steady(1),
    [`kube_statefulset_status_replicas_ready{${state},namespace="data",statefulset="redis"}`]: list((t) =>
      between(t, redisRestart, 2) ? 0 : 1,
    ),
    [`kube_pod_container_status_waiting_reason{${container},reason="CrashLoopBackOff"}`]: list((t) =>
      t === noon + 1 ? 1 : 0,
    ),
    [`kube_pod_container_status_restarts_total{${container}}`]: counter((t) => (t === noon + 2 ? 1 : 0)),
    [`kube_pod_container_status_last_terminated_reason{${container},reason="Error"}`]: list((t) => (t > noon ? 1 : 0)),
    [`kube_pod_status_phase{${state},namespace="app",pod="app-1",phase="Pending"}`]: list((t) =>
      between(t, noon, 2) ? 1 : 0,
    ),
    [`kube_horizontalpodautoscaler_status_current_replicas{${autoscaler}}`]: list((t) =>
      between(t, 15 * hour, 20) ? 4 : 2,
    ),
    [`kube_horizontalpodautoscaler_spec_min_replicas{${autoscaler}}`]: steady(1),
    [`kube_horizontalpodautoscaler_spec_max_replicas{${autoscaler}}`]: steady(4),
    [`kube_job_failed{${state},namespace="app",job_name="migrate",condition="true"}`]: steady(0),
    // It starts each hour, and takes five minutes.
    [`kube_cronjob_status_last_schedule_time{${schedule}}`]: list((t) => 3600 * Math.floor(t / 60)),
    // The stack is older than the drill of six days ago.
    [`kube_deployment_created{${state},namespace="data",deployment="pgbouncer"}`]: steady(-400 * 86_400),
    [`kube_lease_renew_time{${state},namespace="data",lease="drill-restore"}`]: steady(-6 * 86_400),
    [`kube_cronjob_status_last_successful_time{${schedule}}`]: list((t) => 3600 * Math.floor((t - 5) / 60) + 300),
  };
}

function monitoring(): Series {
  return {
    // A scrape may fail now and then.
    ...Object.fromEntries(
      jobs.map((job, index) => [
        `up{job="${job}",instance="10.0.0.${index}:80",namespace="app",pod="p"}`,
        list((t) => (t % 300 === index ? 0 : 1)),
      ]),
    ),
    'prometheus_rule_evaluation_failures_total{job="prometheus",rule_group="database"}': steady(0),
    'prometheus_notifications_dropped_total{job="prometheus"}': steady(0),
    'alertmanager_notifications_failed_total{job="alertmanager",integration="email"}': steady(0),
    'prometheus_config_last_reload_successful{job="prometheus"}': steady(1),
    'alertmanager_config_last_reload_successful{job="alertmanager"}': steady(1),
  };
}

export const healthyDay = (): Series => ({
  ...application(),
  ...queues(),
  ...stores(),
  ...platform(),
  ...monitoring(),
});
