import type { RavenClient } from '../../client/raven.client';
import type { Context } from '../../context/context';
import type { EventProcessor } from './event-processor';
import { Scope } from './scope';

/** The event processors of scopes, by the context that the scope stands for. */
const processors = new WeakMap<Context, EventProcessor[]>();

/** The scope of the work in progress: what it is told holds for the client's context. */
export function scopeOf(client: RavenClient): Scope {
  const { context } = client;
  return new Scope(context, (crumb) => client.captureBreadcrumb(crumb), listOf(context));
}

/** The event processors that hold here: those of the app, and of the work in progress. */
export function eventProcessorsOf({ context, rootContext }: RavenClient): readonly EventProcessor[] {
  return [...new Set([rootContext, context])].flatMap((known) => processors.get(known) ?? []);
}

/** Runs `fn` in a scope of its own: it begins with what holds here, and what it is told ends with it. */
export function withScope<T>(client: RavenClient, fn: (scope: Scope) => T): T {
  const outer = client.context;
  return client.context.run(() => {
    if (outer !== client.rootContext) listOf(client.context).push(...(processors.get(outer) ?? []));
    return fn(scopeOf(client));
  });
}

function listOf(context: Context): EventProcessor[] {
  let list = processors.get(context);
  if (!list) processors.set(context, (list = []));
  return list;
}
