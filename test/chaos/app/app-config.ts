import type { RavenOptions } from 'nestjs-raven';

/** What an app does until it ends. */
export interface AppLoad {
  /** Errors that timers capture. */
  capturesPerSecond: number;
  /** Requests to itself, all of which fail. */
  requestsPerSecond: number;
  /** About as much more in each event, at most. */
  extraBytes: number;
  /** All errors are raised at one place and have one text. */
  isStorm: boolean;
}

/** How an app ends by itself; `signal` leaves that to others. */
export interface AppEnd {
  kind: 'close' | 'exit' | 'throw' | 'signal';
  /** From the first error on. */
  afterMs: number;
  /** Errors go on until `close` has resolved; else they stop before it. */
  isUnderLoad: boolean;
}

/** By axios, by Node's own client, or by Node's in a thread. */
export type Delivery = 'axios' | 'node:http' | 'a thread';

/** What the process of an app is told, as JSON. */
export interface AppConfig {
  platform: 'express' | 'fastify';
  /** File to append to; see `journal.ts`. */
  journal: string;
  options: RavenOptions;
  /** Who makes its requests; by default axios. */
  delivery?: Delivery;
  load: AppLoad;
  end: AppEnd;
}
