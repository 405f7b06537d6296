import { Injectable } from '@nestjs/common';
import { EventEmitter2 } from '@nestjs/event-emitter';
import { CaptureErrors, Extra, RavenClient, Tag } from 'nestjs-raven';
import { Bank, BankTimeout, CardDeclined } from '../payment/bank';
import type { Order } from './order';

/** What became of a payment. */
export type Payment = 'paid' | 'declined' | 'later';

@Injectable()
export class OrdersService {
  constructor(
    private readonly bank: Bank,
    private readonly events: EventEmitter2,
    private readonly raven: RavenClient,
  ) {}

  async pay(order: Order): Promise<Payment> {
    this.raven.captureBreadcrumb({ category: 'payment', message: `charge ${order.cents} cents` });
    try {
      await this.charge(order);
    } catch (error) {
      if (error instanceof CardDeclined) return 'declined';
      if (error instanceof BankTimeout) return 'later';
      throw error;
    }
    this.events.emit('order.paid', order);
    return 'paid';
  }

  /** A bank that does not answer is reported, as a warning: the payment is tried again later. */
  @CaptureErrors({ types: [BankTimeout], level: 'warning' })
  @Tag('bank', 'acme')
  private charge(@Extra('order') order: Order): Promise<void> {
    return this.bank.charge(order.cents);
  }
}
