import { breadcrumbHooks } from '../integrations/breadcrumb-hooks';
import { deliveryHosts } from '../integrations/delivery-hosts';
import { lastWords } from '../integrations/last-words';
import { processHandlers } from '../integrations/process-handlers';
import { activeClients } from './active-clients';
import type { RavenClient } from './raven.client';

/** Where clients are known in their process, from when they are made until they are closed. */
export const processPresence = {
  begin(client: RavenClient): void {
    activeClients.add(client);
    deliveryHosts.add(client);
    breadcrumbHooks.add(client);
    if (!client.options.installProcessHandlers) return;
    processHandlers.add(client);
    lastWords.add(client);
  },

  /** It is closing: nothing of the process is captured any more, what was captured is still delivered. */
  retire(client: RavenClient): void {
    activeClients.delete(client);
    breadcrumbHooks.remove(client);
    processHandlers.remove(client);
  },

  end(client: RavenClient): void {
    lastWords.remove(client);
    deliveryHosts.remove(client);
  },
};
