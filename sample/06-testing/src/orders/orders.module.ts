import { Module } from '@nestjs/common';
import { Bank } from '../payment/bank';
import { OrdersController } from './orders.controller';
import { OrdersService } from './orders.service';
import { Receipts } from './receipts';

@Module({ controllers: [OrdersController], providers: [OrdersService, Receipts, Bank] })
export class OrdersModule {}
