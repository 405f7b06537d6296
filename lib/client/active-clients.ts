import type { RavenClient } from './raven.client';

/**
 * The clients that are enabled and not closed. It serves those who know no client: `recordBreadcrumb` of
 * a library, and the process's own last words. It holds nothing of any app but the reference.
 */
export const activeClients = new Set<RavenClient>();
