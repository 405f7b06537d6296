import type { INestApplication } from '@nestjs/common';
import { Test } from '@nestjs/testing';
import { RavenTesting, RavenTestingModule } from 'nestjs-raven/testing';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { AppModule } from '../src/app.module';
import { PrinterJam } from '../src/orders/receipts';
import { Bank, BankTimeout } from '../src/payment/bank';

// The whole app as it is, with its own RavenModule and all of its options. One line records in place of sending.
describe('the app', () => {
  const bank = { charge: vi.fn<Bank['charge']>() };
  let app: INestApplication;
  let raven: RavenTesting;

  // #region whole-app
  beforeAll(async () => {
    const module = await Test.createTestingModule({ imports: [AppModule, RavenTestingModule] })
      .overrideProvider(Bank)
      .useValue(bank)
      .compile();
    app = module.createNestApplication();
    await app.listen(0);
    raven = app.get(RavenTesting);
  });
  // #endregion whole-app
  beforeEach(() => {
    raven.clear();
    raven.random = () => 0;
    raven.clock.reset();
    bank.charge.mockReset();
  });
  afterAll(() => app.close());

  // #region request
  const pay = async (id: number): Promise<Response> =>
    fetch(`${await app.getUrl()}/orders/${id}/payment`, { method: 'POST' });

  it('reports what nobody handles, by the time the answer is there', async () => {
    bank.charge.mockRejectedValue(new TypeError('cents is not a number'));
    const response = await pay(3);
    expect(response.status).toBe(500);
    expect(raven).toHaveReported({
      type: TypeError,
      transaction: 'POST /orders/:id/payment',
      tags: { area: 'orders', bank: 'acme', 'order.id': 3 },
    });
    expect(response.headers.get('x-sentry-id')).toBe(raven.last().event_id);
  });
  // #endregion request

  it('sends no address to anybody', async () => {
    bank.charge.mockRejectedValue(new BankTimeout('no answer'));
    await pay(3);
    expect(raven.last().extra.order).toEqual({ id: 3, cents: 300 });
  });

  it('reports nothing where all goes well', async () => {
    expect((await pay(3)).status).toBe(200);
    expect(raven).not.toHaveReported();
  });

  // #region later
  it('reports what fails after the answer', async () => {
    expect(await (await pay(101)).json()).toEqual({ payment: 'paid' });
    await raven.waitFor({ type: PrinterJam, tags: { printer: 'office' } });
  });
  // #endregion later

  it('sends half of all events: whatever chance says is what the test says', async () => {
    bank.charge.mockRejectedValue(new BankTimeout('no answer'));
    raven.random = () => 0.5;
    await pay(3);
    expect(raven).not.toHaveReported();
    raven.random = () => 0.49;
    await pay(3);
    expect(raven).toHaveReported({ type: BankTimeout });
  });

  it('says when it was', async () => {
    raven.clock.set('2026-01-31T12:00:00Z');
    bank.charge.mockRejectedValue(new BankTimeout('no answer'));
    await pay(3);
    expect(raven.last().timestamp).toBe(Date.parse('2026-01-31T12:00:00Z') / 1000);
  });
});
