import { EventsHandler, type IEventHandler } from '@nestjs/cqrs';
import { Tag } from 'nestjs-raven';
import { StockSold } from './stock-sold.event';

// #region handler
/** CQRS: what an event's handler fails with. */
@Tag('context', 'cqrs')
@EventsHandler(StockSold)
export class StockSoldHandler implements IEventHandler<StockSold> {
  handle({ sku }: StockSold): void {
    throw new Error(`${sku} was sold twice`);
  }
}
// #endregion handler
