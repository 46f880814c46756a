import { stringify } from "yaml";
import { dataSource } from "./dashboards/panels";
import { exporterPorts } from "./prometheus/scrape";

/** Folder of the dashboards in Grafana's container. */
export const dashboardFolder = "/etc/grafana/dashboards";

/**
 * Returns what Grafana reads at its start: Prometheus as its only source, over loopback, and the folder of the dashboards,
 * which it reads again when they change.
 */
export function provisioning(): Record<"datasource.yml" | "provider.yml", string> {
  return {
    "datasource.yml": stringify({
      apiVersion: 1,
      datasources: [
        {
          name: "Prometheus",
          ...dataSource,
          access: "proxy",
          url: `http://127.0.0.1:${exporterPorts.prometheus}`,
          isDefault: true,
          editable: false,
        },
      ],
    }),
    "provider.yml": stringify({
      apiVersion: 1,
      providers: [
        {
          name: "tierstack",
          type: "file",
          allowUiUpdates: false,
          updateIntervalSeconds: 60,
          options: { path: dashboardFolder },
        },
      ],
    }),
  };
}

/**
 * Settings of Grafana, as environment variables. Whoever reaches the port looks without a login: only an operator does, by
 * `kubectl port-forward`. Nobody logs in, so there is no password to keep.
 */
export const grafanaSettings: Record<string, string> = {
  GF_AUTH_ANONYMOUS_ENABLED: "true",
  GF_AUTH_ANONYMOUS_ORG_ROLE: "Viewer",
  GF_AUTH_DISABLE_LOGIN_FORM: "true",
  GF_AUTH_BASIC_ENABLED: "false",
  GF_SECURITY_DISABLE_INITIAL_ADMIN_CREATION: "true",
  // Grafana calls nobody: no reports, no look for updates, no plugins from elsewhere.
  GF_ANALYTICS_REPORTING_ENABLED: "false",
  GF_ANALYTICS_CHECK_FOR_UPDATES: "false",
  GF_ANALYTICS_CHECK_FOR_PLUGIN_UPDATES: "false",
  GF_PLUGINS_PREINSTALL_DISABLED: "true",
  GF_NEWS_NEWS_FEED_ENABLED: "false",
  GF_LOG_MODE: "console",
  GF_PATHS_PROVISIONING: "/etc/grafana/provisioning",
};
