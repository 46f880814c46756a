import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { existingNamespace } from "../../../components/namespaces/namespace";
import { reveal } from "../../../planner/record/values";
import { images } from "../../../versions";
import { Secret } from "../../support/record";
import { run, sizeOf } from "./support";

const inCluster = ["config", "data", "policy", "secret", "server", "service"].map((name) => `redis/${name}`);
const managed = ["access", "access-from-eks", "cluster", "final-snapshot", "parameters-valkey8", "subnets"].map(
  (n) => `redis/${n}`,
);
const selector = { "app.kubernetes.io/name": "redis", "app.kubernetes.io/part-of": "tierstack" };
const keep = { cluster: false, managed: false };

describe("Redis", () => {
  it("declares the place in use, and one that is kept", async () => {
    const declared = async (...args: Parameters<typeof run>) => {
      const { paths, problems } = await run(...args);
      expect(problems).to.deep.equal([]);
      return paths.filter((path) => path.startsWith("redis/") && !path.startsWith("redis/password"));
    };
    expect(await declared(sizeOf("cluster"))).to.deep.equal(inCluster);
    expect(await declared(sizeOf("managed"))).to.deep.equal(managed);
    const both = [...inCluster, ...managed].sort();
    expect(await declared(sizeOf("managed"), { keep: { ...keep, cluster: true } })).to.deep.equal(both);
    expect(await declared(sizeOf("cluster"), { keep: { ...keep, managed: true } })).to.deep.equal(both);
  });

  it("puts Kubernetes objects into the data namespace, through the cluster's provider", async () => {
    const all = await run(sizeOf("cluster"));
    for (const path of inCluster) {
      expect(all.at(path), path).to.deep.include({ provider: "kubernetes", parent: "redis" });
      const { metadata } = all.inputs(path);
      expect(metadata.namespace, path).to.equal("data");
      expect(metadata.name, path).to.equal(path === "redis/data" ? "redis-data" : "redis");
      expect(metadata.labels, path).to.include(selector);
    }
  });

  it("has one password, a secret, and a URL of one shape for either place", async () => {
    const cluster = await run(sizeOf("cluster"));
    expect(cluster.inputs("redis/password")).to.deep.equal({ length: 32, special: false });
    expect(reveal(cluster.outputs.password)).to.equal("password-of-redis-password");
    const managedStore = await run(sizeOf("managed"));
    const hosts = {
      cluster: "redis.data.svc.cluster.local",
      managed: "clustercfg.redis-cluster.example.use1.cache.amazonaws.com",
    };
    for (const [all, host] of [
      [cluster, hosts.cluster],
      [managedStore, hosts.managed],
    ] as const) {
      expect(all.outputs.host).to.equal(host);
      expect(all.outputs.address).to.equal(`${host}:6379`);
      for (const secret of ["password", "redisUrl"]) expect(all.outputs[secret]).to.be.instanceOf(Secret);
      const { password, redisUrl } = reveal(all.outputs) as Record<string, string>;
      expect(redisUrl).to.equal(`rediss://:${password}@${host}:6379`);
    }
  });

  it("keeps the URL on the place in use while the other is kept", async () => {
    const up = await run(sizeOf("managed"), { keep: { ...keep, cluster: true } });
    expect(up.outputs.host).to.match(/amazonaws/);
    const down = await run(sizeOf("cluster"), { keep: { ...keep, managed: true } });
    expect(down.outputs.host).to.equal("redis.data.svc.cluster.local");
  });

  it("plans with every computed output unknown", async () => {
    const all = await run(sizeOf("managed"), { keep: { ...keep, cluster: true } }, true);
    expect(all.problems).to.deep.equal([]);
    expect(all.paths).to.include.members([...inCluster, ...managed]);
    expect(all.inputs("redis/cluster").authToken).to.equal("[unknown]");
  });

  it("rotates by turns: clients get the new password, and the server accepts the one before too", async () => {
    const at = async (passwordRotation: number, place: "cluster" | "managed" = "cluster") =>
      run(sizeOf(place), { passwordRotation });
    const passwordOf = async (rotation: number) => reveal((await at(rotation)).outputs.password);
    expect(await passwordOf(1)).to.equal("password-of-redis-password-b");
    expect(await passwordOf(2)).to.equal("password-of-redis-password");
    const first = (await at(1)).inputs("redis/secret").stringData;
    expect(first.password).to.equal("password-of-redis-password-b");
    expect(first["auth.conf"]).to.equal(
      "user default on >password-of-redis-password-b >password-of-redis-password ~* &* +@all\n",
    );
    const group = (await at(1, "managed")).inputs("redis/cluster");
    expect(group).to.include({ authToken: "password-of-redis-password-b", authTokenUpdateStrategy: "ROTATE" });
  });

  it("tells its clients the network of the managed store, in use or kept, and none of the in-cluster one", async () => {
    expect((await run(sizeOf("managed"))).outputs.cidr).to.equal("10.20.0.0/16");
    const kept = await run(sizeOf("cluster"), { keep: { ...keep, managed: true } });
    expect(kept.outputs.cidr).to.equal("10.20.0.0/16");
    expect((await run(sizeOf("cluster"))).outputs.cidr).to.equal(undefined);
  });

  it("refuses a managed store without a network", async () => {
    const message = async (...args: Parameters<typeof run>) =>
      run(...args).then(
        () => "no error",
        (error) => String(error.message),
      );
    expect(await message(sizeOf("managed"), { network: undefined })).to.equal(
      "redis.network: given nothing; allowed: a VPC and the security group of the cluster: the managed store is " +
        "created there; fix: pass network, or use the in-cluster store",
    );
    expect(await message(sizeOf("cluster"), { network: undefined })).to.equal("no error");
  });

  it("lets in the namespaces it is told, and no other", async () => {
    const all = await run(sizeOf("cluster"), { clientNamespaces: ["shop"] });
    expect(all.inputs("redis/policy").spec.ingress).to.deep.equal([
      {
        from: [{ namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": "shop" } } }],
        ports: [{ protocol: "TCP", port: 6379 }],
      },
    ]);
  });

  it("carries its own namespace in its host, certificate and objects", async () => {
    const all = await run(sizeOf("cluster"), { namespace: existingNamespace("shop-data") });
    expect(all.outputs.host).to.equal("redis.shop-data.svc.cluster.local");
    expect(all.inputs("authority/redis-request").dnsNames).to.include("redis.shop-data.svc");
    expect(all.inputs("redis/config").data["valkey.conf"]).to.contain(
      "cluster-announce-hostname redis.shop-data.svc.cluster.local\n",
    );
    const namespaces = all.resources
      .filter(({ type }) => type.startsWith("kubernetes:"))
      .map(({ path }) => all.inputs(path).metadata.namespace);
    expect(new Set(namespaces)).to.deep.equal(new Set(["shop-data"]));
  });
});

describe("Redis in the cluster", () => {
  it("holds data: protected in use, left alone when only kept", async () => {
    const active = await run(sizeOf("cluster"));
    const kept = await run(sizeOf("managed"), { keep: { ...keep, cluster: true } });
    for (const path of ["redis/data", "redis/server"]) {
      expect(active.at(path).options, path).to.include({ protect: true, retainOnDelete: true });
      expect(kept.at(path).options, path).to.include({ protect: false, retainOnDelete: true });
    }
    expect(active.at("redis/data").options.ignoreChanges).to.deep.equal([]);
    expect(kept.at("redis/data").options.ignoreChanges).to.deep.equal(["spec"]);
    const others = active.resources.filter(({ options }) => options.protect || options.retainOnDelete);
    expect(others.map(({ path }) => path)).to.deep.equal(["redis/data", "redis/server"]);
  });

  it("keeps its data on a claim of its own, of the cluster's class", async () => {
    const { metadata, spec } = (await run(sizeOf("cluster"))).inputs("redis/data");
    expect(spec).to.deep.equal({ accessModes: ["ReadWriteOnce"], resources: { requests: { storage: "2Gi" } } });
    expect(metadata.annotations).to.deep.equal({ "pulumi.com/skipAwait": "true" });
    const cluster = {
      kind: "existing" as const,
      provider: undefined as never,
      storageClass: "fast",
      securityGroupId: undefined,
    };
    const classed = await run(sizeOf("cluster"), { cluster });
    expect(classed.inputs("redis/data").spec.storageClassName).to.equal("fast");
  });

  it("keeps secrets in the Secret only", async () => {
    const all = await run(sizeOf("cluster"));
    const password = String(reveal(all.outputs.password));
    expect(all.at("redis/secret").inputs.stringData).to.be.instanceOf(Secret);
    expect(all.inputs("redis/secret").stringData).to.deep.equal({
      password,
      "auth.conf": `user default on >${password} >password-of-redis-password-b ~* &* +@all\n`,
      "tls.crt": "authority/redis-certificate.certPem",
      "tls.key": "authority/redis-key.privateKeyPem",
    });
    const { data } = all.inputs("redis/config");
    expect(Object.keys(data)).to.have.members(["valkey.conf", "valkey.sh", "ca.crt"]);
    expect(data["ca.crt"]).to.equal("authority/certificate.certPem");
    expect(data["valkey.sh"]).to.equal(
      readFileSync(join(__dirname, "../../../components/redis/cluster/valkey.sh"), "utf8"),
    );
    expect(data["valkey.conf"]).to.contain("include /etc/valkey/secret/auth.conf\n").and.contain("maxmemory 32mb\n");
    for (const path of ["redis/server", "redis/config"])
      expect(JSON.stringify(all.inputs(path)), path).not.to.contain(password);
  });

  it("has a certificate for its names", async () => {
    expect((await run(sizeOf("cluster"))).inputs("authority/redis-request").dnsNames).to.deep.equal([
      "redis.data.svc.cluster.local",
      "redis.data.svc",
      "redis.data",
      "redis",
      "localhost",
    ]);
  });

  it("runs one restricted pod", async () => {
    const { spec } = (await run(sizeOf("cluster"))).inputs("redis/server");
    expect(spec).to.deep.include({ podManagementPolicy: "Parallel", replicas: 1, serviceName: "redis" });
    expect(spec.selector).to.deep.equal({ matchLabels: selector });
    expect(spec).not.to.have.property("volumeClaimTemplates");
    const pod = spec.template.spec;
    expect(pod).to.deep.include({
      automountServiceAccountToken: false,
      enableServiceLinks: false,
      terminationGracePeriodSeconds: 60,
      securityContext: {
        runAsNonRoot: true,
        runAsUser: 999,
        runAsGroup: 999,
        fsGroup: 999,
        fsGroupChangePolicy: "OnRootMismatch",
        seccompProfile: { type: "RuntimeDefault" },
      },
    });
    const [container, ...others] = pod.containers;
    expect(others).to.deep.equal([]);
    expect(container).to.deep.include({
      image: images.valkey.image,
      command: ["sh", "/etc/valkey/config/valkey.sh", "start"],
      resources: { requests: { cpu: "50m", memory: "96Mi" }, limits: { memory: "96Mi" } },
      securityContext: {
        allowPrivilegeEscalation: false,
        privileged: false,
        readOnlyRootFilesystem: true,
        runAsNonRoot: true,
        capabilities: { drop: ["ALL"] },
        seccompProfile: { type: "RuntimeDefault" },
      },
    });
    expect(container.env).to.deep.equal([
      { name: "VALKEY_CONFIG", value: "/etc/valkey/config/valkey.conf" },
      { name: "VALKEY_PORT", value: "6379" },
      { name: "VALKEY_CA", value: "/etc/tierstack/ca/ca.crt" },
      { name: "VALKEY_PASSWORD_FILE", value: "/etc/valkey/secret/password" },
    ]);
    const question = (probe: { exec: { command: string[] } }) => probe.exec.command.at(-1);
    expect(question(container.startupProbe)).to.equal("ready");
    expect(question(container.readinessProbe)).to.equal("ready");
    expect(question(container.livenessProbe)).to.equal("live");
    expect(pod.volumes).to.deep.equal([
      { name: "data", persistentVolumeClaim: { claimName: "redis-data" } },
      { name: "config", configMap: { name: "redis" } },
      { name: "secret", secret: { secretName: "redis", defaultMode: 0o440 } },
      { name: "authority", configMap: { name: "redis", items: [{ key: "ca.crt", path: "ca.crt" }] } },
    ]);
    const mounts = Object.fromEntries(
      container.volumeMounts.map(({ name, ...mount }: { name: string }) => [name, mount]),
    );
    expect(mounts).to.deep.equal({
      data: { mountPath: "/data" },
      config: { mountPath: "/etc/valkey/config", readOnly: true },
      secret: { mountPath: "/etc/valkey/secret", readOnly: true },
      authority: { mountPath: "/etc/tierstack/ca", readOnly: true },
    });
  });

  it("restarts its pod when what it reads changes", async () => {
    const checksumOf = async (memoryMiB: number) => {
      const size = sizeOf("cluster");
      const container = { ...size.cluster.container, memoryMiB };
      const all = await run({ ...size, cluster: { ...size.cluster, container } });
      return all.inputs("redis/server").spec.template.metadata.annotations["checksum/config"];
    };
    expect(await checksumOf(96)).to.match(/^[0-9a-f]{64}$/);
    expect(await checksumOf(96)).to.equal(await checksumOf(96));
    expect(await checksumOf(96)).not.to.equal(await checksumOf(128));
  });

  it("has a headless Service, and opens to the application and KEDA only", async () => {
    const all = await run(sizeOf("cluster"));
    expect(all.inputs("redis/service").spec).to.deep.equal({
      clusterIP: "None",
      selector,
      ports: [{ name: "redis", port: 6379, targetPort: "redis" }],
    });
    const from = ["app", "keda"].map((name) => ({
      namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": name } },
    }));
    expect(all.inputs("redis/policy").spec).to.deep.equal({
      podSelector: { matchLabels: selector },
      policyTypes: ["Ingress"],
      ingress: [{ from, ports: [{ protocol: "TCP", port: 6379 }] }],
    });
  });
});
