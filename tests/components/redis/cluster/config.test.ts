import { expect } from "chai";
import { renderAuth, renderConfig } from "../../../../components/redis/cluster/config";

describe("valkey.conf", () => {
  it("is that of the only node of a cluster, with TLS and without eviction", () => {
    const text = renderConfig({
      hostname: "redis.data.svc.cluster.local",
      port: 6379,
      memoryMiB: 96,
      files: {
        data: "/data",
        auth: "/s/auth.conf",
        authority: "/ca.crt",
        certificate: "/s/tls.crt",
        key: "/s/tls.key",
      },
    });
    expect(text.split("\n")).to.deep.equal([
      "include /s/auth.conf",
      "bind * -::*",
      "port 0",
      "tls-port 6379",
      "tls-cert-file /s/tls.crt",
      "tls-key-file /s/tls.key",
      "tls-ca-cert-file /ca.crt",
      "tls-auth-clients no",
      "tls-cluster yes",
      'tls-protocols "TLSv1.2 TLSv1.3"',
      "cluster-enabled yes",
      "cluster-config-file nodes.conf",
      "cluster-announce-hostname redis.data.svc.cluster.local",
      "cluster-preferred-endpoint-type hostname",
      "cluster-require-full-coverage yes",
      "dir /data",
      "appendonly yes",
      "appendfsync everysec",
      'save ""',
      "maxmemory 32mb",
      "maxmemory-policy noeviction",
      "maxmemory-clients 25%",
      "",
    ]);
  });

  it("keeps the passwords in a part of its own, for clients without a user name", () => {
    expect(renderAuth(["new", "old"])).to.equal("user default on >new >old ~* &* +@all\n");
  });
});
