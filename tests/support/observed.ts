import { completeMail } from "./settings";

/** Settings that turn on what watches the product and mails its alerts, by full key. MVP's node has room for it once it is larger. */
export const observed = (stack: string): Record<string, string> => ({
  "tierstack:observability": JSON.stringify({ enabled: true, mail: completeMail }),
  "tierstack:alertEmail": "ops@example.com",
  ...(stack === "mvp" && { "tierstack:nodes": '{"instanceTypes": ["t4g.medium"]}' }),
});
