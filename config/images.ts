import type { Settings } from "./schema";

/** The images of a stack that are the user's: the application's, and those of queues with an image of their own. */
export function imagesOf({ image, queues }: Pick<Settings, "image" | "queues">): string[] {
  return [...new Set([image, ...queues.flatMap((queue) => queue.image ?? [])])];
}

/** Every image of a stack that the user names: those, and that of a handover's engine. */
export const namedImagesOf = (settings: Pick<Settings, "image" | "queues" | "handover">): string[] => [
  ...new Set([...imagesOf(settings), ...(settings.handover ? [settings.handover.image] : [])]),
];
