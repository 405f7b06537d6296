import { Module } from '@nestjs/common';
import { ClientsModule } from '@nestjs/microservices';
import { RavenModule } from 'nestjs-raven';
import { paymentsTransport } from '../payments/payments.transport';
import { OrdersController } from './orders.controller';
import { OrdersService } from './orders.service';

// #region module
@Module({
  imports: [
    RavenModule.forRoot({
      dsn: process.env.SENTRY_DSN ?? 'http://public@localhost:8969/1',
      release: 'orders@1.4.0',
      tags: { service: 'orders' },
    }),
    // The clients that this module makes send the trace along.
    ClientsModule.register([{ name: 'PAYMENTS', ...paymentsTransport() }]),
  ],
  controllers: [OrdersController],
  providers: [OrdersService],
})
export class OrdersModule {}
// #endregion module
