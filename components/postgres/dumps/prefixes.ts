/** Prefixes of the keys in the bucket: of all backups, of base backups and of the write-ahead log. */
export const prefixes = { all: "postgres", base: "postgres/base", wal: "postgres/wal" } as const;
