import { expect } from "chai";
import fc from "fast-check";
import { archiveSh, hbaConf, memorySettings, postgresqlConf } from "../../../../components/postgres/cluster/config";
import { tiers } from "../../../../tiers";

const megabytes = (text: string | undefined) => Number(/^(\d+)MB$/.exec(text ?? "")?.[1]);

describe("postgresql.conf", () => {
  const conf = postgresqlConf(tiers.mvp.postgres.cluster);
  const lines = conf.trimEnd().split("\n");

  it("carries the size", () => {
    expect(lines).to.include.members([
      "max_connections = '60'",
      "shared_buffers = '64MB'",
      "effective_cache_size = '153MB'",
      "maintenance_work_mem = '16MB'",
      "work_mem = '1MB'",
      "max_wal_size = '307MB'",
    ]);
  });

  it("can be read by a handover, which can neither fill the volume nor take the memory", () => {
    expect(lines).to.include.members([
      "wal_level = 'logical'",
      "logical_decoding_work_mem = '16MB'",
      "max_slot_wal_keep_size = '768MB'",
    ]);
  });

  it("serves TLS, logs slow queries and limits their time", () => {
    expect(lines).to.include.members([
      "ssl = 'on'",
      "ssl_cert_file = '/etc/postgresql-tls/tls.crt'",
      "ssl_key_file = '/etc/postgresql-tls/tls.key'",
      "password_encryption = 'scram-sha-256'",
      "shared_preload_libraries = 'pg_stat_statements'",
      "log_min_duration_statement = '50'",
      "log_parameter_max_length = '0'",
      "statement_timeout = '60000'",
      "idle_in_transaction_session_timeout = '60000'",
    ]);
  });

  it("hands the log over where a node takes it, at least each minute, and elsewhere has nothing of it", () => {
    expect(conf).not.to.match(/archive/);
    expect(
      postgresqlConf(tiers.mvp.postgres.cluster, true)
        .split("\n")
        .filter((line) => !lines.includes(line)),
    ).to.deep.equal([
      `archive_command = 'sh /etc/postgresql/archive.sh push "%p" "%f"'`,
      "archive_mode = 'on'",
      "archive_timeout = '60s'",
      "",
    ]);
    expect(hbaConf(true)).to.equal(`${hbaConf()}local replication postgres peer\n`);
  });

  it("lets a quarter of the volume wait for the node, and no more", () => {
    expect(archiveSh({ storageGiB: 3 }))
      .to.contain("\nMOST_WAITING=48\n")
      .and.contain("\nSPOOL=/var/lib/postgresql/data/archive\n");
    expect(archiveSh({ storageGiB: 1 })).to.contain("\nMOST_WAITING=16\n");
  });

  it("is sorted, each setting once", () => {
    const settings = lines.map((line) => line.split(" = ")[0]);
    expect(settings).to.deep.equal([...new Set(settings)].sort());
  });

  it("lets nobody in over the network but with TLS and a password, and the pod's own user in without", () => {
    expect(hbaConf()).to.equal(
      "hostssl all all all scram-sha-256\nlocal all postgres peer\nlocal all all scram-sha-256\n",
    );
  });

  it("keeps memory within the container, whatever its size", () => {
    fc.assert(
      fc.property(fc.integer({ min: 128, max: 262144 }), fc.integer({ min: 20, max: 5000 }), (memory, connections) => {
        const settings = memorySettings(memory, connections);
        const shared = megabytes(settings.shared_buffers);
        const work = megabytes(settings.work_mem);
        expect(shared).to.be.within(16, memory / 4);
        expect(work).to.be.at.least(1);
        // Every connection with one sort at once, unless a megabyte each is too much already.
        if (work > 1) expect(shared + connections * work).to.be.at.most(memory);
        expect(megabytes(settings.maintenance_work_mem)).to.be.at.most(memory / 4);
      }),
    );
  });
});
