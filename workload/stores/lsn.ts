/** Log sequence numbers: positions in Postgres's write-ahead log, such as `1A/2B3C4D5E`. */
export type Lsn = string;

/** As 16 hexadecimal digits, so that LSNs sort as texts. */
export function sortable(lsn: Lsn): string {
  const [high = "", low = ""] = lsn.split("/");
  return `${high.padStart(8, "0")}${low.padStart(8, "0")}`.toUpperCase();
}
