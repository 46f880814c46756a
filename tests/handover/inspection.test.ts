import { expect } from "chai";
import { type Found, isOlder, refusals, remarks } from "../../handover/inspection";
import { sentence } from "../../handover/refusal";

const server: Found = {
  version: 150004,
  walLevel: "logical",
  freeSlots: 10,
  freeSenders: 10,
  workers: 4,
  extensions: { plpgsql: "1.0", vector: "0.8.0" },
  available: { plpgsql: "1.0", vector: "0.8.1" },
  roles: ["postgres", "app", "app_b"],
  usedRoles: ["postgres", "app"],
  relations: [],
  unloggedWithRows: [],
  withoutKey: [],
  foreignTables: [],
  foreignOwners: [],
  largeObjects: 0,
  preparedTransactions: [],
  sequences: ["public.a_id_seq"],
  leftovers: [],
};

const found = (source: Partial<Found>, target: Partial<Found> = {}) =>
  refusals({ ...server, relations: ["public.a"], ...source }, { ...server, ...target }).map(sentence);

describe("the inspection before a handover", () => {
  it("has nothing against two equal servers, the target empty", () => {
    expect(found({})).to.deep.equal([]);
    expect(found({}, { version: 180000, extensions: {} })).to.deep.equal([]);
  });

  it("names all that stands in the way at once", () => {
    const source = {
      walLevel: "replica",
      freeSlots: 3,
      freeSenders: 3,
      workers: 2,
      unloggedWithRows: ["public.u"],
      largeObjects: 2,
      preparedTransactions: ["p"],
      foreignTables: ["public.f"],
      foreignOwners: ["public.p"],
      leftovers: ["handover_source"],
    };
    expect(found(source)).to.deep.equal([
      "the source, wal_level: given replica; allowed: logical; fix: set it (on RDS: rds.logical_replication = 1), and restart the server",
      "the source, free replication slots: given 3; allowed: 4 or more; fix: raise max_replication_slots, or drop slots",
      "the source, free WAL senders: given 3; allowed: 4 or more; fix: raise max_wal_senders",
      "the source, max_logical_replication_workers: given 2; allowed: 3 or more; fix: raise it",
      "the source, unlogged tables with rows: given public.u; allowed: none: they are not in the WAL; fix: ALTER TABLE … SET LOGGED, or empty them",
      "the source, large objects: given 2; allowed: none: logical replication does not carry them; fix: move them to a bytea column or to object storage, then lo_unlink",
      "the source, prepared transactions: given p; allowed: none: they hold their locks, and the copy waits for them; fix: COMMIT PREPARED or ROLLBACK PREPARED",
      "the source, foreign tables: given public.f; allowed: none: their servers and passwords are not copied; fix: drop them, and create them on the other side afterwards",
      "the source, tables of other roles: given public.p; allowed: tables that the engine may read and publish, as a member of their owner; fix: ALTER TABLE … OWNER TO the application's role",
      "the source, slots and subscriptions named handover…: given handover_source; allowed: none at the start; fix: abort or finish the other handover, or drop them",
    ]);
  });

  it("refuses a target that is older, not empty, or without a role or an extension", () => {
    expect(found({}, { version: 140009 })).to.deep.equal([
      "the target, version: given 14; allowed: 15 or later, as on the source; fix: a target of the source's major or a later one",
    ]);
    expect(found({}, { relations: ["a", "b", "c", "d", "e", "f", "g"] })).to.deep.equal([
      "the target, tables: given a, b, c, d, e and 2 more; allowed: an empty database; fix: drop them, or name another target",
    ]);
    expect(found({ usedRoles: ["app", "reports"] })).to.deep.equal([
      "the target, roles: given no reports; allowed: every role that owns or may use something on the source; " +
        "fix: CREATE ROLE on the target (the bootstrap creates the application's)",
    ]);
    expect(found({}, { extensions: {}, available: { plpgsql: "1.0" } })).to.deep.equal([
      "the target, extension vector: given none; allowed: 0.8.0 or later, as on the source; fix: a server that has it",
    ]);
    expect(found({}, { extensions: { plpgsql: "1.0", vector: "0.7.4" } })).to.deep.equal([
      "the target, extension vector: given 0.7.4; allowed: 0.8.0 or later, as on the source; fix: ALTER EXTENSION vector UPDATE, or a server that has it",
    ]);
    expect(found({ version: 130000 })).to.deep.equal([
      "the source, version: given 13; allowed: 14 or later; fix: upgrade it first",
    ]);
  });

  it("compares versions by their numbers", () => {
    expect(isOlder("1.9", "1.10")).to.equal(true);
    expect(isOlder("1.10", "1.9")).to.equal(false);
    expect(isOlder("1.10", "1.10")).to.equal(false);
  });

  it("says what works, but slowly", () => {
    expect(remarks({ ...server, withoutKey: ["public.log"] })).to.deep.equal([
      "no primary key: public.log: rows are found by all their columns (REPLICA IDENTITY FULL), slowly",
      "1 sequence(s) are set in the switch",
    ]);
  });
});
