import { activeClients } from './active-clients';
import type { BreadcrumbOptions } from './capture-options';

/**
 * Records a breadcrumb with every enabled client whose context is active here: for libraries, which know
 * no client. Source: raven-python's `raven.breadcrumbs.record`.
 */
export function recordBreadcrumb(breadcrumb: BreadcrumbOptions): void {
  for (const client of activeClients) {
    if (client.context.active) client.captureBreadcrumb(breadcrumb);
  }
}
