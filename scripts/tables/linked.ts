/** A source as a link if it is a page, else as it is. */
export const linked = (source: string) =>
  source.startsWith("https:") ? `[${new URL(source).hostname}](${source})` : source;
