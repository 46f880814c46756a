/** Durations as an operator writes and reads them. */

/** Seconds of each unit, the longest first. */
const units = { d: 86_400, h: 3600, min: 60, s: 1 } as const;

/** What a user may write for each unit. */
const written: Record<string, keyof typeof units> = { d: "d", h: "h", m: "min", min: "min", s: "s" };

/** Seconds of a text such as `90s`, `30m`, `2h` or `1d`; undefined for anything else. */
export function secondsOf(text: string): number | undefined {
  const [, number, unit = ""] = /^(\d{1,6})(d|h|m|min|s)$/.exec(text) ?? [];
  const seconds = number === undefined ? 0 : Number(number) * units[written[unit] as keyof typeof units];
  return seconds > 0 ? seconds : undefined;
}

/** A duration in its two largest units: `2 h 5 min`, `45 s`. */
export function spelled(seconds: number): string {
  let left = Math.max(0, Math.round(seconds));
  const parts: string[] = [];
  for (const [unit, size] of Object.entries(units)) {
    const count = Math.floor(left / size);
    left -= count * size;
    if (count > 0) parts.push(`${count} ${unit}`);
    // The next smaller unit only, and no third.
    else if (parts.length > 0) break;
    if (parts.length === 2) break;
  }
  return parts.join(" ") || "0 s";
}

/** How long something lasts, behind what it is: ` for 2 h`; nothing where it has no end, or where nothing says. */
export const lasting = (seconds: number | null | undefined): string =>
  seconds == null ? "" : ` for ${spelled(seconds)}`;

/** A moment, to the minute: `2026-11-29 18:30 UTC`. */
export const moment = (ms: number): string => `${new Date(ms).toISOString().slice(0, 16).replace("T", " ")} UTC`;
