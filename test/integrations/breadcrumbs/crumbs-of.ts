import type { BreadcrumbValue } from 'nestjs-raven';
import type { TestClient } from '../../client/support/new-client';

/** The breadcrumbs of an event captured now. */
export function crumbsOf({ client, event }: TestClient): BreadcrumbValue[] {
  client.captureMessage('m');
  return event().breadcrumbs?.values ?? [];
}
