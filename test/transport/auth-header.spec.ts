import fc from 'fast-check';
import { expect, it } from 'vitest';
import { Dsn } from '../../lib/protocol/dsn';
import { authHeader } from '../../lib/transport/auth-header';

it('is one line of printable ASCII with four fields, whatever the keys are', () => {
  const key = fc.string({ unit: 'binary', minLength: 1 });
  fc.assert(
    fc.property(key, key, (publicKey, secretKey) => {
      const place = { scheme: 'http', host: 'h', path: '', projectId: '1', options: {} } as const;
      const header = authHeader(new Dsn({ ...place, publicKey, secretKey }));
      expect(header).toMatch(/^[\x20-\x7e]+$/);
      expect(header.slice('Sentry '.length).split(', ')).toHaveLength(4);
      for (const field of header.slice('Sentry '.length).split(',')) expect(field.split('=')).toHaveLength(2);
    }),
  );
});
