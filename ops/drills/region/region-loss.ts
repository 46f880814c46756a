import { isManaged, nameOf } from "../../account/managed-stores";
import { moment, spelled } from "../../duration";
import { Failure } from "../../failure";
import type { Drill } from "../drill";
import { regionPrediction } from "../expectations";

export const regionLoss: Drill = {
  name: "region-loss",
  summary: "lose the region: is the copy of the backups in the second one new enough?",
  usage: ["region-loss"],
  about: [
    "Looks up the copies that RDS keeps in the stack's second region, and measures how far behind they are: RPO. It changes nothing. RTO " +
      "is not measured: that takes a stack in the second region, which costs what docs/drills.md#lose-the-region says. Do that once a year.",
  ],
  options: [],
  examples: [["region-loss", "how much would be lost now"]],
  stack: "scale",
  words: 0,
  prepare: async ({ world, say }) => {
    const { stack, account } = world;
    const region = stack?.backupRegion;
    const address = (await world.output?.("databaseEndpoint")) ?? "";
    if (region === undefined || !isManaged(address))
      throw new Failure({
        where: "drill region-loss",
        given: stack === undefined ? "no stack" : `stack ${stack.name}, without a database of RDS or a second region`,
        allowed: "a stack on RDS with postgres.crossRegionBackups, as Scale has it",
        fix:
          stack === undefined
            ? "name it with -s"
            : "set postgres.crossRegionBackups and backupRegion in the stack's file",
      });
    const name = nameOf(address);
    const restorableMs = await account.stores.copiedUntil(name, region);
    if (restorableMs === undefined)
      throw new Failure({
        where: `RDS in ${region}`,
        given: `no copy of the backups of ${name}`,
        allowed: "one that can be restored",
        fix: "set postgres.crossRegionBackups in the stack's file and run pulumi up; the first copy takes up to a day",
      });
    say(`Copies of the backups of ${name} are in ${region}.`);
    return {
      prediction: regionPrediction,
      what: "tell how far behind they are",
      does: async () => {
        const rpoSeconds = Math.max(0, (Date.now() - restorableMs) / 1000);
        return {
          rtoSeconds: undefined,
          rpoSeconds,
          seen: [`They can be restored until ${moment(restorableMs)}, ${spelled(rpoSeconds)} ago.`],
          wrong: [],
        };
      },
    };
  },
};
