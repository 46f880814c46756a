import { expect } from "chai";
import * as fc from "fast-check";
import { tierNames, tiers } from "../../tiers";
import { clientsWithin, poolerMemoryMiB, stormClients } from "../../tiers/pooler-memory";

describe("PgBouncer's memory", () => {
  it("counts the clients of a failed pod towards the others", () => {
    expect(stormClients({ replicas: 1, maxClientConnections: 2000 })).to.equal(2000);
    expect(stormClients({ replicas: 2, maxClientConnections: 2500 })).to.equal(5000);
    expect(stormClients({ replicas: 3, maxClientConnections: 5000 })).to.equal(7500);
  });

  it("follows from the clients on every tier", () => {
    const memory = tierNames.map((tier) => tiers[tier].pgbouncer.container.memoryMiB);
    expect(memory).to.deep.equal([56, 176, 408, 608]);
    for (const tier of tierNames) expect(poolerMemoryMiB(tiers[tier].pgbouncer)).to.equal(memory.shift());
  });

  it("is enough for the most clients that fit into it, and not for one more", () => {
    fc.assert(
      fc.property(fc.integer({ min: 64, max: 8192 }), fc.integer({ min: 1, max: 20 }), (memory, replicas) => {
        const maxClientConnections = clientsWithin(memory, replicas);
        expect(poolerMemoryMiB({ replicas, maxClientConnections })).to.be.at.most(memory);
        expect(poolerMemoryMiB({ replicas, maxClientConnections: maxClientConnections + 1 })).to.be.above(memory);
      }),
    );
  });
});
