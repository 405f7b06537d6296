import type { RavenOptions } from '../../raven.options';
import type { User } from '../../protocol/event';
import type { OptionWithoutEffect } from './options-without-effect';
import type { Scope } from './scope';

/** Parts of an event as Sentry's clients take them. */
export interface InitialScope {
  /** Merged over the context's. */
  tags?: Record<string, unknown>;
  /** Merged over the context's. */
  extra?: Record<string, unknown>;
  /** Who is concerned. */
  user?: User;
  /** Contexts by their names. */
  contexts?: Record<string, Record<string, unknown>>;
  /** How bad it is. */
  level?: string;
  /** What groups the event. */
  fingerprint?: string[];
}

/**
 * Options of `Sentry.init`, as far as they are about errors, beside all of {@link RavenOptions}. Those that are about
 * anything else are taken, have no effect, and a line in the log says of each what to do.
 */
export interface SentryOptions
  extends Omit<RavenOptions, 'release' | 'name'>, Partial<Record<OptionWithoutEffect, unknown>> {
  /** As in {@link RavenOptions}; null is none. */
  release?: string | null;
  /** `autoLogStacks`. */
  attachStacktrace?: boolean;
  /** `shutdownTimeoutMs`. */
  shutdownTimeout?: number;
  /** Parts of messages, or patterns of them: such events are dropped by `beforeSend`, before the app's own sees them. */
  ignoreErrors?: readonly (string | RegExp)[];
  /** What every event of the app has: set on the client before the app's providers are made. */
  initialScope?: InitialScope | ((scope: Scope) => unknown);
  /** How long the end of the app waits for deliveries, in milliseconds: `shutdownTimeoutMs`. It waits in any case. */
  close?: { enabled: boolean; timeout?: number };
}
