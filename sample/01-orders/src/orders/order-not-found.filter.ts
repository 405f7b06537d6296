import { Catch, NotFoundException, type ArgumentsHost } from '@nestjs/common';
import { BaseExceptionFilter } from '@nestjs/core';
import { OrderNotFound } from './order';

// #region filter
/** What this filter answers is handled, so it is not reported. */
@Catch(OrderNotFound)
export class OrderNotFoundFilter extends BaseExceptionFilter<OrderNotFound> {
  override catch(exception: OrderNotFound, host: ArgumentsHost): void {
    super.catch(new NotFoundException(exception.message) as never, host);
  }
}
// #endregion filter
