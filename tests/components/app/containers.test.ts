import { expect } from "chai";
import { gatewayContainer, podVolumes } from "../../../components/app/containers";

describe("containers of the application's pod", () => {
  it("name the gateway's ports and mount its files read-only", () => {
    const { ports, volumeMounts } = gatewayContainer("/healthz", true);
    expect(ports).to.deep.equal([
      { name: "http", containerPort: 10080 },
      { name: "https", containerPort: 10443 },
    ]);
    expect(volumeMounts).to.deep.equal([
      { name: "gateway-scratch", mountPath: "/tmp" },
      { name: "gateway-config", mountPath: "/etc/tierstack/gateway", readOnly: true },
      { name: "gateway-tls", mountPath: "/etc/tierstack/tls", readOnly: true },
      { name: "gateway-origin", mountPath: "/etc/tierstack/origin", readOnly: true },
    ]);
  });

  it("have a volume for the origin's secret only with verifyOrigin", () => {
    const origin = { name: "gateway-origin", secret: { secretName: "app-gateway-origin", defaultMode: 0o440 } };
    expect(podVolumes({ volumes: [] }, true)).to.deep.include(origin);
    expect(podVolumes({ volumes: [] }, false)).to.not.deep.include(origin);
  });
});
