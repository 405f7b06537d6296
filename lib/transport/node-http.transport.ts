import type { Agent as HttpAgent } from 'node:http';
import type { Agent as HttpsAgent } from 'node:https';
import { nodeHttpClient } from './http-clients';
import { HttpSender } from './http-sender';
import { ServerTransport, type ServerTransportOptions } from './server.transport';

/** Everything that {@link NodeHttpTransport} can be told; only `dsn` and `logger` must be. */
export interface NodeHttpTransportOptions extends ServerTransportOptions {
  /** What makes the connections, for a CA or a certificate of your own; of `node:https` for an https DSN. Default one that keeps them alive. */
  agent?: HttpAgent | HttpsAgent;
}

/**
 * Delivers as {@link HttpTransport} does, by Node's own HTTP client, for less CPU time and memory: axios is not
 * loaded. `RavenModule` makes one of `transport: NodeHttpTransport`; an `agent` is given by a class of your own:
 *
 * ```ts
 * class TrustingTransport extends NodeHttpTransport {
 *   constructor(options: NodeHttpTransportOptions) {
 *     super({ ...options, agent: new Agent({ ca, keepAlive: true }) });
 *   }
 * }
 * ```
 *
 * Where the environment names a proxy when it is made (`HTTP_PROXY`, `HTTPS_PROXY`, `ALL_PROXY`), it sends by axios,
 * which knows what to make of it and of `NO_PROXY`.
 */
export class NodeHttpTransport extends ServerTransport {
  constructor({ agent, ...settings }: NodeHttpTransportOptions) {
    super(
      settings,
      (sender) => new HttpSender({ ...sender, client: nodeHttpClient(sender, agent) }),
      agent === undefined,
    );
  }
}
