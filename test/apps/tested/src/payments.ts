import { Controller, Injectable, Module, Post, type INestApplication } from '@nestjs/common';
import { Test } from '@nestjs/testing';
import { RavenModule, Tag } from 'nestjs-raven';
import { RavenTesting, RavenTestingModule } from 'nestjs-raven/testing';

export class BankTimeout extends Error {}

@Injectable()
class Bank {
  @Tag('bank', 'acme')
  charge(): never {
    throw new BankTimeout('no answer');
  }
}

@Controller('orders')
class OrdersController {
  constructor(private readonly bank: Bank) {}

  @Post(':id/payment')
  pay(): void {
    this.bank.charge();
  }
}

@Module({ imports: [RavenModule.forRoot()], controllers: [OrdersController], providers: [Bank] })
class PaymentsModule {}

/** An app whose bank does not answer, and what it reports. */
export async function startPayments(): Promise<{ app: INestApplication; raven: RavenTesting }> {
  const module = await Test.createTestingModule({ imports: [PaymentsModule, RavenTestingModule] }).compile();
  const app = module.createNestApplication({ logger: false });
  await app.listen(0, '127.0.0.1');
  return { app, raven: app.get(RavenTesting) };
}
