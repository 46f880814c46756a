import { completeMail } from "./settings";

/** What a k3s node needs for it: a data volume with room, and MVP a larger instance. */
const nodes: Record<string, object> = {
  mvp: { instanceTypes: ["t4g.medium"], dataVolumeGiB: 20 },
  startup: { dataVolumeGiB: 20 },
};

/** Settings that turn on what watches the product and mails its alerts, by full key. */
export const observed = (
  stack: string,
  settings: object = { enabled: true, mail: completeMail },
): Record<string, string> => ({
  "tierstack:observability": JSON.stringify(settings),
  ...("mail" in settings && { "tierstack:alertEmail": "ops@example.com" }),
  ...(nodes[stack] && { "tierstack:nodes": JSON.stringify(nodes[stack]) }),
});

/** The same with a store of the logs. */
export const keepingLogs = (stack: string) => observed(stack, { enabled: true, logsGiB: 2 });
