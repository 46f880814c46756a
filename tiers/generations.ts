import type { ManagedPostgresSize, PostgresPlace, PostgresSize } from "./types";

/** Returns the number of a managed database: a handover leads from one to another. */
export const generationOf = ({ generation = 1 }: { generation?: number | undefined }): number => generation;

/** Returns the name that a child of a managed database has. Those of the first one have no number, as before there were others. */
export function nameIn(managed: Pick<ManagedPostgresSize, "generation">, child: string): string {
  const generation = generationOf(managed);
  return generation === 1 ? child : `${child}-g${generation}`;
}

/** The place that is not in use. */
const other: Record<PostgresPlace, PostgresPlace> = { cluster: "managed", managed: "cluster" };

/** Returns the sizes with the database that a handover leaves in use: the previous one, or that of the other place. */
export function leftBy({ previous, ...size }: PostgresSize): PostgresSize {
  return previous ? { ...size, managed: previous } : { ...size, place: other[size.place] };
}
