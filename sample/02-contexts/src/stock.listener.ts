import { Injectable } from '@nestjs/common';
import { OnEvent } from '@nestjs/event-emitter';
import { Tag } from 'nestjs-raven';

// #region listener
/** A listener of events inside the app. */
@Injectable()
export class StockListener {
  @OnEvent('stock.low')
  @Tag('context', 'event')
  async orderMore({ sku }: { sku: string }): Promise<void> {
    await Promise.resolve();
    throw new Error(`nobody sells ${sku}`);
  }
}
// #endregion listener
