// #region node-test
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { BankTimeout, startPayments } from './payments.js';

void test('a bank that does not answer is reported', async () => {
  const { app, raven } = await startPayments();
  await fetch(`${await app.getUrl()}/orders/3/payment`, { method: 'POST' });
  await raven.waitFor({ type: BankTimeout, tags: { bank: 'acme' } });
  assert.equal(raven.last().transaction, 'POST /orders/:id/payment');
  assert.equal(raven.events.length, 1);
  await app.close();
});
// #endregion node-test
