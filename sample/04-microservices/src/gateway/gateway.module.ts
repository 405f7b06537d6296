import { Module } from '@nestjs/common';
import { ClientsModule } from '@nestjs/microservices';
import { RavenModule } from 'nestjs-raven';
import { ordersTransport } from '../orders/orders.transport';
import { OrdersController } from './orders.controller';

@Module({
  imports: [
    RavenModule.forRoot({
      dsn: process.env.SENTRY_DSN ?? 'http://public@localhost:8969/1',
      release: 'gateway@3.0.0',
      tags: { service: 'gateway' },
    }),
    ClientsModule.register([{ name: 'ORDERS', ...ordersTransport() }]),
  ],
  controllers: [OrdersController],
})
export class GatewayModule {}
