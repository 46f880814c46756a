/** The bucket with the backups of an in-cluster Postgres, through the AWS CLI with the operator's own rights. */
import { basename } from "node:path";
import { prefixes } from "../../components/postgres/dumps/prefixes";
import { Failure } from "../failure";
import { runLocally } from "../local";

/** An object of a bucket. */
export interface Stored {
  key: string;
  bytes: number;
  /** When its upload was complete, in milliseconds since 1970. */
  modifiedMs: number;
}

/** What drills need of the bucket. Nothing is written or deleted. */
export interface Backups {
  /** The bucket with the log of a server, by the system identifier. @throws Failure where there is none */
  bucketOf(system: string): Promise<string>;
  /** Objects below a prefix, sorted by key. */
  list(bucket: string, prefix: string): Promise<Stored[]>;
  copy(bucket: string, key: string, file: string): Promise<void>;
  /** Copies those objects below a prefix into a folder whose names match one of the patterns, with `*` for anything. */
  copyMatching(bucket: string, prefix: string, patterns: readonly string[], folder: string): Promise<void>;
}

/** How the names of such buckets begin: the resource of `platform/targets/aws.ts`, to which Pulumi adds a random end. */
const bucketNames = "postgres-dumps-bucket-";

/** Answer of `s3api list-objects-v2`: nothing at all where nothing is below the prefix. */
interface Listed {
  Contents?: { Key: string; Size: number; LastModified: string }[];
}

export class AwsCli implements Backups {
  constructor(
    private readonly program = "aws",
    private readonly env: NodeJS.ProcessEnv = process.env,
  ) {}

  async bucketOf(system: string): Promise<string> {
    const names: string[] = JSON.parse(await this.run("s3api", "list-buckets", "--query", "Buckets[].Name"));
    const refusals: string[] = [];
    for (const name of names.filter((one) => one.startsWith(bucketNames)))
      try {
        if (await this.holds(name, `${prefixes.wal}/${system}/`)) return name;
      } catch (error) {
        // Another product's, perhaps. If it is this one's, the reason is told below.
        refusals.push(`; ${name} may not be looked at (${(error as Error).message})`);
      }
    throw new Failure({
      where: "buckets of the account",
      given: `none ${bucketNames}* with the log of server ${system}${refusals.join("")}`,
      allowed: "the account that the stack is in, and a server that has sent its log",
      fix: "check aws sts get-caller-identity, and docs/backups.md#see-that-they-are-made",
    });
  }

  async list(bucket: string, prefix: string): Promise<Stored[]> {
    const answer = await this.run("s3api", "list-objects-v2", "--bucket", bucket, "--prefix", prefix);
    const { Contents = [] }: Listed = JSON.parse(answer || "{}");
    return Contents.map(({ Key, Size, LastModified }) => ({
      key: Key,
      bytes: Size,
      modifiedMs: Date.parse(LastModified),
    })).sort((a, b) => (a.key < b.key ? -1 : 1));
  }

  async copy(bucket: string, key: string, file: string): Promise<void> {
    await this.run("s3", "cp", "--only-show-errors", `s3://${bucket}/${key}`, file);
  }

  async copyMatching(bucket: string, prefix: string, patterns: readonly string[], folder: string): Promise<void> {
    const includes = patterns.flatMap((pattern) => ["--include", pattern]);
    const from = `s3://${bucket}/${prefix}`;
    await this.run("s3", "cp", "--only-show-errors", "--recursive", from, folder, "--exclude", "*", ...includes);
  }

  /** Whether a bucket has an object below a prefix. @throws Error where it may not be listed */
  private async holds(bucket: string, prefix: string): Promise<boolean> {
    const answer = await this.ask(
      "s3api",
      "list-objects-v2",
      "--bucket",
      bucket,
      "--prefix",
      prefix,
      "--max-items",
      "1",
    );
    const { Contents = [] }: Listed = JSON.parse(answer || "{}");
    return Contents.length > 0;
  }

  private async run(...words: string[]): Promise<string> {
    try {
      return await this.ask(...words);
    } catch (error) {
      const command = `${basename(this.program)} ${words.slice(0, 2).join(" ")}`;
      throw this.failed(command, (error as Error).message);
    }
  }

  /** @throws Error with the last line of what the CLI says */
  private ask(...words: string[]): Promise<string> {
    return runLocally(this.program, [...words, "--output", "json"], { ...this.env, AWS_PAGER: "" });
  }

  private failed(command: string, reason: string): Failure {
    return new Failure({
      where: command,
      given: `a command that failed (${reason})`,
      allowed: "the AWS CLI, with s3:ListAllMyBuckets, and s3:ListBucket and s3:GetObject on the bucket",
      fix: "check aws sts get-caller-identity",
    });
  }
}
