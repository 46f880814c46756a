/** Settings that turn on what watches the product, by full key. MVP's node has room for it once it is larger. */
export const observed = (stack: string): Record<string, string> => ({
  "tierstack:observability": '{"enabled": true}',
  ...(stack === "mvp" && { "tierstack:nodes": '{"instanceTypes": ["t4g.medium"]}' }),
});
