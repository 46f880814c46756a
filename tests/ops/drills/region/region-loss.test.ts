import { expect } from "chai";
import { drills } from "../../../../ops/drills/drills";
import { noAccount } from "../../../support/no-account";
import { Cluster } from "../../cluster";
import { runOn } from "../../world";

const stack = { name: "scale", maintenance: false, backupRegion: "us-west-2" };
const output = async () => "shop-1.abc.us-east-1.rds.amazonaws.com:5432";

describe("drill region-loss", () => {
  /** Runs it with copies that are so many minutes behind. */
  const behind = (minutes: number | undefined, given: object = {}) => {
    const asked: string[][] = [];
    const copiedUntil = async (...words: string[]) => {
      asked.push(words);
      return minutes === undefined ? undefined : Date.now() - minutes * 60_000;
    };
    const account = { ...noAccount, stores: { ...noAccount.stores, copiedUntil } };
    return runOn({ program: drills, kube: new Cluster(), stack, output, account, ...given }, "region-loss").then(
      (run) => ({
        ...run,
        asked,
      }),
    );
  };

  it("measures how far the copies in the second region are behind, and asks nobody, for it changes nothing", async () => {
    const { code, stdout, asked } = await behind(7, { agrees: false });
    expect([code, asked]).to.deep.equal([0, [["shop-1", "us-west-2"]]]);
    expect(stdout).to.match(
      /^Copies of the backups of shop-1 are in us-west-2\.\nPrediction: RTO at most 4 h, RPO at most 30 min\.\n/,
    );
    expect(stdout).to.match(/Measured: RTO not seen from here, RPO 7 min( 1 s)?\.\nAs predicted\.\n$/);
  });

  it("ends with 1 where they are further behind than predicted, or where there are none", async () => {
    const { code, stdout } = await behind(60);
    expect(code).to.equal(1);
    expect(stdout).to.match(/- RPO was 1 h( 1 s)?, predicted at most 30 min\n$/);
    expect(await behind(undefined)).to.deep.include({
      code: 1,
      stderr:
        "RDS in us-west-2: given no copy of the backups of shop-1; allowed: one that can be restored; fix: set " +
        "postgres.crossRegionBackups in the stack's file and run pulumi up; the first copy takes up to a day\n",
    });
  });

  it("refuses a product without a stack, or without a database of RDS", async () => {
    const { code, stderr } = await behind(7, { stack: undefined, output: undefined });
    expect([code, stderr]).to.deep.equal([
      1,
      "drill region-loss: given no stack; allowed: a stack on RDS with postgres.crossRegionBackups, as Scale has it; fix: name it " +
        "with -s\n",
    ]);
    const inCluster = async () => "postgres.data.svc.cluster.local:5432";
    expect((await behind(7, { output: inCluster })).stderr).to.contain("without a database of RDS or a second region");
  });
});
