import { Pods } from "../../tests/data/support/pods";
import { tiers } from "../../tiers";
import { type Case, type Load, type Result, sideBySide, throughput, withServer } from "./case";

const clients = 100;
/** Of direct Postgres with the same clients. */
const wanted = 0.8;

/** Where Postgres runs: with everything else on the machine's cores, or with so many cores of its own. */
const places = [
  { cores: undefined, where: "all on the same cores" },
  { cores: 0.7, where: "Postgres with 0.7 cores of its own" },
];
const scripts = [
  ["tpcb-like", "mixed transactions"],
  ["select-only", "reads of a row"],
] as const;

/** Spreads the clients over some ports. */
function spread(ports: number[], script: Load["script"]): Load[] {
  const share = (part: number) => Math.floor((part * clients) / ports.length);
  return ports.map((port, index) => ({ port, clients: share(index + 1) - share(index), script }));
}

/** What PgBouncer costs, where Postgres could serve the clients without it. */
export const pooling: Case = {
  name: "pooling",
  async run(progress) {
    const results: Result[] = [];
    for (const { cores, where } of places)
      await withServer(tiers.scale, async (server, cpu) => {
        if (cores !== undefined) cpu.limit(server.primary, cores);
        const pods = (await Pods.start({ server })).ready.map(({ port }) => port);
        const servers = pods.map(() => server.ports.server);
        for (const [script, what] of scripts) {
          const sides = {
            direct: () => throughput(server, spread(servers, script)),
            pooled: () => throughput(server, spread(pods, script)),
          };
          const rates = await sideBySide(sides, (step) => progress(`${what}, ${where}, ${step}`));
          const [pooled, direct] = [rates.pooled[0] as number, rates.direct[0] as number];
          results.push({
            what: `${clients} clients through PgBouncer / direct: ${what}, ${where}`,
            ratio: pooled / direct,
            wanted,
            detail: `${pooled.toFixed(0)} / ${direct.toFixed(0)} a second`,
          });
        }
      });
    return results;
  },
};
