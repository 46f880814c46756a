import type { FastifyInstance } from "fastify";
import type { Cluster } from "ioredis";
import type { Logger } from "pino";
import type { Config } from "../config";
import type { Breaker } from "../patterns/breaker";
import { Cache } from "../patterns/cache";
import { Limits } from "../patterns/limits";
import { OwnWrites } from "../patterns/own-writes";
import { Switches } from "../patterns/switches";
import type { Database } from "../stores/postgres";
import type { Metrics } from "../telemetry/metrics";
import { chatBreaker } from "./provider";

/** What an application is built from. */
export interface AppOptions {
  config: Config;
  database: Database;
  redis: Cluster;
  metrics: Metrics;
  log: Logger;
}

/** What its routes use. */
export interface Context extends AppOptions {
  cache: Cache;
  ownWrites: OwnWrites;
  limits: Limits;
  switches: Switches;
  chat: Breaker<[string], string>;
  /** Set once the process stops: the health check fails from then on. */
  stopping: boolean;
}

/** Adds routes of one kind. */
export type RouteGroup = (app: FastifyInstance, context: Context) => void;

export function createContext(options: AppOptions): Context {
  const { config, redis, database, metrics } = options;
  const cache = new Cache(config, redis, metrics);
  const switches = new Switches(config, redis, metrics);
  return {
    ...options,
    cache,
    switches,
    ownWrites: new OwnWrites(database, redis, cache),
    limits: new Limits(redis, switches, metrics),
    chat: chatBreaker(config, metrics),
    stopping: false,
  };
}
