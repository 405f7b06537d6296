import { Controller } from '@nestjs/common';
import { MessagePattern, Payload } from '@nestjs/microservices';
import type { NewOrder, PlacedOrder } from './order';
import { OrdersService } from './orders.service';

@Controller()
export class OrdersController {
  constructor(private readonly orders: OrdersService) {}

  @MessagePattern('orders.place')
  place(@Payload() order: NewOrder): Promise<PlacedOrder> {
    return this.orders.place(order);
  }
}
