import { axiosClient } from './http-clients';
import type { HttpTransportOptions } from './http-transport.options';
import { ServerTransport } from './server.transport';

/** Delivers envelopes to a Sentry-compatible server over HTTP by axios, in the background. */
export class HttpTransport extends ServerTransport {
  constructor({ axios, ...settings }: HttpTransportOptions) {
    super(settings, (target) => axiosClient(target, axios), axios === undefined);
  }
}
