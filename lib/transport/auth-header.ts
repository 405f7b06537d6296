import type { Dsn } from '../protocol/dsn';
import { SDK } from '../protocol/sdk';

/**
 * The value of `X-Sentry-Auth`, protocol version 7; the secret only where the DSN has one.
 *
 * What would end a value or the header is percent-encoded, so a strange key breaks nothing but itself.
 */
export function authHeader(dsn: Dsn): string {
  const fields = [
    'sentry_version=7',
    `sentry_client=${SDK.name}/${SDK.version}`,
    `sentry_key=${encoded(dsn.publicKey)}`,
  ];
  if (dsn.secretKey) fields.push(`sentry_secret=${encoded(dsn.secretKey)}`);
  return `Sentry ${fields.join(', ')}`;
}

function encoded(text: string): string {
  // The way through a buffer replaces half surrogate pairs, which cannot be encoded.
  return text.replace(/[^\x21-\x7e]+|[,=]/g, (found) => encodeURIComponent(Buffer.from(found).toString()));
}
