import { Module } from '@nestjs/common';
import { CustomerGuard } from '../auth/customer.guard';
import { PaymentService } from '../payment/payment.service';
import { OrdersController } from './orders.controller';
import { OrdersRepository } from './orders.repository';
import { OrdersService } from './orders.service';

@Module({
  controllers: [OrdersController],
  providers: [OrdersService, OrdersRepository, PaymentService, CustomerGuard],
})
export class OrdersModule {}
