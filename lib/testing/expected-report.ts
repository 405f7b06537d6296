import type { Level, RavenEvent } from '../protocol/event';

/** What `expect.stringContaining` and its like make, of Jest, Vitest and others. */
export interface AsymmetricMatcher {
  asymmetricMatch(actual: unknown): boolean;
}

/** This very text, one that matches, or what an asymmetric matcher takes. */
export type ExpectedText = string | RegExp | AsymmetricMatcher;

/**
 * What is expected of an event. What is not named may be anything; of objects only the keys that are named are
 * compared, at any depth. Everywhere a regular expression or an asymmetric matcher (`expect.any(String)`) may stand
 * for a value.
 */
export interface ExpectedReport {
  /** Class of the error, or its name as a server shows it: of the error that was captured, not of its causes. */
  type?: ExpectedText | (abstract new (...args: never[]) => unknown);
  /** The error's message; of a captured message its text, with its parameters filled in or not. */
  message?: ExpectedText;
  level?: Level;
  /** `GET /orders/:id`. */
  transaction?: ExpectedText;
  /** Name of the client that reported it; null: the unnamed one. */
  client?: string | null;
  /** Numbers and booleans stand for the texts that they are on the wire. */
  tags?: Record<string, unknown>;
  /** As {@link tags}. */
  user?: Record<string, unknown>;
  extra?: Record<string, unknown>;
  request?: Record<string, unknown>;
  contexts?: Record<string, unknown>;
  /** All of it, in order. */
  fingerprint?: readonly unknown[];
}

/** What is expected of an event, or a function that says whether it is the one. */
export type WantedReport = ExpectedReport | ((event: RavenEvent) => boolean);
