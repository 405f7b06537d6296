import { axiosClient } from './http-clients';
import { HttpSender } from './http-sender';
import type { HttpTransportOptions } from './http-transport.options';
import { ServerTransport } from './server.transport';

/** Delivers envelopes to a Sentry-compatible server over HTTP by axios, in the background. */
export class HttpTransport extends ServerTransport {
  constructor({ axios, ...settings }: HttpTransportOptions) {
    super(
      settings,
      (sender) => new HttpSender({ ...sender, client: axiosClient(sender, axios) }),
      axios === undefined,
    );
  }
}
