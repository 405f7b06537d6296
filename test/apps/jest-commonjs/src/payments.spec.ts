import type { INestApplication } from '@nestjs/common';
import type { RavenTesting } from 'nestjs-raven/testing';
import { BankTimeout, startPayments } from './payments.js';

let app: INestApplication;
let raven: RavenTesting;
beforeAll(async () => {
  ({ app, raven } = await startPayments());
});
afterAll(() => app.close());

test('reports a bank that does not answer', async () => {
  await fetch(`${await app.getUrl()}/orders/3/payment`, { method: 'POST' });
  expect(raven).toHaveReported({ type: BankTimeout, tags: { bank: 'acme' } });
  expect(raven).not.toHaveReported({ type: TypeError });
});
