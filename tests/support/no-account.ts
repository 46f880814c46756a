import type { World } from "../../ops/world";

const notAsked = async () => Promise.reject(new Error("asked the account"));

/** An account that a test's command does not ask. */
export const noAccount: World["account"] = {
  backups: { bucketOf: notAsked, list: notAsked, copy: notAsked, copyMatching: notAsked },
  stores: { find: notAsked, failOver: notAsked, events: notAsked, copiedUntil: notAsked },
  databases: { find: notAsked, restore: notAsked, remove: notAsked, mayRemove: notAsked },
};
