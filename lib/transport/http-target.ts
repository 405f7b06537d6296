import type { Dsn } from '../protocol/dsn';
import { SDK } from '../protocol/sdk';
import { authHeader } from './auth-header';

/** What somebody needs to know to send by HTTP; plain data. */
export interface HttpTarget {
  url: string;
  /** `store` sends the event alone, as JSON. */
  protocol: 'envelope' | 'store';
  /** Value of `X-Sentry-Auth`; absent sends none. */
  auth?: string;
  /** What must not appear in any text about a delivery, next to the credentials of proxies. */
  secrets: readonly string[];
}

const CONTENT_TYPE = { envelope: 'application/x-sentry-envelope', store: 'application/json' };

/** The project that a DSN names. */
export function targetOf(dsn: Dsn, protocol: HttpTarget['protocol']): HttpTarget {
  return {
    url: protocol === 'store' ? dsn.storeUrl : dsn.envelopeUrl,
    protocol,
    auth: authHeader(dsn),
    secrets: [dsn.secretKey ?? '', dsn.publicKey],
  };
}

/** The headers that are the same for everything that is sent there. */
export function headersFor({
  auth,
  protocol,
}: Pick<HttpTarget, 'auth' | 'protocol'>): Record<string, string> {
  return {
    'Content-Type': CONTENT_TYPE[protocol],
    'User-Agent': `${SDK.name}/${SDK.version}`,
    'Accept-Encoding': 'identity',
    ...(auth !== undefined && { 'X-Sentry-Auth': auth }),
  };
}
