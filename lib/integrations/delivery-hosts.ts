import type { RavenClient } from '../client/raven.client';

/**
 * Where the clients of this process deliver, until they have: requests that go there are no part of any story,
 * whoever sends them.
 */
class DeliveryHosts {
  private readonly clients = new Set<RavenClient>();

  add(client: RavenClient): void {
    this.clients.add(client);
  }

  remove(client: RavenClient): void {
    this.clients.delete(client);
  }

  /**
   * Whether a request goes there, by whatever proxy.
   *
   * @param origin - scheme and authority of who is asked
   * @param target - path and query; of a request to a proxy a whole URL, or `host:port`
   */
  has(origin: string, target: string): boolean {
    for (const { deliveryHosts } of this.clients) {
      for (const host of deliveryHosts) {
        if (hostOf(origin) === host) return true;
        if (!target.startsWith('/') && hostOf(target) === host) return true;
      }
    }
    return false;
  }
}

/** The host of a URL's beginning or of `host:port`, as `URL` writes it. */
function hostOf(text: string): string {
  const scheme = text.indexOf('://');
  if (scheme === -1) return text.toLowerCase().replace(/:443$/, '');
  const end = text.indexOf('/', scheme + 3);
  return text.slice(scheme + 3, end === -1 ? undefined : end).toLowerCase();
}

/** There is one process, so there is one of these; it holds nothing of a client that is closed. */
export const deliveryHosts = new DeliveryHosts();
