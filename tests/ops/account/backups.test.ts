import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { AwsCli } from "../../../ops/account/backups";

const prefix = "postgres-dumps-bucket-";

/** The AWS CLI, in an account with some buckets: `empty` has nothing, `closed` refuses, and `full` has the log of server 42. */
class Cli {
  private readonly folder = mkdtempSync(join(tmpdir(), "tierstack-aws-"));
  private readonly program = join(this.folder, "aws");
  private readonly log = join(this.folder, "log");
  readonly backups = new AwsCli(this.program);

  constructor(...buckets: string[]) {
    const script = `#!/bin/sh
echo "$*" >> ${this.log}
case "$*" in
  "s3api list-buckets "*) echo '${JSON.stringify(buckets)}' ;;
  *${prefix}closed*) echo "An error occurred (AccessDenied) when calling the ListObjectsV2 operation: Access Denied" >&2; exit 254 ;;
  *${prefix}full*" --prefix postgres/wal/42/ "*) echo '{"Contents": [{"Key": "postgres/wal/42/1", "Size": 3}], "NextToken": "x"}' ;;
  *${prefix}empty*) echo '{"RequestCharged": null, "Prefix": "postgres/wal/42/"}' ;;
esac
`;
    writeFileSync(this.program, script);
    chmodSync(this.program, 0o755);
  }

  /** Buckets that were listed. */
  asked(): string[] {
    return [...readFileSync(this.log, "utf8").matchAll(/--bucket (\S+)/g)].map(([, name]) => name as string);
  }

  remove(): void {
    rmSync(this.folder, { recursive: true });
  }
}

describe("the bucket with the backups", () => {
  let cli: Cli;

  afterEach(() => cli.remove());

  it("is the one with the log of the server, past those that are empty, have another's, or may not be listed", async () => {
    cli = new Cli("photos", `${prefix}closed`, `${prefix}empty`, `${prefix}other`, `${prefix}full`, `${prefix}later`);
    expect(await cli.backups.bucketOf("42")).to.equal(`${prefix}full`);
    expect(cli.asked()).to.deep.equal(["closed", "empty", "other", "full"].map((name) => prefix + name));
  });

  it("is told not to be there, with the buckets that may not be listed", async () => {
    cli = new Cli(`${prefix}closed`, `${prefix}full`);
    const problem = await cli.backups.bucketOf("4").catch(({ message }: Error) => message);
    expect(problem).to.equal(
      `buckets of the account: given none ${prefix}* with the log of server 4; ${prefix}closed may not be looked at (An error ` +
        "occurred (AccessDenied) when calling the ListObjectsV2 operation: Access Denied); allowed: the account that the stack is " +
        "in, and a server that has sent its log; fix: check aws sts get-caller-identity, and docs/backups.md#see-that-they-are-made",
    );
  });
});
