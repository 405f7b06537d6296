import type { RavenEvent } from '../protocol/event';

/**
 * The event as today's servers take it. Two of raven's fields have new names there: `message` is
 * `logentry` (of an exception it is made by the server), `culprit` is `transaction`.
 */
export function wireEvent(event: RavenEvent): RavenEvent {
  const { message, culprit, stacktrace, ...wire } = event as RavenEvent & { stacktrace?: never };
  if (message !== undefined && !wire.exception) {
    const entry = wire.logentry;
    if (!entry) wire.logentry = { message };
    else if (message !== (entry.formatted ?? entry.message)) wire.logentry = { ...entry, formatted: message };
  }
  if (culprit !== undefined && wire.transaction === undefined) {
    wire.transaction = culprit;
    wire.transaction_info = { source: 'custom' };
  }
  if (stacktrace !== undefined) {
    wire.threads ??= { values: [{ id: 0, current: true, crashed: false, stacktrace }] };
  }
  return wire as RavenEvent;
}
