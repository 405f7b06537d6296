import {
  Body,
  Controller,
  Get,
  HttpCode,
  HttpException,
  Param,
  Post,
  UseFilters,
  UseGuards,
} from '@nestjs/common';
import { from, map, type Observable } from 'rxjs';
import { Extra, Fingerprint, Tag } from 'nestjs-raven';
import { CustomerGuard } from '../auth/customer.guard';
import { CardDeclined } from '../payment/payment.service';
import type { Order } from './order';
import { OrderIdPipe } from './order-id.pipe';
import { OrderNotFoundFilter } from './order-not-found.filter';
import { OrdersService } from './orders.service';

// #region controller
@Tag('area', 'orders')
@UseGuards(CustomerGuard)
@UseFilters(OrderNotFoundFilter)
@Controller('orders')
export class OrdersController {
  constructor(private readonly orders: OrdersService) {}

  @Get(':id')
  find(@Param('id', OrderIdPipe) id: number): Promise<Order> {
    return this.orders.find(id);
  }

  // #region handler
  @Get(':id/archived')
  @Fingerprint('archive-down')
  archived(@Param('id', OrderIdPipe) @Tag('order.id') id: number): Promise<Order> {
    return this.orders.archived(id);
  }
  // #endregion handler

  @Get(':id/label')
  label(@Param('id', OrderIdPipe) @Tag('order.id') id: number): Promise<string> {
    return this.orders.label(id);
  }

  // #region parameters
  @Post(':id/payment')
  @HttpCode(200)
  async pay(
    @Param('id', OrderIdPipe) @Tag('order.id') id: number,
    @Body() @Extra('payment') payment: { card: string; password?: string },
  ): Promise<{ paid: number }> {
    try {
      return await this.orders.pay(id, payment.card);
    } catch (error) {
      if (error instanceof CardDeclined) throw new HttpException(error.message, 402, { cause: error });
      throw error;
    }
  }
  // #endregion parameters

  // #region observable
  @Get(':id/total')
  total(@Param('id', OrderIdPipe) @Tag('order.id') id: number): Observable<{ cents: number }> {
    return from(this.orders.find(id)).pipe(
      map((order) => {
        // An order without lines has no first one.
        return { cents: order.lines[0].cents };
      }),
    );
  }
  // #endregion observable
}
// #endregion controller
