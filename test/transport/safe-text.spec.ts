import fc from 'fast-check';
import { expect, it } from 'vitest';
import { safeText } from '../../lib/transport/safe-text';

it('takes out secrets and the credentials of URLs', () => {
  expect(safeText('key abcd1234 at https://u:p@host/x', ['abcd1234'])).toBe('key *** at https://***@host/x');
});

it('takes out what follows Basic and Bearer', () => {
  expect(safeText('you sent {"authorization":"Basic dTpw","x":"bearer  abc.def"} to me', [])).toBe(
    'you sent {"authorization":"Basic ***","x":"bearer ***"} to me',
  );
});

it('is short, on one line and without the secret, whatever it is made from', () => {
  fc.assert(
    fc.property(fc.string(), fc.string({ unit: 'binary' }), (before, after) => {
      const text = safeText(`${before}s3cr3t-key${after}\n\u001b[31m`, ['s3cr3t-key']);
      expect(text).not.toContain('s3cr3t-key');
      expect(text).not.toMatch(/[\p{Cc}\u2028]/u);
      expect(text.length).toBeLessThanOrEqual(300);
    }),
  );
});

it('is empty for what is no text', () => {
  expect([undefined, null, 1, {}].map((value) => safeText(value, []))).toEqual(['', '', '', '']);
});
