import { Database } from "./database";
import { otherSide, type SideName, sides } from "./decide";
import type { HandoverEnvironment } from "./environment";
import type { Ledger } from "./ledger";

/** A server, with what the engine needs to know of it. */
export interface Side {
  name: SideName;
  /** The engine's own connections. */
  url: string;
  /** The server as the other one reaches it. */
  replicationUrl: string;
  /** PgBouncer's configuration with this server. */
  config: string;
  database: Database;
  /** Its logical replication slot, from which the other side reads. */
  slot: string;
  /** Its subscription to the other side. */
  subscription: string;
}

export interface Engine {
  environment: HandoverEnvironment;
  ledger: Ledger;
  source: Side;
  target: Side;
  /** The comparison of the two sides after a switch, while it runs. */
  comparing?: Promise<void>;
}

export const sidesIn = ({ source, target }: Record<SideName, Side>): Side[] => [source, target];

/** The publication of either side. */
export const publication = "handover";

export function sidesOf(environment: HandoverEnvironment): Record<SideName, Side> {
  const { SOURCE_URL, SOURCE_REPLICATION_URL, SOURCE_CONFIG } = environment;
  const { TARGET_URL, TARGET_REPLICATION_URL, TARGET_CONFIG } = environment;
  const side = (name: SideName, url: string, replicationUrl: string, config: string): Side => ({
    name,
    url,
    replicationUrl,
    config,
    database: new Database(url),
    slot: `handover_${name}`,
    subscription: `handover_into_${name}`,
  });
  return {
    source: side("source", SOURCE_URL, SOURCE_REPLICATION_URL, SOURCE_CONFIG),
    target: side("target", TARGET_URL, TARGET_REPLICATION_URL, TARGET_CONFIG),
  };
}

export const otherOf = (engine: Engine, side: Side): Side => engine[otherSide(side.name)];

export async function closeSides(engine: Record<SideName, Side>): Promise<void> {
  await Promise.all(sides.map((name) => engine[name].database.close()));
}
