import { expect } from "chai";
import { parse } from "yaml";
import { grafanaSettings, provisioning } from "../../../components/observability/grafana";

describe("Grafana", () => {
  it("has Prometheus as its only source, over loopback, under the name that the dashboards use", () => {
    const { datasources } = parse(provisioning()["datasource.yml"]);
    expect(datasources).to.deep.equal([
      {
        name: "Prometheus",
        type: "prometheus",
        uid: "prometheus",
        access: "proxy",
        url: "http://127.0.0.1:9090",
        isDefault: true,
        editable: false,
      },
    ]);
    expect(parse(provisioning()["provider.yml"]).providers[0].options).to.deep.equal({
      path: "/etc/grafana/dashboards",
    });
  });

  it("lets nobody log in, only look, and calls nobody", () => {
    expect(grafanaSettings).to.include({
      GF_AUTH_ANONYMOUS_ORG_ROLE: "Viewer",
      GF_AUTH_DISABLE_LOGIN_FORM: "true",
      GF_AUTH_BASIC_ENABLED: "false",
      GF_SECURITY_DISABLE_INITIAL_ADMIN_CREATION: "true",
      GF_ANALYTICS_REPORTING_ENABLED: "false",
      GF_ANALYTICS_CHECK_FOR_UPDATES: "false",
    });
  });
});
