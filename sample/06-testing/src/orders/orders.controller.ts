import { Controller, HttpCode, Param, ParseIntPipe, Post } from '@nestjs/common';
import { Tag } from 'nestjs-raven';
import { OrdersService, type Payment } from './orders.service';

@Tag('area', 'orders')
@Controller('orders')
export class OrdersController {
  constructor(private readonly orders: OrdersService) {}

  @Post(':id/payment')
  @HttpCode(200)
  async pay(@Param('id', ParseIntPipe) @Tag('order.id') id: number): Promise<{ payment: Payment }> {
    // A database would have it.
    const order = { id, cents: 100 * id, address: 'Storgatan 1, Lund' };
    return { payment: await this.orders.pay(order) };
  }
}
