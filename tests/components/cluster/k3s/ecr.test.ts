import { spawnSync } from "node:child_process";
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { parse } from "yaml";
import { ecrPull } from "../../../../components/cluster/k3s/ecr";
import { allTasks } from "../../../../components/cluster/k3s/node-task";
import { ecrRepositoryOf } from "../../../../components/support/image-name";
import { task } from "./machine";

const registry = "123456789012.dkr.ecr.eu-west-1.amazonaws.com";
const repositories = ["acme/shop:1", "acme/mailer:2", "acme/shop:1"].flatMap(
  (image) => ecrRepositoryOf(`${registry}/${image}`) ?? [],
);

describe("pulling from ECR on a k3s node", () => {
  const { files, units, statements } = ecrPull(repositories);

  it("is a credential provider that k3s passes to the kubelet", () => {
    expect(units).to.deep.equal([]);
    expect(parse(files["/etc/rancher/k3s/config.yaml.d/ecr.yaml"] as string)).to.deep.equal({
      "image-credential-provider-bin-dir": "/usr/local/sbin",
      "image-credential-provider-config": "/etc/tierstack/image-credentials.yaml",
    });
    expect(parse(files["/etc/tierstack/image-credentials.yaml"] as string)).to.deep.equal({
      apiVersion: "kubelet.config.k8s.io/v1",
      kind: "CredentialProviderConfig",
      providers: [
        {
          name: "tierstack-ecr",
          matchImages: [registry],
          defaultCacheDuration: "6h",
          apiVersion: "credentialprovider.kubelet.k8s.io/v1",
        },
      ],
    });
  });

  it("may read the repositories of the images, and no others", () => {
    expect(statements.map(({ Action, Resource }) => [Action, Resource])).to.deep.equal([
      [["ecr:GetAuthorizationToken"], "*"],
      [
        ["ecr:BatchCheckLayerAvailability", "ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"],
        ["acme/shop", "acme/mailer"].map((name) => `arn:aws:ecr:eu-west-1:123456789012:repository/${name}`),
      ],
    ]);
  });

  it("is work of the node beside other work", () => {
    const both = allTasks([task, ecrPull(repositories)]);
    expect(Object.keys(both.files)).to.deep.equal([...Object.keys(task.files), ...Object.keys(files)]);
    expect(both.units).to.deep.equal(task.units);
    expect(both.statements).to.deep.equal([...task.statements, ...statements]);
  });

  describe("the provider", () => {
    let folder: string;
    beforeEach(() => {
      folder = mkdtempSync(join(tmpdir(), "ecr-"));
      writeFileSync(join(folder, "provider"), files["/usr/local/sbin/tierstack-ecr"] as string);
    });
    afterEach(() => rmSync(folder, { recursive: true }));

    const ask = (request: object, aws: string) => {
      writeFileSync(join(folder, "aws"), `#!/bin/bash\n${aws}\n`);
      chmodSync(join(folder, "aws"), 0o755);
      const input = `${JSON.stringify(request)}\n`;
      const env = { PATH: `${folder}:${process.env.PATH}` };
      return spawnSync("bash", [join(folder, "provider")], { input, env, encoding: "utf8" });
    };
    const request = {
      kind: "CredentialProviderRequest",
      apiVersion: "credentialprovider.kubelet.k8s.io/v1",
      image: `${registry}/acme/shop:1`,
    };

    it("answers with the password of the image's registry and region", () => {
      const { stdout, status } = ask(request, 'echo "the password of $*" | tr " " -');
      expect(status).to.equal(0);
      expect(JSON.parse(stdout)).to.deep.equal({
        apiVersion: "credentialprovider.kubelet.k8s.io/v1",
        kind: "CredentialProviderResponse",
        cacheKeyType: "Registry",
        cacheDuration: "6h",
        auth: {
          [registry]: { username: "AWS", password: "the-password-of-ecr-get-login-password---region-eu-west-1" },
        },
      });
    });

    it("fails without a password, and answers nothing", () => {
      const { stdout, status } = ask(request, "exit 254");
      expect([status, stdout]).to.deep.equal([254, ""]);
    });
  });
});
