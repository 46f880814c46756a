import { expect } from "chai";
import type { Ran, Reach, Workload } from "../../../ops/reach/reach";
import { type Archive, archiveFindings } from "../../../ops/status/archive";
import { FakeReach, runOn } from "../world";

const now = 10_000_000;
const well: Archive = { waiting: 1, oldestSeconds: 899, newestSeconds: 60, gap: false };

describe("what the server says of its archive", () => {
  it("is well while files wait for less than 15 minutes, or none was ever written", () => {
    expect(archiveFindings(well, now)).to.deep.equal([]);
    expect(archiveFindings({ waiting: 0, oldestSeconds: null, newestSeconds: null, gap: false }, now)).to.deep.equal(
      [],
    );
  });

  it("names what waits, since when, and how old the newest file in the bucket is", () => {
    const help = "docs/backups.md#full";
    expect(archiveFindings({ ...well, oldestSeconds: 900, newestSeconds: 3720 }, now)).to.deep.equal([
      {
        what: "1 file of the write-ahead log waits for the node; the newest in the bucket is 1 h 2 min old",
        sinceMs: now - 900_000,
        help,
      },
    ]);
    expect(archiveFindings({ waiting: 4, oldestSeconds: 900, newestSeconds: null, gap: true }, now)).to.deep.equal([
      {
        what: "4 files of the write-ahead log wait for the node; none is in the bucket",
        sinceMs: now - 900_000,
        help,
      },
      { what: "files of the write-ahead log were left out, and no base backup has been made since", help },
    ]);
  });
});

describe("ops status of a stack that archives", () => {
  const stores = new FakeReach({
    switches: { mode: { value: "normal", otherwise: "normal" }, limits: { value: 1, otherwise: 1 } },
    connections: { most: 100, reserved: 3, sessions: [] },
  });
  /** The server's pod answers; what it was asked is in `asked`. */
  function status(answer: Ran, scripts: object = { "archive.sh": "" }) {
    const asked: [Workload, readonly string[]][] = [];
    const reach: Reach = {
      run: async (workload, command) => {
        if (workload.name === "app") return stores.run(workload, command);
        asked.push([workload, command]);
        return answer;
      },
      read: () => stores.read(),
    };
    const find = async (path: string) =>
      (path === "/api/v1/namespaces/data/configmaps/postgres" ? { data: scripts } : undefined) as never;
    return runOn({ reach, kube: { find } }, "status").then((run) => ({ ...run, asked }));
  }
  const said = (archive: Archive): Ran => ({ code: 0, stdout: `${JSON.stringify(archive)}\n`, stderr: "" });

  it("asks the server in its pod, and ends with 1 where the log waits", async () => {
    const { code, stdout, asked } = await status(said({ ...well, oldestSeconds: 7200 }));
    expect([code, stdout]).to.deep.equal([
      1,
      "1 thing is not well\n\n" +
        "  1 file of the write-ahead log waits for the node; the newest in the bucket is 1 min old (for 2 h)\n" +
        "    docs/backups.md#full\n",
    ]);
    expect(asked.map(([workload]) => workload)).to.deep.equal([
      { namespace: "data", name: "postgres", container: "postgres" },
    ]);
    expect((await status(said(well))).stdout).to.equal("all is well\n");
  });

  it("says why where the server does not answer", async () => {
    const { code, stdout } = await status({ code: 2, stdout: "", stderr: "psql: error: no server\n" });
    expect(code).to.equal(1);
    expect(stdout).to.contain("archive unknown: data/postgres: psql failed: psql: error: no server");
  });

  it("asks no server that does not archive", async () => {
    expect((await status(said(well), { "pg_hba.conf": "" })).asked).to.deep.equal([]);
  });
});
