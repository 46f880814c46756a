import { expect } from "chai";
import { changesBetween } from "../../../planner/move/changes";
import { phasesOf } from "../../../planner/move/phases";
import { tierNames } from "../../../tiers";
import { planned } from "../../support/planned";

const titles = (from: (typeof tierNames)[number], to: (typeof tierNames)[number]) =>
  phasesOf({ stack: "prod", project: "shop", from, to, changes: [] }).map(({ title }) => title);

const note = "Note the address of Redis";
const moved = "Move keys and jobs to the new Redis (docs/queues.md#move)";
const fits = "Check that the database fits (docs/handover.md#startup-to-mvp)";

describe("phases of a move", () => {
  it("are none where the tier stays", () => {
    for (const tier of tierNames) expect(titles(tier, tier)).to.deep.equal([]);
  });

  it("begin and end with maintenance between every two neighbours, and move once", () => {
    for (const [at, low] of tierNames.slice(0, -1).entries())
      for (const [from, to] of [
        [low, tierNames[at + 1] as typeof low],
        [tierNames[at + 1] as typeof low, low],
      ] as const) {
        const found = titles(from, to);
        expect(found).to.include.members(["Turn on maintenance", `Move to ${to}`, "Turn off maintenance"]);
        expect(found.indexOf("Turn on maintenance")).to.be.lessThan(found.indexOf(`Move to ${to}`));
      }
  });

  it("have a command and a check each", () => {
    for (const from of tierNames)
      for (const to of tierNames)
        for (const { title, commands, check } of phasesOf({ stack: "prod", project: "shop", from, to, changes: [] })) {
          expect(commands, title).to.have.length.above(0);
          expect(
            [...commands, check].filter((text) => text.trim().length < 10),
            title,
          ).to.deep.equal([]);
        }
  });

  it("take one tier at a time, with maintenance on from the first to the last", () => {
    expect(titles("mvp", "scale")).to.deep.equal([
      "Turn on maintenance",
      "Drain the queues",
      note,
      "Stop the workers and the scheduled jobs",
      "Move to startup",
      "Copy the database (docs/moving.md#mvp-to-startup)",
      moved,
      "Start the workers and the scheduled jobs",
      "Move to growth",
      "Move to scale",
      "Turn off maintenance",
    ]);
  });

  it("set what keeps the state of the node with the tier, for the stack that moves", () => {
    const asked = { stack: "prod", project: "shop", from: "startup", to: "growth", changes: [] } as const;
    const move = phasesOf({ ...asked, changes: [] }).find(({ title }) => title === "Move to growth");
    expect(move?.commands).to.deep.equal([
      "npx pulumi config set --path shop:keep.nodeState true -s prod",
      "npx pulumi config set shop:tier growth -s prod",
      "npx pulumi up -s prod",
    ]);
  });

  it("look for all jobs that are not done, and move them from the old Redis with its address", () => {
    const all = phasesOf({ stack: "prod", project: "shop", from: "mvp", to: "startup", changes: [] });
    const commands = (title: string) => all.find((phase) => phase.title === title)?.commands;
    expect(commands("Drain the queues")).to.deep.equal([
      `kubectl -n data exec redis-0 -- sh -c 'REDISCLI_AUTH=$(cat "$VALKEY_PASSWORD_FILE") valkey-cli --tls --cacert ` +
        `"$VALKEY_CA" -h localhost -p "$VALKEY_PORT" --scan | grep -E ":(wait|paused|prioritized|delayed|active)$" || true'`,
    ]);
    expect(commands(note)).to.deep.equal([
      "(umask 077; kubectl -n app exec deploy/app -- printenv REDIS_URL > old-redis-url)",
    ]);
    const run = "kubectl -n app exec -i deploy/app < old-redis-url -- \\";
    expect(commands(moved)).to.deep.equal([
      run,
      "  sh -c 'OLD_REDIS_URL=$(cat) node workload/move.js keys'",
      run,
      "  sh -c 'OLD_REDIS_URL=$(cat) node workload/move.js jobs'",
      "rm old-redis-url",
    ]);
  });

  it("stop what writes, while the database is copied in either direction", () => {
    for (const [from, to] of [
      ["mvp", "startup"],
      ["startup", "mvp"],
    ] as const) {
      const found = titles(from, to);
      const at = (title: string) => found.findIndex((one) => one.startsWith(title));
      expect(at("Stop the workers")).to.be.within(0, at(`Move to ${to}`) - 1);
      expect(at("Start the workers")).to.be.greaterThan(at("Copy "));
    }
  });

  describe("that leave a handover", () => {
    const leave = (from: (typeof tierNames)[number], to: (typeof tierNames)[number]) =>
      phasesOf({ stack: "prod", project: "shop", from, to, changes: [], leavesHandoverIn: "shop-data" });
    const end = "Finish or abort the handover first (docs/handover.md#finish)";

    it("begin with its end, and copy no data over the database in use", () => {
      const home = ["Turn on maintenance", note, "Move to mvp", moved, "Turn off maintenance"];
      expect(leave("startup", "mvp").map(({ title }) => title)).to.deep.equal([end, ...home]);
      const up = ["Turn on maintenance", "Drain the queues", note, "Move to startup", moved, "Turn off maintenance"];
      expect(leave("mvp", "startup").map(({ title }) => title)).to.deep.equal([end, ...up]);
      for (const moves of [leave("startup", "mvp"), leave("mvp", "startup")])
        expect(moves.flatMap(({ commands }) => commands).join("\n")).to.not.contain("pg_restore");
    });

    it("ask for its end where the tier stays, or is another one", () => {
      expect(leave("startup", "startup")).to.deep.equal([
        {
          title: end,
          commands: ["kubectl -n shop-data exec job/handover -- node handover/main.js status"],
          check:
            "the phase is finished or aborted, and the side in use is the database of startup: the other one is fenced",
        },
      ]);
      expect(leave("startup", "growth")[0]?.title).to.equal(end);
    });
  });

  describe("with a handover", () => {
    const handover = { image: "ghcr.io/acme/handover:0.1.0", namespace: "shop-data" };
    const expected = { copy: "the copy takes a while", pause: "clients wait a moment" };
    const phases = (from: "mvp" | "startup", to: "mvp" | "startup" | "growth", more = {}) =>
      phasesOf({ stack: "prod", project: "shop", from, to, changes: [], handover: { ...handover, ...more } });
    const titles = (...asked: Parameters<typeof phases>) => phases(...asked).map(({ title }) => title);
    const handedOver = [
      "Wait until both databases are equal (docs/handover.md#watch)",
      "Switch (docs/handover.md#switch)",
      "Use the product, and go back if it does not work (docs/handover.md#back)",
      "Let PgBouncer start with the new database",
      "Finish (docs/handover.md#finish)",
      "Start the scheduled jobs",
    ];

    it("are in maintenance for the change alone, stop no worker, and suspend scheduled jobs from the copy to the end", () => {
      expect(titles("mvp", "startup")).to.deep.equal([
        "Stop the scheduled jobs",
        "Turn on maintenance",
        "Drain the queues",
        note,
        "Move to startup",
        moved,
        "Turn off maintenance",
        ...handedOver,
      ]);
      expect(titles("startup", "mvp")).to.deep.equal([
        fits,
        "Remove the old data of the in-cluster Postgres (docs/handover.md#startup-to-mvp)",
        "Stop the scheduled jobs",
        "Turn on maintenance",
        note,
        "Move to mvp",
        moved,
        "Turn off maintenance",
        ...handedOver,
      ]);
    });

    it("set the keys together, ask the engine in its namespace, and remove the key at the end", () => {
      const commands = new Map(phases("startup", "mvp").map((phase) => [phase.title, phase.commands]));
      expect(commands.get("Move to mvp")).to.deep.equal([
        "npx pulumi config set --path shop:keep.managedStores true -s prod",
        "npx pulumi config set --path shop:handover.image ghcr.io/acme/handover:0.1.0 -s prod",
        "npx pulumi config set shop:tier mvp -s prod",
        "npx pulumi up -s prod",
      ]);
      expect(commands.get("Switch (docs/handover.md#switch)")).to.deep.equal([
        "kubectl -n shop-data exec job/handover -- node handover/main.js switch",
      ]);
      expect(commands.get("Finish (docs/handover.md#finish)")).to.deep.equal([
        "kubectl -n shop-data exec job/handover -- node handover/main.js finish",
        "npx pulumi config rm shop:handover -s prod",
        "npx pulumi up -s prod",
      ]);
    });

    it("compare the database with the volume that it must fit", () => {
      const found = (more?: object) => phases("startup", "mvp", more).find(({ title }) => title === fits);
      expect(found()?.commands).to.deep.equal([
        "RDS=$(npx pulumi stack output databaseEndpoint -s prod | cut -d: -f1)",
        "kubectl -n data get secret postgres-credentials -o jsonpath='{.data.superuser-password}' |",
        "  base64 -d | kubectl -n data exec -i postgres-0 -c postgres -- sh -c '",
        '    export PGPASSWORD=$(cat); psql -h "$0" -U postgres -d app -Atc "SELECT ' +
          'pg_size_pretty(pg_database_size(current_database()))"\' "$RDS"',
      ]);
      const limit =
        "at most half of what the in-cluster Postgres claims, 3Gi; do not move down with more, because nothing but the disk " +
        "of the node limits it";
      const room = { claim: "3Gi", mostGib: 1.5, assumedGib: 1.5 };
      expect(found({ room })?.check).to.equal(limit);
      expect(found({ room: { ...room, assumedGib: 5 } })?.check).to.equal(
        `${limit}; the 5 GiB that the plan assumes (database.storedGib) do not fit`,
      );
    });

    it("suspend every scheduled job and resume it", () => {
      const commands = (title: string) => phases("mvp", "startup").find((phase) => phase.title === title)?.commands;
      const patch = (suspend: boolean) => [
        "kubectl -n app get cronjob -o name |",
        `  xargs -r -I {} kubectl -n app patch {} -p '{"spec":{"suspend":${suspend}}}'`,
      ];
      expect(commands("Stop the scheduled jobs")).to.deep.equal(patch(true));
      expect(commands("Start the scheduled jobs")).to.deep.equal(patch(false));
    });

    it("say what is expected, where something was measured", () => {
      const checks = (more?: object) => phases("mvp", "startup", more).map(({ check }) => check);
      expect(checks({ expected })).to.include.members([
        "the phase is ready; the copy takes a while",
        "the phase is switched, and the comparison of every table is equal; clients wait a moment",
      ]);
      expect(checks()).to.include("the phase is ready");
    });

    it("are those of a copy between other tiers", () => {
      expect(titles("startup", "growth")).to.deep.equal([
        "Turn on maintenance",
        "Move to growth",
        "Turn off maintenance",
      ]);
    });
  });

  it("keep room for the nodes of both tiers, until those of the larger one are gone", () => {
    const phases = phasesOf({ stack: "prod", project: "shop", from: "scale", to: "growth", changes: [] });
    const move = phases.findIndex(({ title }) => title === "Move to growth");
    expect(phases[move]?.commands[0]).to.equal("npx pulumi config set --path shop:nodes.maxNodes 12 -s prod");
    expect(phases[move + 1]?.commands).to.deep.equal([
      "npx pulumi config rm --path shop:nodes.maxNodes -s prod",
      "npx pulumi up -s prod",
    ]);
  });

  it("take two steps to remove the replicas of a cache with Multi-AZ", () => {
    const cache = (inputs: Record<string, unknown>) =>
      planned("cache", "aws:elasticache/replicationGroup:ReplicationGroup", inputs);
    const changes = changesBetween(
      [cache({ multiAzEnabled: true, replicasPerNodeGroup: 1 })],
      [cache({ multiAzEnabled: false, replicasPerNodeGroup: 0 })],
    );
    const found = phasesOf({ stack: "a", project: "b", from: "growth", to: "growth", changes });
    expect(found.map(({ title }) => title)).to.deep.equal(["Turn off Multi-AZ of the cache", "Remove its replicas"]);
  });
});
