import { type ChildProcess, execFileSync, spawnSync } from "node:child_process";
import { startMoto } from "../../../long/support/moto";
import { pythonProgram } from "../../../long/support/python";

/** The AWS CLI as PyPI has it: its first major version, which takes the same arguments as that of the node. */
const awsCli = { name: "awscli", version: "1.46.3", requirement: "awscli", program: "aws" };

/** As Pulumi names it. */
export const bucketName = "postgres-dumps-bucket-1a2b3c4";

/** A bucket of moto's, and the AWS CLI for it. */
export class Bucket {
  private constructor(
    readonly program: string,
    /** Variables of the AWS CLI. */
    readonly env: Record<string, string>,
    readonly process: ChildProcess,
  ) {}

  /** Returns a new, empty bucket; undefined where its programs cannot be installed. */
  static async start(): Promise<Bucket | undefined> {
    const program = pythonProgram(awsCli);
    const moto = await startMoto();
    if (!program || !moto) return undefined;
    const env = {
      AWS_ENDPOINT_URL: moto.url,
      AWS_ACCESS_KEY_ID: "test",
      AWS_SECRET_ACCESS_KEY: "test",
      AWS_DEFAULT_REGION: "us-east-1",
    };
    const bucket = new Bucket(program, env, moto.process);
    bucket.aws("s3", "mb", `s3://${bucketName}`);
    return bucket;
  }

  /** Runs the AWS CLI. Returns what it printed. */
  aws(...words: string[]): string {
    return execFileSync(this.program, words, { env: { PATH: process.env.PATH, ...this.env }, encoding: "utf8" });
  }

  /** Keys below a prefix, sorted. */
  keys(prefix: string): string[] {
    const words = ["s3", "ls", "--recursive", `s3://${bucketName}/${prefix}`];
    const { stdout } = spawnSync(this.program, words, {
      env: { PATH: process.env.PATH, ...this.env },
      encoding: "utf8",
    });
    return stdout
      .split("\n")
      .flatMap((line) => line.split(/\s+/)[3] ?? [])
      .sort();
  }

  /** Copies an object, or what is below a prefix, to a file or folder. */
  get(key: string, path: string): void {
    this.aws(
      "s3",
      "cp",
      "--only-show-errors",
      ...(key.endsWith("/") ? ["--recursive"] : []),
      `s3://${bucketName}/${key}`,
      path,
    );
  }

  stop(): void {
    this.process.kill("SIGKILL");
  }
}
