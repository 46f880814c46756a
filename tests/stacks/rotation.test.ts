import { expect } from "chai";
import { changesBetween } from "../../planner/move/changes";
import { type Plan, planStack } from "../../planner/plan";
import { readProject, readStack } from "../../planner/stacks";
import type { Program } from "../../platform/program";
import { tierNames } from "../../tiers";
import { testProject } from "../support/project";

const program = require("../../index") as Program;

async function planAt(stack: string, rotation: number): Promise<Plan> {
  const project = readProject(testProject());
  const settings = readStack(project, stack);
  Object.assign(settings.config, { "tierstack:passwordRotation": String(rotation) });
  return (await planStack(project, settings, program)).plan;
}

const credentials = (names: string[]) => names.map((name) => `tierstack/${name}`).sort();

/** What a rotation makes anew: the half of each pair whose turn it is, and the exporter's password. */
const turns = {
  1: ["postgres/app-b-password", "postgres/app-b-salt", "postgres/superuser-b-password", "postgres/superuser-b-salt"],
  2: ["postgres/app-password", "postgres/app-salt", "postgres/superuser-password", "postgres/superuser-salt"],
};
const exporter = ["postgres/pgbouncer/stats-password", "postgres/pgbouncer/stats-salt"];

for (const tier of tierNames)
  describe(`rotation of the passwords of ${tier}`, () => {
    const plans: Plan[] = [];

    before(async function () {
      this.timeout(60_000);
      for (const rotation of [0, 1, 2]) plans.push(await planAt(tier, rotation));
    });

    const changes = (to: 1 | 2) => changesBetween((plans[to - 1] as Plan).resources, (plans[to] as Plan).resources);

    for (const to of [1, 2] as const)
      it(`${to - 1} -> ${to} makes one half of each pair anew and the suffix of what the pods read, and no other credential`, () => {
        const generated = changes(to).filter(({ type }) => type.startsWith("random:"));
        expect(generated.map(({ path }) => path)).to.deep.equal(
          credentials([
            "app-environment/secret-suffix",
            ...turns[to],
            ...exporter,
            `redis/password${to === 1 ? "-b" : ""}`,
          ]),
        );
        for (const { properties } of generated)
          expect(properties.map(({ property }) => property.split(".")[0])).to.deep.equal(["keepers"]);
      });

    it("runs the bootstrap's Job and rolls what reads a password, and changes nothing else", () => {
      const others = changes(1).filter(({ type }) => !type.startsWith("random:"));
      const paths = others.map(({ path, action }) => `${action} ${path.replace("tierstack/", "")}`);
      const [inCluster, managed] = [tier === "mvp" || tier === "startup", tier !== "mvp"];
      const queued = others.some(({ path }) => path === "tierstack/workers/queues-secret");
      const pools = others.filter(({ path }) => path.startsWith("tierstack/workers/pool-"));
      expect(queued).to.equal(tier === "growth" || tier === "scale");
      expect(pools).to.have.length.above(0);
      expect(paths).to.have.members([
        "replace app-environment/secret",
        "update app/deployment",
        "replace postgres/bootstrap/job",
        ...["credentials", "pgbouncer/deployment", "pgbouncer/exporter", "pgbouncer/users"].map(
          (path) => `update postgres/${path}`,
        ),
        ...(managed ? ["update postgres/primary", "update redis/cluster"] : []),
        ...(inCluster ? ["update redis/secret", "update redis/server"] : []),
        ...(queued ? ["update workers/queues-secret"] : []),
        ...pools.map(({ path }) => `update ${path.slice(10)}`),
      ]);
    });

    it("carries a password to the environment of the pods, and to a new name of it", () => {
      const change = (path: string) => changes(1).find((one) => one.path === `tierstack/${path}`);
      expect(change("app-environment/secret")).to.include({ cause: "tierstack/app-environment/secret-suffix" });
      const read = change("postgres/credentials");
      expect(read?.properties).to.deep.equal([
        { property: "data", before: "[secret]", after: "[unknown]", replaces: false },
      ]);
    });

    it("is refused by more than one at a time, and back", () => {
      for (const [from, to] of [
        [0, 2],
        [2, 1],
        [1, 0],
      ] as const) {
        const refused = changesBetween((plans[from] as Plan).resources, (plans[to] as Plan).resources).filter(
          ({ action }) => action === "refused",
        );
        expect(refused.map(({ path }) => path)).to.deep.equal(["tierstack/postgres/pgbouncer/stats-password"]);
        expect(refused[0]?.reason).to.contain(`passwordRotation ${from} -> ${to}: `);
      }
    });

    it("never replaces, deletes or stops what holds data", () => {
      for (const to of [1, 2] as const) {
        const data = changes(to).filter((change) => change.data);
        expect(data.filter(({ action }) => action !== "update")).to.deep.equal([]);
        // RDS and ElastiCache change a password while they serve; Valkey reads its passwords at its start.
        const stays = data.filter(({ downtime }) => downtime === undefined).map(({ path }) => path);
        expect(stays).to.deep.equal(tier === "mvp" ? [] : ["tierstack/postgres/primary", "tierstack/redis/cluster"]);
        const stops = data.filter(({ downtime }) => downtime !== undefined).map(({ path }) => path);
        expect(stops).to.deep.equal(tier === "mvp" || tier === "startup" ? ["tierstack/redis/server"] : []);
      }
    });
  });
