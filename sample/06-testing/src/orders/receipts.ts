import { setTimeout as wait } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import { OnEvent } from '@nestjs/event-emitter';
import { Tag } from 'nestjs-raven';
import type { Order } from './order';

/** No printer took the receipt. */
export class PrinterJam extends Error {
  override readonly name = 'PrinterJam';
}

/** Prints a receipt for each order that is paid, when the answer is long on its way. */
@Injectable()
export class Receipts {
  @OnEvent('order.paid')
  @Tag('printer', 'office')
  async print(order: Order): Promise<void> {
    await wait(20);
    if (order.cents > 10_000) throw new PrinterJam(`the receipt of order ${order.id} is too long`);
  }
}
