import { EventEmitterModule } from '@nestjs/event-emitter';
import { Test, type TestingModule } from '@nestjs/testing';
import { RavenTesting, RavenTestingModule } from 'nestjs-raven/testing';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { OrdersService } from '../src/orders/orders.service';
import { Bank, BankTimeout, CardDeclined } from '../src/payment/bank';

const ORDER = { id: 17, cents: 4200, address: 'Storgatan 1, Lund' };

// One service, without the app's modules: RavenTestingModule.forRoot stands where the app has RavenModule.forRoot.
describe('OrdersService', () => {
  const bank = { charge: vi.fn<Bank['charge']>() };
  let module: TestingModule;
  let orders: OrdersService;
  let raven: RavenTesting;

  // #region one-service
  beforeEach(async () => {
    module = await Test.createTestingModule({
      imports: [RavenTestingModule.forRoot(), EventEmitterModule.forRoot()],
      providers: [OrdersService, { provide: Bank, useValue: bank }],
    }).compile();
    orders = module.get(OrdersService);
    raven = module.get(RavenTesting);
  });
  afterEach(() => module.close());

  it('reports a bank that does not answer, and pays later', async () => {
    bank.charge.mockRejectedValue(new BankTimeout('no answer'));
    expect(await orders.pay(ORDER)).toBe('later');
    expect(raven).toHaveReported({ type: BankTimeout, level: 'warning', tags: { bank: 'acme' } });
  });
  // #endregion one-service

  it('tells what was done before', async () => {
    bank.charge.mockRejectedValue(new BankTimeout('no answer'));
    await orders.pay(ORDER);
    expect(raven.last().breadcrumbs?.values.map(({ message }) => message)).toEqual(['charge 4200 cents']);
  });

  it('does not report a declined card', async () => {
    bank.charge.mockRejectedValue(new CardDeclined('declined'));
    expect(await orders.pay(ORDER)).toBe('declined');
    expect(raven).not.toHaveReported();
  });
});
