import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { type AddressInfo, createServer, type Server } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { STS } from "@aws-sdk/client-sts";
import { expect } from "chai";
import { credentialsTask, NodeIdentity } from "../../../components/identity/node-identity";
import type { IamPolicy } from "../../../components/identity/policy";
import { recorded, Secret } from "../../support/record";

const policy: IamPolicy = {
  Version: "2012-10-17",
  Statement: { Effect: "Allow", Action: "s3:GetObject", Resource: "arn:aws:s3:::acme-uploads/*" },
};
const roleArn = "arn:aws:iam::123456789012:role/app";
const token = "the-token-of-the-pods";
const sha256 = (text: string) => createHash("sha256").update(text).digest("hex");

async function run(preview = false) {
  let made: NodeIdentity | undefined;
  const record = await recorded(
    () => {
      const args = { accountId: "123456789012", region: "eu-west-1", project: "shop", stack: "prod", policy };
      made = new NodeIdentity("identity", args);
      return { token: made.secrets.AWS_CONTAINER_AUTHORIZATION_TOKEN, task: made.task };
    },
    { preview },
  );
  return { record, made: made as NodeIdentity };
}

describe("NodeIdentity", () => {
  it("is a role with the user's policy, for roles of the stack that may take it", async () => {
    const { record } = await run();
    expect(record.problems).to.deep.equal([]);
    expect(record.paths).to.deep.equal(["identity", "identity/policy", "identity/role", "identity/token"]);
    expect(JSON.parse(record.inputs("identity/policy").policy)).to.deep.equal(policy);
    expect(JSON.parse(record.inputs("identity/role").assumeRolePolicy)).to.deep.equal({
      Version: "2012-10-17",
      Statement: [
        {
          Effect: "Allow",
          Principal: { AWS: "arn:aws:iam::123456789012:root" },
          Action: "sts:AssumeRole",
          Condition: {
            StringEquals: { "aws:PrincipalTag/tierstack:project": "shop", "aws:PrincipalTag/tierstack:stack": "prod" },
          },
        },
      ],
    });
  });

  it("gives pods a token, which the node knows by its hash only", async () => {
    const { record, made } = await run();
    expect(made.environment).to.deep.equal({
      AWS_REGION: "eu-west-1",
      AWS_CONTAINER_CREDENTIALS_FULL_URI: "http://169.254.170.23:9400/v1/credentials",
    });
    expect(made.port).to.equal(9400);
    const { token: given, task } = record.outputs as { token: Secret; task: { files: Record<string, string> } };
    expect(given).to.be.instanceOf(Secret);
    const files = JSON.stringify(task.files);
    expect(files).to.not.contain(given.value);
    expect(files).to.contain(sha256(String(given.value)));
    expect((await run(true)).record.problems).to.deep.equal([]);
  });
});

describe("credentials on a k3s node", () => {
  const task = credentialsTask("eu-west-1", roleArn, sha256(token));

  it("are work of the node, which may take this role and no other", () => {
    expect(task.units).to.deep.equal(["tierstack-credentials.socket", "tierstack-credentials-refresh.timer"]);
    expect(task.statements).to.deep.equal([
      { Sid: "PodRole", Effect: "Allow", Action: ["sts:AssumeRole"], Resource: roleArn },
    ]);
    expect(Object.keys(task.files)).to.deep.equal([
      "/usr/local/sbin/tierstack-credentials",
      "/etc/systemd/system/tierstack-credentials.socket",
      "/etc/systemd/system/tierstack-credentials@.service",
      "/etc/systemd/system/tierstack-credentials-refresh.service",
      "/etc/systemd/system/tierstack-credentials-refresh.timer",
    ]);
    expect(task.files["/etc/systemd/system/tierstack-credentials.socket"]).to.equal(
      [
        "[Unit]",
        "Description=Credentials of the application's pods",
        "",
        "[Socket]",
        "ExecStartPre=/usr/sbin/ip address replace 169.254.170.23/32 dev lo",
        "ListenStream=169.254.170.23:9400",
        "Accept=yes",
        "MaxConnections=64",
      ].join("\n"),
    );
  });

  describe("the program", () => {
    let folder: string;
    let script: string;
    let server: Server | undefined;
    const children: ChildProcess[] = [];
    beforeEach(() => {
      folder = mkdtempSync(join(tmpdir(), "credentials-"));
      script = join(folder, "program");
      writeFileSync(script, task.files["/usr/local/sbin/tierstack-credentials"] as string);
    });
    afterEach(() => {
      server?.close();
      server = undefined;
      for (const child of children.splice(0)) child.kill();
      rmSync(folder, { recursive: true });
    });

    const environment = () => ({ PATH: `${folder}:${process.env.PATH}`, ROOT: folder });
    const refresh = (aws: string) => {
      writeFileSync(join(folder, "aws"), `#!/bin/bash\n${aws}\n`);
      chmodSync(join(folder, "aws"), 0o755);
      return spawnSync("bash", [script, "refresh"], { env: environment(), encoding: "utf8" });
    };
    const file = () => join(folder, "run", "tierstack", "credentials.json");
    const hold = (content: object) => {
      mkdirSync(join(folder, "run", "tierstack"), { recursive: true });
      writeFileSync(file(), JSON.stringify(content));
    };
    const ask = (request: string) => {
      const { stdout, status } = spawnSync("bash", [script, "serve"], {
        input: request.replaceAll("\n", "\r\n"),
        env: environment(),
        encoding: "utf8",
      });
      expect(status).to.equal(0);
      return stdout;
    };
    const get = (path: string, header: string) => ask(`GET ${path} HTTP/1.1\nHost: 169.254.170.23:9400\n${header}\n\n`);

    it("takes the role and keeps the credentials for root only", () => {
      expect(refresh('echo "$*"').status).to.equal(0);
      expect(readFileSync(file(), "utf8")).to.equal(
        `sts assume-role --region eu-west-1 --role-arn ${roleArn} --role-session-name app --duration-seconds 3600 ` +
          "--query Credentials.{AccessKeyId: AccessKeyId, SecretAccessKey: SecretAccessKey, Token: SessionToken, " +
          "Expiration: Expiration} --output json\n",
      );
      expect(statSync(file()).mode & 0o777).to.equal(0o600);
    });

    it("keeps the last credentials where AWS gives no new ones", () => {
      hold({ AccessKeyId: "last" });
      expect(refresh("echo half; exit 254").status).to.equal(254);
      expect(JSON.parse(readFileSync(file(), "utf8"))).to.deep.equal({ AccessKeyId: "last" });
    });

    it("answers pods that know the token", () => {
      hold({ AccessKeyId: "key" });
      expect(get("/v1/credentials", `authorization: ${token}`)).to.equal(
        "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 21\r\nConnection: close\r\n\r\n" +
          '{"AccessKeyId":"key"}',
      );
    });

    it("answers nobody else, and nothing else", () => {
      const firstLine = (answer: string) => answer.split("\r\n")[0];
      expect(firstLine(get("/v1/credentials", `Authorization: ${token}`))).to.equal("HTTP/1.1 503 Service Unavailable");
      hold({ AccessKeyId: "key" });
      const refused: [answer: string, status: string][] = [
        [get("/v1/credentials", "Accept: */*"), "401 Unauthorized"],
        [get("/v1/credentials", "Authorization: guess"), "401 Unauthorized"],
        [get("/v1/credentials", `X-Authorization: ${token}`), "401 Unauthorized"],
        [get("/latest/meta-data", `Authorization: ${token}`), "404 Not Found"],
        [ask(`PUT /v1/credentials HTTP/1.1\nAuthorization: ${token}\n\n`), "404 Not Found"],
      ];
      for (const [answer, status] of refused) {
        expect(firstLine(answer)).to.equal(`HTTP/1.1 ${status}`);
        expect(answer).to.not.contain("AccessKeyId");
      }
      expect(ask("")).to.equal("");
    });

    it("is what an AWS SDK expects of a container's credentials", async () => {
      const Expiration = new Date(Date.now() + 3_600_000).toISOString();
      hold({ AccessKeyId: "AKIAEXAMPLE", SecretAccessKey: "secret", Token: "session", Expiration });
      // As systemd does with Accept=yes: a process for each connection.
      server = createServer((socket) => {
        const child = spawn("bash", [script, "serve"], { env: environment() });
        children.push(child);
        socket.pipe(child.stdin);
        child.stdout.pipe(socket);
        child.stdin.on("error", () => {});
      });
      await new Promise<void>((resolve) => server?.listen(0, "127.0.0.1", resolve));
      const { port } = server.address() as AddressInfo;
      const before = { ...process.env };
      for (const key of Object.keys(process.env)) if (key.startsWith("AWS_")) delete process.env[key];
      Object.assign(process.env, {
        AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: "true",
        AWS_CONFIG_FILE: join(folder, "none"),
        AWS_SHARED_CREDENTIALS_FILE: join(folder, "none"),
        AWS_CONTAINER_CREDENTIALS_FULL_URI: `http://127.0.0.1:${port}/v1/credentials`,
        AWS_CONTAINER_AUTHORIZATION_TOKEN: token,
      });
      try {
        const found = await new STS({ region: "eu-west-1" }).config.credentials();
        expect(found).to.include({ accessKeyId: "AKIAEXAMPLE", secretAccessKey: "secret", sessionToken: "session" });
        expect(found.expiration?.toISOString()).to.equal(Expiration);
      } finally {
        for (const key of Object.keys(process.env)) if (!(key in before)) delete process.env[key];
        Object.assign(process.env, before);
      }
    });
  });
});
