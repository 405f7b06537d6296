import type { RavenOptions } from '../../raven.options';
import type { User } from '../../protocol/event';
import type { OptionWithoutEffect } from './options-without-effect';
import type { Scope } from './scope';

/** Parts of an event as Sentry's clients take them. */
export interface InitialScope {
  /** Merged over the context's. */
  tags?: Record<string, unknown> | undefined;
  /** Merged over the context's. */
  extra?: Record<string, unknown> | undefined;
  /** Who is concerned. */
  user?: User | undefined;
  /** Contexts by their names. */
  contexts?: Record<string, Record<string, unknown>> | undefined;
  /** How bad it is. */
  level?: string | undefined;
  /** What groups the event. */
  fingerprint?: string[] | undefined;
}

/**
 * Options of `Sentry.init`, as far as they are about errors, beside all of {@link RavenOptions}. Those that are about
 * anything else are taken, have no effect, and a line in the log says of each what to do.
 */
export interface SentryOptions
  extends Omit<RavenOptions, 'release' | 'name'>, Partial<Record<OptionWithoutEffect, unknown>> {
  /** As in {@link RavenOptions}; null is none. */
  release?: string | null | undefined;
  /** `autoLogStacks`. */
  attachStacktrace?: boolean | undefined;
  /** `shutdownTimeoutMs`. */
  shutdownTimeout?: number | undefined;
  /** Parts of messages, or patterns of them: such events are dropped by `beforeSend`, before the app's own sees them. */
  ignoreErrors?: readonly (string | RegExp)[] | undefined;
  /** What every event of the app has: set on the client before the app's providers are made. */
  initialScope?: (InitialScope | ((scope: Scope) => unknown)) | undefined;
  /** How long the end of the app waits for deliveries, in milliseconds: `shutdownTimeoutMs`. It waits in any case. */
  close?: { enabled: boolean; timeout?: number } | undefined;
}
