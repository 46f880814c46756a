/** The exporter of CloudWatch's figures as a process, with the configuration and the role of a stack, beside a stand-in of AWS. */
import { type ChildProcess, spawn } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { cloudwatchFile, cloudwatchFlags } from "../../../components/observability/cloudwatch/exporter";
import type { Policy } from "../../../scripts/deploy-role/statements";
import type { Tier } from "../../../tiers";
import { awsKeys, CloudWatchApi } from "../../support/cloudwatch/api";
import { exporter } from "../../support/exporters";
import { recordedPlatform } from "../../support/platform";
import { completeMail, onAws } from "../../support/settings";
import type { MemoryCgroup } from "./cgroup";
import { until } from "./instance";
import { freePort, stopped } from "./postgres";

/** What a stack gives the exporter: its configuration, and what the role of its pod may do. */
export interface Given {
  config: string;
  policy: Policy;
}

/** The same of a tier with observability, whose alerts are mailed or not. */
export async function cloudwatchOf(tier: Tier, mailed = true): Promise<Given> {
  const mail = mailed ? { alertEmail: "ops@example.com", observability: { enabled: true, mail: completeMail } } : {};
  const run = await recordedPlatform({ ...onAws, tier, observability: { enabled: true }, ...mail });
  return {
    config: run.inputs("tierstack/observability/config").data[cloudwatchFile],
    policy: JSON.parse(run.inputs("tierstack/monitor-identity/policy").policy),
  };
}

interface Options {
  /** Flags beside the stack's. */
  flags?: string[];
  environment?: Record<string, string>;
  /** A cgroup that it runs in. */
  cgroup?: MemoryCgroup | undefined;
}

export class CloudWatchExporter {
  log = "";

  private constructor(
    readonly api: CloudWatchApi,
    readonly port: number,
    readonly process: ChildProcess,
  ) {
    for (const stream of [process.stdout, process.stderr]) stream?.on("data", (text) => (this.log += String(text)));
  }

  /** Starts it in a folder. */
  static async start(folder: string, { config, policy }: Given, options: Options = {}): Promise<CloudWatchExporter> {
    const { flags = [], environment, cgroup } = options;
    const api = await CloudWatchApi.start(policy);
    const port = await freePort();
    mkdirSync(folder, { recursive: true });
    const file = join(folder, cloudwatchFile);
    writeFileSync(file, config);
    const args = [...cloudwatchFlags({ config: file, listen: `127.0.0.1:${port}` }), ...flags];
    const [program, own] = cgroup?.command(exporter("yace"), args) ?? [exporter("yace"), args];
    const child = spawn(program, own, {
      env: { PATH: process.env.PATH, ...awsKeys, ...environment, AWS_ENDPOINT_URL: api.url },
      stdio: ["ignore", "pipe", "pipe"],
    });
    cgroup?.add(child.pid);
    return new CloudWatchExporter(api, port, child);
  }

  /** Its page, once it has looked at AWS. */
  async page(shows = "\naws_"): Promise<string> {
    let text = "";
    await until(
      async () => {
        const answer = await fetch(`http://127.0.0.1:${this.port}/metrics`).catch(() => undefined);
        text = answer ? await answer.text() : "";
        return text.includes(shows);
      },
      () => this.log,
      30,
    );
    return text;
  }

  async close(): Promise<void> {
    await stopped(this.process, "SIGKILL");
    this.api.close();
  }
}
