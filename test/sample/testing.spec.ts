import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { EventEmitterModule } from '@nestjs/event-emitter';
import { Test } from '@nestjs/testing';
import { expect, it } from 'vitest';
import { RavenTesting, RavenTestingModule, ravenMatchers } from 'nestjs-raven/testing';
import { OrdersService } from '../../sample/06-testing/src/orders/orders.service';
import { Bank, BankTimeout } from '../../sample/06-testing/src/payment/bank';

expect.extend(ravenMatchers);

// Its own tests are a project of vitest.config.mts.
it('the README of the testing sample shows what a failing test says', async () => {
  const bank = { charge: () => Promise.reject(new BankTimeout('no answer')) };
  const module = await Test.createTestingModule({
    imports: [RavenTestingModule.forRoot(), EventEmitterModule.forRoot()],
    providers: [OrdersService, { provide: Bank, useValue: bank }],
  }).compile();
  await module.get(OrdersService).pay({ id: 17, cents: 4200, address: 'Storgatan 1, Lund' });
  await module.close();
  const message = module
    .get(RavenTesting)
    .explain({ type: BankTimeout, level: 'warning', tags: { bank: 'other' } });
  const readme = readFileSync(join(__dirname, '../../sample/06-testing/README.md'), 'utf8');
  expect(readme).toContain(message);
});
