import { expect } from "chai";
import type { Change } from "../../../planner/move/change";
import { changesBetween } from "../../../planner/move/changes";
import { conditionalRules, isOlder } from "../../../planner/move/conditions";
import { planned } from "../../support/planned";

type Inputs = Record<string, unknown>;

/** For each row of the catalogue: an update that it applies to, and the nearest one that it does not apply to. */
const examples: Record<string, { applies: [Inputs, Inputs]; not: [Inputs, Inputs] }> = {
  "instance-user-data-replaces": {
    applies: [{ userData: "a" }, { userData: "b", userDataReplaceOnChange: true }],
    not: [{ userData: "a" }, { userData: "b", userDataReplaceOnChange: false }],
  },
  "instance-user-data-restarts": {
    applies: [{ userDataBase64: "a" }, { userDataBase64: "b" }],
    not: [{ tags: {} }, { tags: { a: "b" } }],
  },
  "database-storage-grows": {
    applies: [{ allocatedStorage: 20 }, { allocatedStorage: 50 }],
    not: [{ backupWindow: "a" }, { backupWindow: "b" }],
  },
  "database-storage-shrinks": {
    applies: [{ allocatedStorage: 50 }, { allocatedStorage: 20 }],
    not: [{ allocatedStorage: 50 }, { allocatedStorage: 20, maxAllocatedStorage: 100 }],
  },
  "database-version": {
    applies: [{ engineVersion: "17.10" }, { engineVersion: "17.11" }],
    not: [{ engineVersion: "16.9" }, { engineVersion: "17.11" }],
  },
  "database-class": {
    applies: [{ instanceClass: "db.t4g.small" }, { instanceClass: "db.t4g.medium" }],
    not: [{ multiAz: false }, { multiAz: true }],
  },
  "database-certificate": {
    applies: [{ caCertIdentifier: "rds-ca-rsa2048-g1" }, { caCertIdentifier: "rds-ca-ecc384-g1" }],
    not: [{ backupRetentionPeriod: 1 }, { backupRetentionPeriod: 7 }],
  },
  "cache-shards": {
    applies: [{ numNodeGroups: 1 }, { numNodeGroups: 3 }],
    not: [{ snapshotRetentionLimit: 1 }, { snapshotRetentionLimit: 3 }],
  },
  "cache-replicas": {
    applies: [
      { replicasPerNodeGroup: 2, multiAzEnabled: true },
      { replicasPerNodeGroup: 1, multiAzEnabled: true },
    ],
    not: [
      { replicasPerNodeGroup: 1, multiAzEnabled: true },
      { replicasPerNodeGroup: 0, multiAzEnabled: false },
    ],
  },
  "cache-node-type": {
    applies: [{ nodeType: "cache.t4g.micro" }, { nodeType: "cache.t4g.small" }],
    not: [{ numNodeGroups: 1 }, { numNodeGroups: 2 }],
  },
  "cache-memory-shrinks": {
    applies: [
      { nodeType: "cache.t4g.micro", numNodeGroups: 3 },
      { nodeType: "cache.t4g.micro", numNodeGroups: 1 },
    ],
    not: [
      { nodeType: "cache.t4g.micro", numNodeGroups: 1 },
      { nodeType: "cache.t4g.micro", numNodeGroups: 3 },
    ],
  },
  "cache-version-downgrade": {
    applies: [{ engineVersion: "8.1" }, { engineVersion: "8.0" }],
    not: [{ engineVersion: "8.0" }, { engineVersion: "8.1" }],
  },
  "cache-engine": {
    applies: [{ engine: "valkey" }, { engine: "redis" }],
    not: [{ engine: "redis" }, { engine: "valkey" }],
  },
  "cache-transit-encryption": {
    applies: [{ engineVersion: "6.2" }, { engineVersion: "6.2", transitEncryptionEnabled: true }],
    not: [{ engineVersion: "7.1" }, { engineVersion: "7.1", transitEncryptionEnabled: true }],
  },
  "cache-mode-two-steps": {
    applies: [
      { clusterMode: "disabled", automaticFailoverEnabled: true },
      { clusterMode: "enabled", automaticFailoverEnabled: true },
    ],
    not: [
      { clusterMode: "compatible", automaticFailoverEnabled: true },
      { clusterMode: "enabled", automaticFailoverEnabled: true },
    ],
  },
  "cache-mode-alone": {
    applies: [
      { clusterMode: "disabled", numNodeGroups: 1 },
      { clusterMode: "compatible", numNodeGroups: 2 },
    ],
    not: [{ clusterMode: "disabled" }, { clusterMode: "compatible" }],
  },
};

/** What a row does, as a change shows it. */
const shows: Record<string, (change: Change) => boolean> = {
  replaces: ({ action, properties }) => action === "replace" && properties.some(({ replaces }) => replaces),
  refused: ({ action, refusedBy }) => action === "refused" && refusedBy === "AWS",
  interrupts: ({ action, effect, downtime }) => action === "update" && effect === "downtime" && downtime !== undefined,
  online: ({ action, effect }) => action === "update" && effect === "online",
  noted: ({ action, note }) => action === "update" && note !== undefined,
};

describe("conditional rules of AWS resources", () => {
  const evaluated = conditionalRules.filter(({ notEvaluated }) => notEvaluated === undefined);

  it("are all evaluated, or say why not", () => {
    expect(Object.keys(examples)).to.have.members(evaluated.map(({ id }) => id));
    for (const { id, does, notEvaluated, source } of conditionalRules) {
      expect((does ?? notEvaluated ?? "").length, id).to.be.above(3);
      expect(source.length, id).to.be.above(20);
    }
    expect(new Set(conditionalRules.map(({ id }) => id))).to.have.length(conditionalRules.length);
  });

  for (const { id, type, properties, when, does = "" } of evaluated)
    it(`${id}: ${does} ${properties.join(", ")} when ${when}`, () => {
      const changeOf = ([before, after]: [Inputs, Inputs]) =>
        changesBetween([planned("one", type, before)], [planned("one", type, after)])[0] as Change;
      const example = examples[id] as (typeof examples)[string];
      const change = changeOf(example.applies);
      expect(shows[does]?.(change), JSON.stringify(change)).to.equal(true);
      expect(change.properties.map(({ property }) => property)).to.include.oneOf(properties);
      expect(shows[does]?.(changeOf(example.not)), JSON.stringify(changeOf(example.not))).to.equal(false);
    });

  it("compare versions by their numbers", () => {
    const pairs: [unknown, unknown, boolean][] = [
      ["7.1", "7.2", true],
      ["7.9", "7.10", true],
      ["7.10", "7.9", false],
      ["7.1", "7.1", false],
      ["7", "7.0.5", true],
      ["7.0.5", "7", false],
      ["6.x", "7.0", true],
      ["6.x", "6.2", false],
      ["6.2", "6.x", true],
      [undefined, "7.0", false],
      ["7.0", undefined, false],
    ];
    for (const [version, other, older] of pairs) expect(isOlder(version, other), `${version} ${other}`).to.equal(older);
  });
});
