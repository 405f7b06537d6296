import type { BreadcrumbOptions, EventOptions } from '../../client/capture-options';
import type { RavenClient } from '../../client/raven.client';
import type { User } from '../../protocol/event';
import { EventData } from '../sentry/event-data';
import { processorOf, type EventProcessor } from '../sentry/event-processor';
import { Scope, type ScopeBreadcrumb } from '../sentry/scope';
import { eventProcessorsOf, scopeOf, withScope } from '../sentry/scope-of';
import type { InitialScope } from '../sentry/sentry-options';
import { Severity, type SeverityLevel } from '../sentry/severity';

/** What goes along with one event: its parts, or a function that tells a scope. */
export type CaptureContext = InitialScope | ((scope: Scope) => unknown);

/** The long form of the same. */
export interface CaptureHint {
  /** What goes along with the event. */
  captureContext?: CaptureContext | undefined;
  /** What was thrown, for event processors. */
  originalException?: unknown;
}

/** Functions of @sentry/node that are about errors. None throws; what is told holds for the request in progress. */
export interface SentryApi {
  /** Reports an error, unless it was reported before. @returns the event's id; empty where nothing was reported */
  captureException(exception: unknown, hint?: CaptureContext | CaptureHint): string;
  /** Reports a message, at the level `info` unless another is said. @returns the event's id; empty where nothing was reported */
  captureMessage(message: string, context?: CaptureContext | SeverityLevel): string;
  /** As {@link Scope.addBreadcrumb}. */
  addBreadcrumb(crumb: ScopeBreadcrumb): void;
  /** As {@link Scope.setTag}. */
  setTag(key: string, value: unknown): void;
  /** As {@link Scope.setTags}. */
  setTags(tags: Record<string, unknown>): void;
  /** As {@link Scope.setExtra}. */
  setExtra(key: string, extra: unknown): void;
  /** As {@link Scope.setExtras}. */
  setExtras(extra: Record<string, unknown>): void;
  /** As {@link Scope.setUser}. */
  setUser(user: User | null): void;
  /** As {@link Scope.setContext}. */
  setContext(name: string, context: Record<string, unknown> | null): void;
  /** Runs `fn` at once in a scope of its own. @returns what `fn` returns */
  withScope<T>(fn: (scope: Scope) => T): T;
  /** Runs `fn` with the scope of the request in progress, or the app's. */
  configureScope(fn: (scope: Scope) => void): void;
  /** The scope of the request in progress, or the app's. */
  getCurrentScope(): Scope;
  /** The newest event's id in the request in progress. */
  lastEventId(): string | undefined;
  /** Waits for what is captured to be delivered. @param timeoutMs - default `shutdownTimeoutMs` @returns whether nothing is left undelivered */
  flush(timeoutMs?: number): Promise<boolean>;
  /** The same, and reports nothing from then on. */
  close(timeoutMs?: number): Promise<boolean>;
  /** Levels as constants. */
  readonly Severity: typeof Severity;
}

/** @param find - gives the client of the moment; where there is none, nothing is reported */
export function sentryApi(find: () => RavenClient | undefined): SentryApi {
  const scope = (): Scope => {
    const client = find();
    return client ? scopeOf(client) : new Scope(new EventData(), () => undefined, []);
  };
  return {
    captureException(exception, hint) {
      const client = find();
      const { captureContext, originalException = exception } = hintOf(hint);
      return client?.captureException(exception, told(client, captureContext, originalException)) ?? '';
    },
    captureMessage(message, context) {
      const client = find();
      const captureContext = typeof context === 'string' ? { level: context } : context;
      return (
        client?.captureMessage(message, { level: 'info', ...told(client, captureContext, undefined) }) ?? ''
      );
    },
    addBreadcrumb: (crumb) => void scope().addBreadcrumb(crumb),
    setTag: (key, value) => void scope().setTag(key, value),
    setTags: (tags) => void scope().setTags(tags),
    setExtra: (key, extra) => void scope().setExtra(key, extra),
    setExtras: (extra) => void scope().setExtras(extra),
    setUser: (user) => void scope().setUser(user),
    setContext: (name, context) => void scope().setContext(name, context),
    withScope(fn) {
      const client = find();
      return client ? withScope(client, fn) : fn(scope());
    },
    configureScope: (fn) => fn(scope()),
    getCurrentScope: scope,
    lastEventId: () => find()?.lastEventId ?? undefined,
    flush: (timeoutMs) => find()?.flush(timeoutMs) ?? Promise.resolve(true),
    close: (timeoutMs) => find()?.close(timeoutMs) ?? Promise.resolve(true),
    Severity,
  };
}

function hintOf(given: CaptureContext | CaptureHint | undefined): CaptureHint {
  if (given && typeof given === 'object' && ('captureContext' in given || 'originalException' in given)) {
    return given;
  }
  return { captureContext: given as CaptureContext | undefined };
}

function told(
  client: RavenClient,
  context: CaptureContext | undefined,
  originalException: unknown,
): EventOptions {
  const data = new EventData();
  const processors: EventProcessor[] = [...eventProcessorsOf(client)];
  const record = (crumb: BreadcrumbOptions): void => client.captureBreadcrumb(crumb);
  try {
    if (typeof context === 'function') context(new Scope(data, record, processors));
    else if (context) data.merge({ ...context });
  } catch (failure) {
    client.complain('what goes along with an event could not be told', failure);
  }
  const processor = processorOf(processors, { originalException });
  return { ...data.options(), ...(processor && { processor }) };
}
