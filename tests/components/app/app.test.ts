import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { expect } from "chai";
import { App, type AppArgs } from "../../../components/app/app";
import { existingNamespace } from "../../../components/namespaces/namespace";
import { CertificateAuthority } from "../../../components/pki/certificate-authority";
import { recorded, Secret } from "../../support/record";

const selector = { "app.kubernetes.io/name": "app", "app.kubernetes.io/part-of": "tierstack" };

function argsOf(provider: k8s.Provider): AppArgs {
  return {
    size: { minReplicas: 2, maxReplicas: 10, container: { cpuMillicores: 250, memoryMiB: 256 } },
    image: "ghcr.io/acme/shop:1.4.2",
    user: 1000,
    port: 3000,
    healthPath: "/healthz",
    environment: {
      env: [{ name: "REDIS_CLUSTER", value: "true" }],
      envFrom: [{ secretRef: { name: "app-env" } }],
      volumes: [{ name: "authority", configMap: { name: "tierstack-ca" } }],
      mounts: [{ name: "authority", mountPath: "/etc/tierstack/ca", readOnly: true }],
      checksum: pulumi.output("environment-checksum"),
    },
    authority: new CertificateAuthority("authority"),
    cluster: { provider },
    namespace: existingNamespace("app"),
    ingressFrom: { namespace: "kube-system" },
    egress: { storesNamespace: "data" },
    verifyOrigin: false,
    cloudFront: false,
    maintenance: false,
  };
}

function run(given: Partial<AppArgs> = {}, preview = false) {
  return recorded(
    () => {
      const app = new App("app", { ...argsOf(new k8s.Provider("kubernetes", {})), ...given });
      return given.verifyOrigin ? { originSecret: app.originSecret } : {};
    },
    { preview },
  );
}

const podOf = async (given: Partial<AppArgs> = {}) => (await run(given)).inputs("app/deployment").spec.template;

describe("App", () => {
  it("creates its objects in its namespace, through the cluster's provider", async () => {
    const all = await run();
    expect(all.problems).to.deep.equal([]);
    expect(all.paths.filter((path) => path.startsWith("app"))).to.deep.equal([
      "app",
      "app/account",
      "app/autoscaler",
      "app/deployment",
      "app/disruption-budget",
      "app/egress-policy",
      "app/gateway",
      "app/gateway-tls",
      "app/ingress-policy",
      "app/service",
    ]);
    for (const resource of all.resources.filter(({ parent }) => parent === "app")) {
      expect(resource.provider, resource.path).to.equal("kubernetes");
      expect(all.inputs(resource.path).metadata, resource.path).to.deep.include({
        namespace: "app",
      });
      expect(resource.options, resource.path).to.include({ protect: false, retainOnDelete: false });
    }
    const names = Object.fromEntries(
      all.resources.filter(({ parent }) => parent === "app").map(({ path }) => [path, all.inputs(path).metadata.name]),
    );
    expect(names).to.deep.equal({
      "app/account": "app",
      "app/autoscaler": "app",
      "app/deployment": "app",
      "app/disruption-budget": "app",
      "app/egress-policy": "app-egress",
      "app/gateway": "app-gateway",
      "app/gateway-tls": "app-gateway-tls",
      "app/ingress-policy": "app-ingress",
      "app/service": "app",
    });
  });

  it("rolls out without downtime and leaves the replicas to the autoscaler", async () => {
    const { spec } = (await run()).inputs("app/deployment");
    expect(spec).not.to.have.property("replicas");
    expect(spec.selector).to.deep.equal({ matchLabels: selector });
    expect(spec.strategy).to.deep.equal({ type: "RollingUpdate", rollingUpdate: { maxSurge: 1, maxUnavailable: 0 } });
    expect(spec.minReadySeconds).to.equal(15);
  });

  it("runs restricted pods, spread over zones and nodes, without a token", async () => {
    const { metadata, spec } = await podOf();
    expect(metadata.labels).to.include(selector);
    expect(spec).to.deep.include({
      serviceAccountName: "app",
      automountServiceAccountToken: false,
      enableServiceLinks: false,
      terminationGracePeriodSeconds: 60,
      securityContext: {
        runAsNonRoot: true,
        runAsUser: 1000,
        runAsGroup: 1000,
        fsGroup: 1000,
        fsGroupChangePolicy: "OnRootMismatch",
        seccompProfile: { type: "RuntimeDefault" },
      },
    });
    expect(spec.topologySpreadConstraints).to.have.length(2);
    expect(spec.topologySpreadConstraints[0].labelSelector).to.deep.equal({ matchLabels: selector });
    const restricted = {
      allowPrivilegeEscalation: false,
      privileged: false,
      readOnlyRootFilesystem: true,
      runAsNonRoot: true,
      capabilities: { drop: ["ALL"] },
      seccompProfile: { type: "RuntimeDefault" },
    };
    const [app, gateway] = spec.containers;
    expect(app.securityContext).to.deep.equal(restricted);
    expect(gateway.securityContext).to.deep.equal({ ...restricted, runAsUser: 101, runAsGroup: 101 });
  });

  it("pulls a private image with a Secret, and a public one without", async () => {
    expect((await podOf({ pullSecret: "app-registry" })).spec.imagePullSecrets).to.deep.equal([
      { name: "app-registry" },
    ]);
    expect((await podOf()).spec).not.to.have.property("imagePullSecrets");
  });

  it("runs the application's container", async () => {
    const [app] = (await podOf()).spec.containers;
    const live = { tcpSocket: { port: 3000 }, timeoutSeconds: 5 };
    const ready = { httpGet: { path: "/healthz", port: 3000 }, timeoutSeconds: 3 };
    expect(app).to.deep.equal({
      name: "app",
      image: "ghcr.io/acme/shop:1.4.2",
      ports: [{ name: "app", containerPort: 3000 }],
      env: [
        { name: "PORT", value: "3000" },
        { name: "REDIS_CLUSTER", value: "true" },
      ],
      envFrom: [{ secretRef: { name: "app-env" } }],
      volumeMounts: [
        { name: "scratch", mountPath: "/tmp" },
        { name: "authority", mountPath: "/etc/tierstack/ca", readOnly: true },
      ],
      resources: { requests: { cpu: "250m", memory: "256Mi" }, limits: { memory: "256Mi" } },
      securityContext: app.securityContext,
      startupProbe: { ...live, periodSeconds: 2, failureThreshold: 60 },
      readinessProbe: { ...ready, periodSeconds: 5, failureThreshold: 3 },
      livenessProbe: { ...live, periodSeconds: 10, failureThreshold: 6 },
      lifecycle: { preStop: { sleep: { seconds: 25 } } },
    });
    expect((await podOf({ command: ["node", "web.js"] })).spec.containers[0].command).to.deep.equal(["node", "web.js"]);
  });

  it("restarts the application by its live path, not by its health path", async () => {
    const [app] = (await podOf({ livePath: "/livez" })).spec.containers;
    for (const kind of ["startupProbe", "livenessProbe"])
      expect(app[kind].httpGet, kind).to.deep.equal({ path: "/livez", port: 3000 });
    expect(app.readinessProbe.httpGet.path).to.equal("/healthz");
  });

  it("runs the gateway as a second container that stops first and alone mounts the key", async () => {
    const { spec } = await podOf();
    const [app, gateway] = spec.containers;
    expect(gateway).to.deep.include({
      name: "gateway",
      image: "docker.io/nginxinc/nginx-unprivileged:1.30.4-alpine3.24",
      command: ["nginx", "-e", "/dev/stderr", "-c", "/etc/tierstack/gateway/nginx.conf", "-g", "daemon off;"],
      resources: { requests: { cpu: "10m", memory: "40Mi" }, limits: { memory: "40Mi" } },
      lifecycle: { preStop: { sleep: { seconds: 20 } } },
    });
    expect(gateway.readinessProbe.httpGet).to.deep.equal({ path: "/healthz", port: 10443, scheme: "HTTPS" });
    expect(gateway.livenessProbe.tcpSocket).to.deep.equal({ port: 10443 });
    expect(spec.volumes).to.deep.equal([
      { name: "authority", configMap: { name: "tierstack-ca" } },
      { name: "scratch", emptyDir: { sizeLimit: "256Mi" } },
      { name: "gateway-scratch", emptyDir: { sizeLimit: "64Mi" } },
      { name: "gateway-config", configMap: { name: "app-gateway" } },
      { name: "gateway-tls", secret: { secretName: "app-gateway-tls", defaultMode: 0o440 } },
    ]);
    expect(gateway.volumeMounts.map(({ name }: { name: string }) => name)).to.deep.equal([
      "gateway-scratch",
      "gateway-config",
      "gateway-tls",
    ]);
    expect(JSON.stringify(app.volumeMounts)).not.to.contain("gateway");
  });

  it("gives the gateway a certificate of the authority and keeps its key secret", async () => {
    const all = await run();
    expect(all.inputs("authority/app-request").dnsNames).to.deep.equal([
      "app.app.svc.cluster.local",
      "app.app.svc",
      "app.app",
      "app",
    ]);
    const tls = all.at("app/gateway-tls").inputs;
    expect(tls.type).to.equal("kubernetes.io/tls");
    expect(tls.stringData).to.be.instanceOf(Secret);
    expect(all.inputs("app/gateway-tls").stringData).to.have.all.keys("tls.crt", "tls.key");
  });

  it("restarts pods when something they read at startup changes", async () => {
    const sum = async (given: Partial<AppArgs> = {}) => {
      const all = await run(given);
      // biome-ignore lint/suspicious/noExplicitAny: a test reads into inputs of any form
      const annotations = (all.at("app/deployment").inputs.spec as any).template.metadata.annotations;
      return annotations["checksum/config"];
    };
    const first = await sum();
    expect(first, "shown in the plan").to.match(/^[0-9a-f]{64}$/);
    expect(await sum({ healthPath: "/live" })).not.to.equal(first);
    expect(await sum({ maintenance: true })).not.to.equal(first);
    expect(await sum({ verifyOrigin: true })).not.to.equal(first);
  });

  it("stores the origin secret in a Secret that only the gateway mounts", async () => {
    const all = await run({ verifyOrigin: true });
    expect(all.problems).to.deep.equal([]);
    expect(all.inputs("app/origin")).to.deep.include({ length: 32, special: false });
    expect(all.outputs.originSecret).to.be.instanceOf(Secret);
    expect(all.at("app/gateway-origin").inputs.stringData).to.be.instanceOf(Secret);
    expect(all.inputs("app/gateway-origin").stringData).to.deep.equal({
      "origin.conf": '"~^password-of-app-origin$" 1;\n',
    });
    const elsewhere = all.resources.filter(({ path }) => path !== "app/gateway-origin" && path !== "app/origin");
    expect(JSON.stringify(elsewhere.map(({ path }) => all.inputs(path)))).not.to.contain("password-of-app-origin");
    const [app, gateway] = all.inputs("app/deployment").spec.template.spec.containers;
    expect(gateway.volumeMounts).to.deep.include({
      name: "gateway-origin",
      mountPath: "/etc/tierstack/origin",
      readOnly: true,
    });
    expect(JSON.stringify(app)).not.to.contain("origin");
    expect(all.at("app/deployment").dependsOn).to.include.members(["app/gateway-origin", "app/gateway-tls"]);
  });

  it("does not check the origin without verifyOrigin", async () => {
    const all = await run();
    expect(all.paths).not.to.include("app/origin").and.not.to.include("app/gateway-origin");
    expect(all.outputs.originSecret).to.equal(undefined);
    expect(JSON.stringify(all.inputs("app/deployment"))).not.to.contain("origin");
  });

  it("serves the maintenance page from the ConfigMap", async () => {
    expect((await run()).inputs("app/gateway").data).to.have.all.keys("nginx.conf");
    expect((await run({ maintenance: true })).inputs("app/gateway").data).to.have.all.keys(
      "nginx.conf",
      "maintenance.html",
    );
  });

  const metric = (name: string, averageUtilization: number) => ({
    type: "ContainerResource",
    containerResource: { name, container: "app", target: { type: "Utilization", averageUtilization } },
  });

  it("scales out immediately and in slowly, on the application's container only", async () => {
    const { spec } = (await run()).inputs("app/autoscaler");
    expect(spec).to.deep.equal({
      scaleTargetRef: { apiVersion: "apps/v1", kind: "Deployment", name: "app" },
      minReplicas: 2,
      maxReplicas: 10,
      metrics: [metric("cpu", 70)],
      behavior: {
        scaleUp: {
          stabilizationWindowSeconds: 0,
          tolerance: "0",
          selectPolicy: "Max",
          policies: [
            { type: "Percent", value: 100, periodSeconds: 15 },
            { type: "Pods", value: 4, periodSeconds: 15 },
          ],
        },
        scaleDown: {
          stabilizationWindowSeconds: 300,
          policies: [{ type: "Pods", value: 1, periodSeconds: 60 }],
          tolerance: "572m",
        },
      },
    });
  });

  it("scales on memory too where asked to", async () => {
    const { spec } = (await run({ scaleOnMemory: true })).inputs("app/autoscaler");
    expect(spec.metrics).to.deep.equal([metric("cpu", 70), metric("memory", 80)]);
  });

  it("creates the Service and the autoscaler once the pods can serve, and the pods once their files exist", async () => {
    const all = await run();
    for (const path of ["app/service", "app/autoscaler"])
      expect(all.at(path).dependsOn, path).to.include("app/deployment");
    expect(all.at("app/deployment").dependsOn).to.include.members(["app/gateway", "app/gateway-tls"]);
  });

  it("has a Service, and a disruption budget that never blocks a drain", async () => {
    const all = await run();
    expect(all.inputs("app/service").spec).to.deep.equal({
      type: "ClusterIP",
      selector,
      ports: [
        { name: "http", port: 80, targetPort: 10080 },
        { name: "https", port: 443, targetPort: 10443 },
      ],
    });
    expect(all.inputs("app/disruption-budget").spec).to.deep.equal({
      maxUnavailable: 1,
      selector: { matchLabels: selector },
      unhealthyPodEvictionPolicy: "AlwaysAllow",
    });
    expect(all.inputs("app/account")).to.deep.include({ automountServiceAccountToken: false });
  });

  it("allows ingress from the source of requests and egress to Redis", async () => {
    const all = await run({
      ingressFrom: { cidrs: ["10.20.128.0/20"] },
      egress: { storesNamespace: "data", redisCidr: "10.20.0.0/16" },
    });
    expect(all.inputs("app/ingress-policy").spec.ingress).to.deep.equal([
      { from: [{ ipBlock: { cidr: "10.20.128.0/20" } }], ports: [{ protocol: "TCP", port: 10443 }] },
    ]);
    expect(all.inputs("app/egress-policy").spec.egress).to.have.length(3);
    expect((await run()).inputs("app/egress-policy").spec.egress).to.have.length(2);
    for (const direction of ["ingress", "egress"]) {
      expect(all.inputs(`app/${direction}-policy`).spec.podSelector).to.deep.equal({ matchLabels: selector });
    }
  });

  it("allows egress to further networks and ports, never to link-local addresses", async () => {
    const others = [
      { cidr: "any", ports: [587] },
      { cidr: "203.0.113.0/24", ports: [5432, 9092] },
    ];
    const { egress } = (await run({ egress: { storesNamespace: "data", others } })).inputs("app/egress-policy").spec;
    expect(egress.slice(2)).to.deep.equal([
      {
        to: [{ ipBlock: { cidr: "0.0.0.0/0", except: ["169.254.0.0/16"] } }],
        ports: [{ protocol: "TCP", port: 587 }],
      },
      {
        to: [{ ipBlock: { cidr: "203.0.113.0/24" } }],
        ports: [5432, 9092].map((port) => ({ protocol: "TCP", port })),
      },
    ]);
  });

  it("rejects the gateway's ports", async () => {
    const failure = await run({ port: 10080 }).then(
      () => undefined,
      (error) => error,
    );
    expect(pulumi.ResourceError.isInstance(failure)).to.equal(true);
    expect(failure.message).to.equal(
      "app.port: given 10080; allowed: any port from 1024 except 10080, 10443, 10444, which the gateway in the pod uses; " +
        "fix: choose another port; the application reads it from PORT",
    );
  });

  it("throws for the origin secret without verifyOrigin", async () => {
    const failure = await recorded(() => {
      const provider = new k8s.Provider("kubernetes", {});
      return { secret: new App("app", { ...argsOf(provider), verifyOrigin: false }).originSecret };
    }).then(
      () => undefined,
      (error) => error,
    );
    expect(failure.message).to.equal("app.originSecret: exists only with verifyOrigin");
  });

  it("runs in a preview", async () => {
    const preview = await run({ verifyOrigin: true }, true);
    expect(preview.problems).to.deep.equal([]);
    expect(preview.paths).to.deep.equal((await run({ verifyOrigin: true })).paths);
  });
});
