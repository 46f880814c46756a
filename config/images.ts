import type { Settings } from "./schema";

/** The images of a stack that are the user's: the application's, and those of queues with an image of their own. */
export function imagesOf({ image, queues }: Pick<Settings, "image" | "queues">): string[] {
  return [...new Set([image, ...queues.flatMap((queue) => queue.image ?? [])])];
}
