import { expect } from "chai";
import { restorePod } from "../../../../components/postgres/restore/restore-pod";
import { images } from "../../../../versions";

describe("pod of a restore", () => {
  const pod = restorePod("shop-data");
  const { containers } = pod.spec;

  it("is of the server's image and beside the server, not behind its Service", () => {
    expect(containers.map(({ image }) => image)).to.deep.equal([images.postgres.image]);
    expect(pod.metadata.namespace).to.equal("shop-data");
    expect(pod.metadata.labels).to.include({ "app.kubernetes.io/name": "postgres-restore" });
  });

  it("has neither the server's volume nor a secret nor a token, and writes into folders of its own", () => {
    expect(pod.spec.volumes).to.deep.equal([
      { name: "restore", emptyDir: { sizeLimit: "4Gi" } },
      { name: "config", configMap: { name: "postgres" } },
      { name: "tmp", emptyDir: { sizeLimit: "16Mi" } },
    ]);
    expect(pod.spec.automountServiceAccountToken).to.equal(false);
    const paths = containers.flatMap(({ volumeMounts }) => volumeMounts.map(({ mountPath }) => mountPath));
    expect(paths).to.deep.equal(["/restore", "/etc/postgresql", "/tmp"]);
  });

  it("ends by itself", () => {
    expect(pod.spec).to.deep.include({ activeDeadlineSeconds: 86400, restartPolicy: "Never" });
  });
});
