import { Pods } from "../../tests/data/support/pods";
import { replicaHost } from "../../tests/long/support/postgres";
import { tiers } from "../../tiers";
import { type Case, type Load, sideBySide, throughput, withServer } from "./case";

/** Cores of each database server. */
const cores = 0.4;
const readers = 40;
const writers = 10;

/** What a read replica adds, each server with CPU time of its own, while others write. */
export const replica: Case = {
  name: "replica",
  run: (progress) =>
    withServer(tiers.growth, async (server, cpu) => {
      const copy = await server.startReplica();
      for (const instance of [server.primary, copy]) cpu.limit(instance, cores);
      const side = async (readHosts: string[]) => {
        const ports = (await Pods.start({ server, readHosts })).ready.map(({ port }) => port);
        const reads = ports.map(
          (port): Load => ({ port, database: "app_ro", clients: readers / ports.length, script: "select-only" }),
        );
        const writes = ports.map((port): Load => ({ port, clients: writers / ports.length, script: "tpcb-like" }));
        return () => throughput(server, reads, writes);
      };
      const sides = { alone: await side([]), replicated: await side([replicaHost]) };
      const { alone, replicated } = await sideBySide(sides, progress);
      return (["reads", "writes"] as const).map((what, at) => ({
        what: `with a replica / without: ${what} of ${readers} readers and ${writers} writers, ${cores} cores a server`,
        ratio: (replicated[at] as number) / (alone[at] as number),
        detail: `${replicated[at]?.toFixed(0)} / ${alone[at]?.toFixed(0)} a second`,
      }));
    }),
};
