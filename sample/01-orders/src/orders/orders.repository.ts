import { Injectable } from '@nestjs/common';
import { Extra, Tag } from 'nestjs-raven';
import { OrderNotFound, type Order } from './order';

/** The database did not answer. */
export class DatabaseError extends Error {
  override readonly name = 'DatabaseError';
}

const ORDERS = new Map<number, Order>([
  [
    1,
    { id: 1, customer: 'ada', lines: [{ sku: 'A-17', quantity: 2, cents: 1250 }], address: { city: 'Lund' } },
  ],
  // Made before orders had an address.
  [2, { id: 2, customer: 'grace', lines: [{ sku: 'B-3', quantity: 1, cents: 9900 }] }],
  [3, { id: 3, customer: 'linus', lines: [], address: { city: 'Espoo' } }],
]);

/** Stands for a database; the table `archive` is on a machine that is down. */
@Tag('layer', 'database')
@Injectable()
export class OrdersRepository {
  async find(id: number): Promise<Order> {
    await Promise.resolve();
    const order = ORDERS.get(id);
    if (!order) throw new OrderNotFound(id);
    return order;
  }

  // #region decorators
  @Tag('db.table', 'archive')
  async findArchived(@Extra('order') id: number): Promise<Order> {
    try {
      return await this.connect();
    } catch (cause) {
      throw new DatabaseError(`cannot read order ${id}`, { cause });
    }
  }
  // #endregion decorators

  private async connect(): Promise<never> {
    await Promise.resolve();
    throw Object.assign(new Error('connect ECONNREFUSED postgres://shop:s3cret@archive:5432/orders'), {
      code: 'ECONNREFUSED',
    });
  }
}
