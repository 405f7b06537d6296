import { currentScope } from '../../context/scope';
import { recordFrom } from '../../integrations/record-from';
import type { RavenApp } from '../raven-app';

/** What an emitter says of itself. */
const INTERNAL = new Set<unknown>(['newListener', 'removeListener']);

/** A breadcrumb of an event that the app emits: its name, never what goes with it. */
export function recordEvent(app: RavenApp, event: unknown): void {
  if (INTERNAL.has(event)) return;
  recordFrom(
    'events',
    { category: 'event', level: 'info', message: nameOf(event) },
    currentScope(),
    app.allClients,
  );
}

/** EventEmitter2 takes names, symbols and lists of both. */
function nameOf(event: unknown): string {
  if (typeof event === 'string') return event;
  try {
    return Array.isArray(event) ? event.map(String).join('.') : String(event);
  } catch {
    return '<unreadable>';
  }
}
