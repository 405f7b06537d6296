import { currentScope } from '../context/scope';
import { activeSpan } from '../integrations/active-span';
import { contextOfSpan, newTrace, type PropagationContext } from '../protocol/trace';
import type { RavenClient } from './raven.client';

/**
 * The trace of the work in progress: what it continues, or one of its own. Where the app has another tracer, the
 * place of the span that is active, so that errors and spans are of one trace.
 */
export function currentTrace(client: RavenClient): PropagationContext {
  const { memory } = client.context;
  const work = currentScope()?.work;
  const own = (memory.trace ??= work?.trace(client) ?? newTrace());
  const span = activeSpan() ?? work?.span;
  return span ? contextOfSpan(own, span) : own;
}
