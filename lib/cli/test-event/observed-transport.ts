import type { ClassOf } from '../../raven.options';
import { axiosClient } from '../../transport/http-clients';
import { HttpSender } from '../../transport/http-sender';
import type { HttpTransportOptions } from '../../transport/http-transport.options';
import { ServerTransport } from '../../transport/server.transport';
import type { Transport } from '../../transport/transport';
import { ObservedHttpClient, type Observation } from './observed-http-client';

/**
 * The class of the transport that apps have by default, with somebody who sees how each request ends.
 *
 * @param timeoutMs - for an attempt
 */
export function observedTransport(
  timeoutMs: number,
  seen: (observation: Observation) => void,
): ClassOf<Transport> {
  return class ObservedTransport extends ServerTransport {
    constructor({ axios, ...settings }: HttpTransportOptions) {
      super(
        { ...settings, timeoutMs },
        (sender) =>
          new HttpSender({ ...sender, client: new ObservedHttpClient(axiosClient(sender, axios), seen) }),
        false,
      );
    }
  };
}
