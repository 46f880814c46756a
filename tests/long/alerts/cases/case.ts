/** Input series by name, with values in the notation of promtool: `0+60x100` is 0, 60, 120 and so on, one a minute. */
export type Series = Record<string, string>;

/** How an alert is tested. */
export interface Case {
  /** Series in which it fires. */
  fires: Series;
  /** Its labels, beside `alertname`, `severity` and `service`. */
  labels: Record<string, string>;
  summary: string;
  /** What to change so that it stays silent: just inside the threshold, or too little to say anything. At least one. */
  silent: Series[];
  /** Minute at which it fires. @default 60 */
  at?: number;
  /** Whether it already fires one minute before its `for` is over, because the series begin there. @default false */
  early?: boolean;
}

/** A value that stays. */
export const stays = (value: number) => `${value}+0x400`;
/** A counter that grows by so many a minute. */
export const grows = (perMinute: number) => `0+${perMinute}x400`;
/** No sample. */
export const missing = "_x400";
