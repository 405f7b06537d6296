import type { ArgumentsHost } from '@nestjs/common';
import type { CaptureContext } from '../client/capture-context';
import type { EventOptions } from '../client/capture-options';
import type { RavenClient } from '../client/raven.client';
import { currentScope, runQuietly } from '../context/scope';
import { evaluateReports, type KnownCall } from '../decorators/evaluate-report';
import { failedCallsOf, type FailedCall } from '../decorators/failed-calls';
import { reportMetadataOf } from '../decorators/report-metadata';
import { isIgnored } from '../event/ignored-exceptions';
import { forget, isThenable } from '../event/thenable';
import type { Level, Mechanism } from '../protocol/event';
import type { ClassOf } from '../raven.options';
import { appOf } from './live-apps';
import { NestWork } from './nest-work';
import type { RavenApp } from './raven-app';

/** How a handler is called. */
export type HandlerKind = 'http' | 'rpc' | 'ws' | 'graphql';

/** The handler an error was raised in, as far as it is known. */
export interface RaisedAt {
  readonly kind?: HandlerKind;
  readonly type?: ClassOf<unknown>;
  readonly handler?: (...args: never[]) => unknown;
  readonly handlerName?: string;
}

/** What is known of the work in which an error was raised. */
export interface Raised {
  type: string;
  /** `auto.<category>.<integration>` */
  mechanism: string;
  host?: ArgumentsHost;
  request?: unknown;
  response?: unknown;
  /** Who asked. */
  user?: unknown;
  args?: readonly unknown[];
  statusCode?: number;
  /** Where no decorator says one; default `error`. */
  level?: Level;
  /** What the rule says: a handled error is not reported. */
  handled: boolean;
}

/**
 * Reports an error that the module saw by itself, unless it was handled, is ignored, or the app's
 * `captureFilter` or a veto says no. One that was asked for is reported though it was handled. Any other that was handled
 * costs nothing here unless there is a `captureFilter`.
 *
 * @returns the id of its event, also where it was reported before; undefined where it is not reported, or
 *   counted instead of sent
 */
export function reportError(
  app: RavenApp,
  exception: unknown,
  at: RaisedAt,
  raised: Raised,
): string | undefined {
  app.seen.add(exception);
  const work = currentScope()?.work;
  const asked = work instanceof NestWork ? work.askedOf(exception) : undefined;
  if (raised.handled && !asked && !app.asksAboutHandled) return undefined;
  const passed = failedCallsOf(exception);
  // One team's errors may go to that team's client.
  const feature = app.features.of(exception, [...passed.map(({ type }) => type), at.type]);
  const client = app.client(feature?.client);
  if (!client?.isEnabled()) return undefined;
  const reportedAs = client.context.memory.reported.eventIdOf(exception, true);
  if (reportedAs !== undefined) return reportedAs ?? undefined;
  if (raised.handled && !asked && !client.options.captureFilter) return undefined;

  const calls: KnownCall[] = [...passed];
  const handlerCall = calls.find(({ type, method }) => type === at.type && method === at.handlerName);
  if (!handlerCall && at.handlerName !== undefined) calls.push({ type: at.type, method: at.handlerName });
  const context: CaptureContext = {
    ...raised,
    class: at.type,
    handler: at.handler,
    handlerName: at.handlerName,
    args: handlerCall?.args ?? raised.args ?? [],
  };
  const byRule = (): boolean => Boolean(asked) || (!raised.handled && !isVetoed(app, exception, at));
  if (!isWanted(client, exception, context, calls, byRule)) {
    if (!raised.handled && typeof exception === 'object' && exception !== null) app.refused.add(exception);
    return undefined;
  }
  const mechanism = { type: raised.mechanism, handled: raised.handled };
  return report(client, exception, context, calls, mechanism, asked ?? {}, {
    level: raised.level,
    ...feature,
  });
}

/** Reports an error that left a call of a method with `@CaptureErrors`; of any other it only takes note. */
export function reportFailedCall(exception: unknown, call: FailedCall): void {
  // What a hook calls is not captured, or its own errors would come round again.
  if (currentScope()?.isQuiet) return;
  const { capture: asked } = reportMetadataOf(call.type, call.method);
  if (!asked) return;
  const { types = [], client: clientName, ...options } = asked;
  if (types.length > 0 && !types.some((type) => exception instanceof type)) return;
  const app = appOf(call.instance, call.type);
  const calls = failedCallsOf(exception);
  const feature = app?.features.of(exception, [...calls.map(({ type }) => type), call.type]);
  const client = app?.client(clientName ?? feature?.client);
  if (!client?.isEnabled()) return;
  const scope = currentScope()?.work;
  const work = scope instanceof NestWork ? scope : undefined;
  const context: CaptureContext = {
    type: work?.type ?? 'method',
    class: call.type,
    handler: methodOf(call),
    handlerName: String(call.method),
    args: call.args,
    request: work?.request,
    response: work?.response,
    user: work?.user,
    handled: false,
  };
  if (!isWanted(client, exception, context, calls, () => true)) return;
  report(
    client,
    exception,
    context,
    calls,
    { type: 'auto.function.nestjs', handled: true },
    options,
    feature,
  );
}

function isWanted(
  client: RavenClient,
  exception: unknown,
  context: CaptureContext,
  calls: readonly KnownCall[],
  byRule: () => boolean,
): boolean {
  const ignored = calls.flatMap(({ type, method }) => reportMetadataOf(type, method).ignored ?? []);
  if (ignored.length > 0 && isIgnored(exception, ignored)) return false;
  const { captureFilter } = client.options;
  if (captureFilter) {
    try {
      const answer: unknown = runQuietly(() => captureFilter(exception, context));
      if (typeof answer === 'boolean') return answer;
      if (isThenable(answer)) {
        forget(answer);
        throw new TypeError('its answer is a promise; expected true, false or nothing, at once');
      }
    } catch (error) {
      client.complain('captureFilter failed, the rule decides', error);
    }
  }
  return byRule();
}

/** A later door may know less of where the error was raised: what was vetoed once stays so in its work. */
function isVetoed(app: RavenApp, exception: unknown, at: RaisedAt): boolean {
  const work = currentScope()?.work;
  const known = work instanceof NestWork ? work : undefined;
  if (known?.askedOf(exception) === null) return true;
  const isNow = [...app.vetoes].some((veto) => veto(app, exception, at));
  if (isNow) known?.ask(exception, null);
  return isNow;
}

function report(
  client: RavenClient,
  exception: unknown,
  captureContext: CaptureContext,
  calls: readonly KnownCall[],
  mechanism: Mechanism,
  asked: EventOptions,
  underneath: Pick<EventOptions, 'level' | 'tags' | 'extra'> = {},
): string | undefined {
  const eventId = client.captureException(exception, {
    mechanism,
    captureContext,
    // The answer comes first: it waits for nothing but the event's id.
    isPutOff: captureContext.type === 'http',
    details: () => {
      const said = evaluateReports(calls, captureContext);
      return {
        ...said,
        ...asked,
        level: asked.level ?? said.level ?? underneath.level,
        tags: { ...underneath.tags, ...said.tags, ...asked.tags },
        extra: { ...underneath.extra, ...said.extra, ...asked.extra },
      };
    },
  });
  return eventId ?? undefined;
}

function methodOf({ instance, method }: FailedCall): CaptureContext['handler'] {
  const value = (instance as Record<PropertyKey, unknown> | undefined)?.[method];
  return typeof value === 'function' ? (value as CaptureContext['handler']) : undefined;
}
