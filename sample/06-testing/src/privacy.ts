import type { RavenEvent } from 'nestjs-raven';

/** Where somebody lives is nobody's business who mends an error. */
export function withoutAddress(event: RavenEvent): RavenEvent {
  const { order, ...extra } = event.extra as { order?: { address?: string } };
  if (!order) return event;
  const { address: _, ...rest } = order;
  return { ...event, extra: { ...extra, order: rest } };
}
