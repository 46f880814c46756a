import { completeMail } from "./settings";

/** Settings that turn on what watches the product and mails its alerts, by full key. MVP's node has room for it once it is larger. */
export const observed = (
  stack: string,
  settings: object = { enabled: true, mail: completeMail },
): Record<string, string> => ({
  "tierstack:observability": JSON.stringify(settings),
  ...("mail" in settings && { "tierstack:alertEmail": "ops@example.com" }),
  ...(stack === "mvp" && { "tierstack:nodes": '{"instanceTypes": ["t4g.medium"]}' }),
});

/** The same with a store of the logs. */
export const keepingLogs = (stack: string) => observed(stack, { enabled: true, logsGiB: 2 });
