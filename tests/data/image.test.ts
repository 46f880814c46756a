import { spawn } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { waitingList } from "../../components/workers/scaling";
import { type ContainerSize, tiers } from "../../tiers";
import { MemoryCgroup } from "../long/support/cgroup";
import { until } from "../long/support/instance";
import { freePort } from "../long/support/postgres";
import { QueueServers, queue } from "./redis/servers";
import { BuiltImage } from "./support/dockerfile";
import { WorkloadProcess } from "./support/workload";

const root = join(__dirname, "..", "..");
const { mvp } = tiers;

/** The steps of the Dockerfile, run here without an engine; then its programs, in the memory of MVP's containers. */
describe("the workload's image", () => {
  let image: BuiltImage;
  let servers: QueueServers;
  const cgroups: MemoryCgroup[] = [];
  const started: WorkloadProcess[] = [];

  before(async function () {
    this.timeout(600_000);
    image = new BuiltImage(root, "workload/Dockerfile");
    servers = await QueueServers.start(this);
  });

  after(async () => {
    for (const { process } of started) process.kill("SIGKILL");
    await servers?.close();
    for (const cgroup of cgroups) await cgroup.remove();
    image?.remove();
  });

  /** Starts a program of the image in a container of this size. */
  async function start(command: string[], size: ContainerSize, own: Record<string, string>) {
    const cgroup = MemoryCgroup.create(size.memoryMiB);
    if (cgroup) cgroups.push(cgroup);
    else console.log(`      without a limit of memory: ${MemoryCgroup.missing}`);
    const port = await freePort();
    const env = { ...servers.environment(), ...image.image.env, PORT: String(port), ...own };
    const [program = "", ...words] = command;
    const [file, args] = cgroup?.command(program, words) ?? [program, words];
    const child = spawn(file, args, { cwd: image.image.folder, env });
    cgroup?.add(child.pid);
    const pod = new WorkloadProcess(child, port);
    started.push(pod);
    await pod.ready();
    return { pod, cgroup };
  }

  it("runs as a numbered user other than root, from the same Node.js in every stage", () => {
    expect(image.image.user).to.match(/^[1-9]\d*:[1-9]\d*$/);
    const text = readFileSync(join(root, "workload/Dockerfile"), "utf8");
    expect(/^ARG NODE=(.*)$/m.exec(text)?.[1]).to.match(/^docker\.io\/library\/node:\d+\.\d+\.\d+-bookworm-slim$/);
    expect(image.bases).to.deep.equal(["${NODE}", "packages", "packages", "${NODE}"]);
  });

  it("has the compiled programs and packages for production, and neither sources nor what builds them", () => {
    const { folder } = image.image;
    const names = readdirSync(folder, { recursive: true, encoding: "utf8" }).filter(
      (name) => !name.includes("node_modules/"),
    );
    expect(names.filter((name) => /\.ts$|Dockerfile|package-lock/.test(name))).to.deep.equal([]);
    expect(names).to.include.members([
      "workload/app.js",
      "workload/operate.js",
      "workload/switch.js",
      "workload/migrations/0001_product.sql",
      "workload/search/migrations/0001_search.sql",
    ]);
    for (const absent of ["typescript", "@pulumi", "tsx", "msgpackr-extract", "@types"])
      expect(existsSync(join(folder, "node_modules", absent)), absent).to.equal(false);
  });

  it("migrates, and finds nothing to do the second time", async () => {
    const migrate = new WorkloadProcess(
      spawn("node", ["workload/migrate.js"], { cwd: image.image.folder, env: servers.environment() }),
    );
    const status = await migrate.ended;
    expect([status, /"migrations":\[.*?\]/.exec(migrate.log)?.[0]], migrate.log).to.deep.equal([0, '"migrations":[]']);
  });

  it("serves in the memory of MVP's application, and stops without an error", async () => {
    const { pod, cgroup } = await start(image.image.command, mvp.app.container, {});
    await Promise.all(
      Array.from({ length: 20 }, async () => {
        // The database answers; nothing is seeded, and a page without items is not found.
        for (let request = 0; request < 25; request++) expect((await pod.ask("/items")).status).to.equal(404);
      }),
    );
    if (cgroup) console.log(`      application: ${cgroup.peakMiB.toFixed(0)} of ${mvp.app.container.memoryMiB} MiB`);
    expect(cgroup?.kills ?? 0).to.equal(0);
    expect(await pod.stop(), pod.log).to.equal(0);
  });

  it("works on a queue in the memory of MVP's worker, and stops without an error", async () => {
    const own = { WORKER_QUEUE: queue, WORKER_CONCURRENCY: "2", WORKER_LIST: waitingList({ name: queue }) };
    const { pod, cgroup } = await start(["node", "workload/worker.js"], mvp.workers.container, own);
    const user = await servers.addUser(200);
    await servers.submit(user, 200);
    expect(await servers.finished(user)).to.include({ done: 200, images: 200, doubled: 0 });
    if (cgroup) console.log(`      worker: ${cgroup.peakMiB.toFixed(0)} of ${mvp.workers.container.memoryMiB} MiB`);
    expect(cgroup?.kills ?? 0).to.equal(0);
    expect(await pod.stop(), pod.log).to.equal(0);
    await until(
      () =>
        pod.ask("/livez").then(
          () => false,
          () => true,
        ),
      () => "the worker still answers",
    );
  });
});
