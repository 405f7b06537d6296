import {
  BadGatewayException,
  Body,
  Controller,
  Inject,
  Post,
  UnprocessableEntityException,
} from '@nestjs/common';
import type { ClientProxy } from '@nestjs/microservices';
import { firstValueFrom } from 'rxjs';
import type { NewOrder, PlacedOrder } from '../orders/order';
import { isRefusal } from '../refusal';

@Controller('orders')
export class OrdersController {
  constructor(@Inject('ORDERS') private readonly orders: ClientProxy) {}

  // #region handler
  @Post()
  async place(@Body() order: NewOrder): Promise<PlacedOrder> {
    try {
      return await firstValueFrom(this.orders.send<PlacedOrder, NewOrder>('orders.place', order));
    } catch (cause) {
      if (isRefusal(cause)) throw new UnprocessableEntityException(cause.refusal);
      throw new BadGatewayException('the order was not placed', { cause });
    }
  }
  // #endregion handler
}
