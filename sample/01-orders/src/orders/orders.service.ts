import { Injectable } from '@nestjs/common';
import { RavenClient } from 'nestjs-raven';
import { PaymentService } from '../payment/payment.service';
import type { Order } from './order';
import { OrdersRepository } from './orders.repository';

@Injectable()
export class OrdersService {
  constructor(
    private readonly orders: OrdersRepository,
    private readonly payment: PaymentService,
    private readonly raven: RavenClient,
  ) {}

  find(id: number): Promise<Order> {
    return this.orders.find(id);
  }

  async archived(id: number): Promise<Order> {
    this.raven.captureBreadcrumb({ category: 'orders', message: `look for order ${id} in the archive` });
    return this.orders.findArchived(id);
  }

  // #region breadcrumb
  /** Where to send it. Fails for orders made before they had an address. */
  async label(id: number): Promise<string> {
    const order = await this.orders.find(id);
    this.raven.captureBreadcrumb({
      category: 'orders',
      message: 'print a label',
      data: { lines: order.lines },
    });
    return `${order.customer}, ${(order.address as { city: string }).city}`;
  }
  // #endregion breadcrumb

  async pay(id: number, card: string): Promise<{ paid: number }> {
    const order = await this.orders.find(id);
    const cents = order.lines.reduce((sum, line) => sum + line.quantity * line.cents, 0);
    this.raven.captureBreadcrumb({ category: 'payment', message: `charge ${cents} cents`, level: 'info' });
    return this.payment.charge(cents, card);
  }
}
